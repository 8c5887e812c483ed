package dev.mfe.spring;

import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.servlet.MicrofrontendsFilter;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of each zone, as its requests show it; nothing is sent to find out. A zone that fails is {@code DEGRADED},
 * which Spring Boot neither adds up nor turns into 503: no broken zone may take the app out of service, or have it
 * restarted.
 */
final class ZoneHealth implements CompositeHealthContributor {

    static final Status DEGRADED = new Status("DEGRADED", "The last request to this zone failed");

    private final MicrofrontendsFilter filter;

    ZoneHealth(MicrofrontendsFilter filter) {
        this.filter = filter;
    }

    @Override
    public @Nullable HealthContributor getContributor(String name) {
        return stream()
                .filter(entry -> entry.name().equals(name))
                .map(Entry::contributor)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Stream<Entry> stream() {
        return filter.statistics().stream().map(zone -> new Entry(zone.zone(), (HealthIndicator) () -> health(zone)));
    }

    private static Health health(ZoneStatistics zone) {
        ZoneStatistics.LastFailure failed = zone.lastFailure();
        Instant answered = zone.lastAnswer();
        Health.Builder health = new Health.Builder().withDetail("origin", zone.origin());
        if (answered != null) {
            health.withDetail("lastAnswer", answered);
        }
        if (failed != null) {
            health.withDetail("lastFailure", failed.failure()).withDetail("lastFailureAt", failed.at());
        }
        return switch (zone.state()) {
            case UNKNOWN -> health.unknown().build();
            case UP -> health.up().build();
            case DEGRADED -> health.status(DEGRADED).build();
        };
    }
}
