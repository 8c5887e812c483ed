package dev.mfe.quarkus.runtime;

import dev.mfe.proxy.OriginPool;
import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ZoneStatistics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.function.ToIntFunction;

/**
 * The timer {@code mfe.proxy} with the tags {@code zone}, {@code expression}, {@code reason} and {@code outcome}, of
 * which there are few; and the connections to each zone, {@code mfe.zone.connections} with the tags {@code zone} and
 * {@code state}.
 */
@Singleton
public class ZoneMeters implements ProxyObserver<RoutingContext> {

    private final MeterRegistry registry;

    ZoneMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Once zones are known. */
    void start(@Observes @Priority(Microfrontends.LATE + 1) StartupEvent event, Instance<Microfrontends> running) {
        Microfrontends microfrontends = running.get();
        for (ZoneStatistics zone : microfrontends.statistics()) {
            gauge(microfrontends, zone.zone(), "active", OriginPool.Stats::active);
            gauge(microfrontends, zone.zone(), "idle", OriginPool.Stats::idle);
        }
    }

    private void gauge(
            Microfrontends microfrontends, String zone, String state, ToIntFunction<OriginPool.Stats> number) {
        Gauge.builder(
                        "mfe.zone.connections",
                        microfrontends,
                        zones -> zones.statistics().stream()
                                .filter(one -> one.zone().equals(zone))
                                .mapToInt(one -> number.applyAsInt(one.connections()))
                                .sum())
                .description("Connections to a zone; an active one carries a request")
                .tag("zone", zone)
                .tag("state", state)
                .register(registry);
    }

    @Override
    public Observation begin(RoutingContext request, ProxiedRequest about) {
        PathTemplate.set(about);
        return outcome -> Timer.builder("mfe.proxy")
                .description("Requests that were proxied to a zone")
                .tag("zone", about.zone())
                .tag("expression", about.expression())
                .tag("reason", about.reason())
                .tag("outcome", outcome.label())
                .register(registry)
                .record(outcome.duration());
    }
}
