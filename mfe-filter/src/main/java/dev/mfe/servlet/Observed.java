package dev.mfe.servlet;

import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ProxyObserver.Observation;
import dev.mfe.proxy.ProxyOutcome;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One request that somebody observes. What an observer throws ends here. */
final class Observed {

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());

    private final Observation observation;
    private final long startedAt;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Observed(Observation observation, long startedAt) {
        this.observation = observation;
        this.startedAt = startedAt;
    }

    /** Begins; null when nobody wants to know about this request. */
    static @Nullable Observed begin(
            ProxyObserver<? super HttpServletRequest> observer, HttpServletRequest request, ProxiedRequest about) {
        long now = System.nanoTime();
        try {
            Observation observation = observer.begin(request, about);
            return observation == null ? null : new Observed(observation, now);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "An observer of proxied requests failed", e);
            return null;
        }
    }

    Map<String, String> requestFields() {
        try {
            Map<String, String> fields = observation.requestFields();
            // Not every observer is checked for nulls.
            return fields == null ? Map.of() : fields;
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "An observer of proxied requests failed", e);
            return Map.of();
        }
    }

    /** Only the first call counts. */
    void end(int status, @Nullable ProxyFailure failure, boolean servedLocally) {
        if (ended.compareAndSet(false, true)) {
            Duration duration = Duration.ofNanos(System.nanoTime() - startedAt);
            try {
                observation.ended(new ProxyOutcome(status, failure, servedLocally, duration));
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "An observer of proxied requests failed", e);
            }
        }
    }
}
