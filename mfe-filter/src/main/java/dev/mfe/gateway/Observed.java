package dev.mfe.gateway;

import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ProxyObserver.Observation;
import dev.mfe.proxy.ProxyOutcome;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One request that somebody observes. What an observer throws ends here.
 *
 * @since 0.1
 */
public final class Observed {

    private static final Logger LOG = System.getLogger(Observed.class.getName());

    private final Observation observation;
    private final long startedAt;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Observed(Observation observation, long startedAt) {
        this.observation = observation;
        this.startedAt = startedAt;
    }

    /** Begins; null when nobody wants to know about this request. */
    public static <R> @Nullable Observed begin(
            @Nullable ProxyObserver<? super R> observer, R request, ZoneTarget zone, ProxyTo decision) {
        if (observer == null) {
            return null;
        }
        ProxiedRequest about = new ProxiedRequest(
                zone.name(),
                zone.origin().toString(),
                decision.expression().text(),
                decision.reason().label());
        return begin(observer, request, about);
    }

    /** Begins; null when the observer does not want to know about this request. */
    static <R> @Nullable Observed begin(ProxyObserver<? super R> observer, R request, ProxiedRequest about) {
        long now = System.nanoTime();
        try {
            Observation observation = observer.begin(request, about);
            return observation == null ? null : new Observed(observation, now);
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.WARNING, "An observer of proxied requests failed", e);
            return null;
        }
    }

    /** Fields for the request to the zone, by name. */
    public Map<String, String> requestFields() {
        try {
            Map<String, String> fields = observation.requestFields();
            // Not every observer is checked for nulls.
            return fields == null ? Map.of() : fields;
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.WARNING, "An observer of proxied requests failed", e);
            return Map.of();
        }
    }

    /** Only the first call counts. */
    public void end(int status, @Nullable ProxyFailure failure, boolean servedLocally) {
        end(new ProxyOutcome(status, failure, servedLocally, Duration.ofNanos(System.nanoTime() - startedAt)));
    }

    /** Only the first call counts. */
    void end(ProxyOutcome outcome) {
        if (ended.compareAndSet(false, true)) {
            try {
                observation.ended(outcome);
            } catch (RuntimeException | LinkageError e) {
                LOG.log(Level.WARNING, "An observer of proxied requests failed", e);
            }
        }
    }
}
