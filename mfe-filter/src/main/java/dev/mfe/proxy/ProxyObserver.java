package dev.mfe.proxy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Is told about every request that is proxied: the place to begin a span, to count, and to hand {@code traceparent} on.
 *
 * <p>Called on threads that serve requests, so nothing here may wait. What it throws is logged, and changes nothing for the
 * request.
 *
 * @param <R> the framework's own request, for example {@code HttpServletRequest}
 * @since 0.1
 */
@FunctionalInterface
public interface ProxyObserver<R> {

    /**
     * A request is about to be proxied; runs on the thread that was given the request.
     *
     * @param request the request as the filters in front left it; not to be kept, nor its body or parameters read
     * @param about where it goes and why
     * @return what wants to know how it goes on; null when nobody does
     */
    @Nullable
    Observation begin(R request, ProxiedRequest about);

    /**
     * One request, observed.
     *
     * @since 0.1
     */
    @FunctionalInterface
    interface Observation {

        /**
         * Fields for the request to the zone; each takes the place of all fields with its name that the client sent. Fields
         * that end at each hop, frame the message or say where it came from are left out. Asked at most once, on the thread
         * of {@link ProxyObserver#begin}.
         *
         * @return values by name
         */
        default Map<String, String> requestFields() {
            return Map.of();
        }

        /**
         * The request is over: its response was passed on to the end, it failed, or its connection became a tunnel. Called
         * once for each {@link ProxyObserver#begin}, on any thread.
         *
         * @param outcome how it went
         */
        void ended(ProxyOutcome outcome);
    }
}
