package dev.mfe.quarkus;

import dev.mfe.flags.FlagValues;
import dev.mfe.gateway.VisitorCookie;
import dev.mfe.quarkus.runtime.Microfrontends;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ManagedContext;
import io.quarkus.runtime.BlockingOperationControl;
import io.quarkus.runtime.BlockingOperationNotAllowedException;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;

/**
 * The flags of the current request, for resources, servlets, services and templates: the same values that decided its
 * route.
 *
 * <pre>{@code
 * @Inject
 * FeatureFlags flags;
 * }</pre>
 *
 * and in a template of Qute {@code {#if inject:featureFlags.isEnabled('new-docs')}}.
 *
 * <p>A visitor that a percentage meets for the first time is given a cookie, so ask before the head of the response is
 * sent.
 *
 * <p>Safe for use by any number of threads.
 *
 * @since 0.1
 */
@Singleton
@Named("featureFlags")
public class FeatureFlags {

    private final Microfrontends microfrontends;
    private final CurrentVertxRequest current;

    /** For CDI. */
    FeatureFlags(Microfrontends microfrontends, CurrentVertxRequest current) {
        this.microfrontends = microfrontends;
        this.current = current;
    }

    /**
     * Whether a flag is on for the current request. Evaluated when first asked for, and at most once a request; waits
     * for that at most {@code quarkus.mfe.flags.timeout}.
     *
     * @param flag its name; one that nobody answers is off
     * @throws IllegalStateException if there is no current request
     * @throws BlockingOperationNotAllowedException on an event loop, if it takes a wait; see {@link #evaluate}
     */
    public boolean isEnabled(String flag) {
        RoutingContext routing = routing();
        FlagValues values = microfrontends.flagValues(routing);
        boolean knownBefore = values.setCookie().isPresent();
        CompletableFuture<Boolean> value = values.evaluate(flag).toCompletableFuture();
        if (!value.isDone() && !BlockingOperationControl.isBlockingAllowed()) {
            throw new BlockingOperationNotAllowedException(
                    "Flag \"" + flag + "\" takes a wait, which this thread must not do; use FeatureFlags.evaluate(\""
                            + flag + "\"), or @Blocking for what asks");
        }
        boolean enabled = values.isEnabled(flag);
        writeCookie(routing, values, knownBefore);
        return enabled;
    }

    /**
     * The same without waiting.
     *
     * @param flag its name; one that nobody answers is off
     * @return never fails
     * @throws IllegalStateException if there is no current request
     */
    public Uni<Boolean> evaluate(String flag) {
        RoutingContext routing = routing();
        FlagValues values = microfrontends.flagValues(routing);
        boolean knownBefore = values.setCookie().isPresent();
        return Uni.createFrom()
                .completionStage(() -> values.evaluate(flag))
                .invoke(() -> writeCookie(routing, values, knownBefore));
    }

    private static void writeCookie(RoutingContext routing, FlagValues values, boolean knownBefore) {
        HttpServerResponse response = routing.response();
        if (!knownBefore && !response.headWritten()) {
            VisitorCookie.write(values, response.headers()::add, response.headers()::set);
        }
    }

    private RoutingContext routing() {
        ManagedContext context = Arc.container().requestContext();
        RoutingContext routing = context.isActive() ? current.getCurrent() : null;
        if (routing == null) {
            throw new IllegalStateException("There is no current request to evaluate flags for");
        }
        return routing;
    }
}
