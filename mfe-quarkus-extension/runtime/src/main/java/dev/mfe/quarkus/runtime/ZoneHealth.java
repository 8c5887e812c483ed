package dev.mfe.quarkus.runtime;

import dev.mfe.proxy.ZoneStatistics;
import java.time.Instant;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * The health of one zone, as its requests show it; nothing is sent to find out. It never says down: no broken zone may
 * take the app out of service, or have it restarted. What is wrong stands in {@code state}.
 */
public final class ZoneHealth implements HealthCheck {

    private final Microfrontends microfrontends;
    private final String zone;

    ZoneHealth(Microfrontends microfrontends, String zone) {
        this.microfrontends = microfrontends;
        this.zone = zone;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("Microfrontends zone " + zone).up();
        microfrontends.statistics().stream()
                .filter(statistics -> statistics.zone().equals(zone))
                .findFirst()
                .ifPresentOrElse(
                        statistics -> describe(statistics, response), () -> response.withData("state", "local"));
        return response.build();
    }

    private static void describe(ZoneStatistics zone, HealthCheckResponseBuilder response) {
        ZoneStatistics.LastFailure failed = zone.lastFailure();
        Instant answered = zone.lastAnswer();
        response.withData("origin", zone.origin());
        if (answered != null) {
            response.withData("lastAnswer", answered.toString());
        }
        if (failed != null) {
            response.withData("lastFailure", failed.failure().name());
            response.withData("lastFailureAt", failed.at().toString());
        }
        response.withData("state", zone.state().name().toLowerCase(Locale.ROOT));
    }
}
