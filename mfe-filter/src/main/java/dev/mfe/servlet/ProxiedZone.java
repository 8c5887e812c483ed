package dev.mfe.servlet;

import dev.mfe.gateway.ZoneSettings;
import dev.mfe.gateway.ZoneTarget;
import dev.mfe.proxy.OriginOptions;
import dev.mfe.proxy.OriginPool;
import dev.mfe.proxy.Transport;
import dev.mfe.proxy.ZoneCounters;
import dev.mfe.proxy.ZoneStatistics;

/** A zone at one origin, ready to be sent requests. */
final class ProxiedZone {

    private static final long ANSWERED_LONG_AGO = 3_600_000_000_000L;

    private final ZoneTarget target;
    private final OriginPool pool;
    private final ZoneCounters counters;

    /** In the time of {@link System#nanoTime()}. */
    private volatile long answeredAt;

    ProxiedZone(ZoneTarget target, Transport transport, ZoneCounters counters) {
        this.target = target;
        ZoneSettings settings = target.settings();
        OriginOptions options = OriginOptions.defaults()
                .withTimeouts(settings.connectTimeout(), settings.responseTimeout(), settings.idleTimeout())
                .withPool(settings.maxInFlight(), OriginOptions.defaults().maxIdle())
                .withSslContext(settings.sslContext());
        this.pool = transport.pool(target.origin(), options);
        this.counters = counters;
        this.answeredAt = System.nanoTime() - ANSWERED_LONG_AGO;
    }

    String name() {
        return target.name();
    }

    ZoneTarget target() {
        return target;
    }

    ZoneSettings settings() {
        return target.settings();
    }

    OriginPool pool() {
        return pool;
    }

    /** Whether this serves a zone just as one with these properties would. */
    boolean isAt(ZoneTarget other) {
        return target.origin().equals(other.origin()) && target.settings().equals(other.settings());
    }

    ZoneCounters counters() {
        return counters;
    }

    ZoneStatistics statistics() {
        return counters.snapshot(target.name(), pool);
    }

    /** Notes that the zone has just begun an answer for which a thread has waited. */
    void answered() {
        long now = System.nanoTime();
        answeredAt = now;
        counters.answered(now);
    }

    long answeredAt() {
        return answeredAt;
    }
}
