package dev.mfe.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.proxy.ZoneStatistics.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What metrics and health say of a zone. */
class ZoneStatisticsTest {

    private static final Instant EARLIER = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = EARLIER.plusMillis(1);

    @Test
    void aZoneIsAsItsLastRequestShowedIt() {
        assertThat(state(null, null)).isEqualTo(State.UNKNOWN);
        assertThat(state(EARLIER, null)).isEqualTo(State.UP);
        assertThat(state(null, EARLIER)).isEqualTo(State.DEGRADED);
        assertThat(state(EARLIER, LATER)).isEqualTo(State.DEGRADED);
        assertThat(state(LATER, EARLIER)).isEqualTo(State.UP);
        assertThat(state(EARLIER, EARLIER)).isEqualTo(State.DEGRADED);
    }

    @Test
    void anOutcomeIsLabelledByItsFailureOrItsKindOfStatus() {
        assertThat(label(200, null)).isEqualTo("success");
        assertThat(label(101, null)).isEqualTo("tunnel");
        assertThat(label(304, null)).isEqualTo("redirection");
        assertThat(label(404, null)).isEqualTo("client-error");
        assertThat(label(503, null)).isEqualTo("server-error");
        assertThat(label(0, null)).isEqualTo("unknown");
        assertThat(label(502, ProxyFailure.BAD_RESPONSE)).isEqualTo("bad-response");
    }

    private static State state(@Nullable Instant answered, @Nullable Instant failed) {
        return new ZoneStatistics(
                        "docs",
                        "http://localhost:1",
                        1,
                        new OriginPool.Stats(0, 0, 0, 0, 0, 0),
                        0,
                        Map.of(),
                        answered,
                        failed == null ? null : new ZoneStatistics.LastFailure(ProxyFailure.TIMEOUT, failed))
                .state();
    }

    private static String label(int status, @Nullable ProxyFailure failure) {
        return new ProxyOutcome(status, failure, false, Duration.ZERO).label();
    }
}
