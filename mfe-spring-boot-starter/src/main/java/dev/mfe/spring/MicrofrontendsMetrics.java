package dev.mfe.spring;

import dev.mfe.proxy.OriginPool;
import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.servlet.MicrofrontendsFilter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToIntFunction;

/** The connections to each zone: {@code mfe.zone.connections} with the tags {@code zone} and {@code state}. */
final class MicrofrontendsMetrics implements MeterBinder {

    private final MicrofrontendsFilter filter;

    MicrofrontendsMetrics(MicrofrontendsFilter filter) {
        this.filter = filter;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (ZoneStatistics zone : filter.statistics()) {
            gauge(registry, zone.zone(), "active", OriginPool.Stats::active);
            gauge(registry, zone.zone(), "idle", OriginPool.Stats::idle);
        }
    }

    private void gauge(MeterRegistry registry, String zone, String state, ToIntFunction<OriginPool.Stats> number) {
        Gauge.builder(
                        "mfe.zone.connections",
                        filter,
                        zones -> zones.statistics().stream()
                                .filter(one -> one.zone().equals(zone))
                                .mapToInt(one -> number.applyAsInt(one.connections()))
                                .sum())
                .description("Connections to a zone; an active one carries a request")
                .tag("zone", zone)
                .tag("state", state)
                .register(registry);
    }
}
