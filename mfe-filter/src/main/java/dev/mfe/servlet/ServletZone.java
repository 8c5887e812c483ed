package dev.mfe.servlet;

import dev.mfe.gateway.ProxiedZone;
import dev.mfe.gateway.ZoneSettings;
import dev.mfe.gateway.ZoneTarget;
import dev.mfe.proxy.OriginOptions;
import dev.mfe.proxy.OriginPool;
import dev.mfe.proxy.Transport;
import dev.mfe.proxy.ZoneCounters;
import dev.mfe.proxy.ZoneStatistics;

/** A zone at one origin, ready to be sent requests. */
final class ServletZone implements ProxiedZone {

    private static final long ANSWERED_LONG_AGO = 3_600_000_000_000L;

    private final ZoneTarget target;
    private final OriginPool pool;
    private final ZoneCounters counters;

    /** In the time of {@link System#nanoTime()}. */
    private volatile long answeredAt;

    ServletZone(ZoneTarget target, Transport transport, ZoneCounters counters) {
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

    @Override
    public ZoneTarget target() {
        return target;
    }

    OriginPool pool() {
        return pool;
    }

    @Override
    public ZoneCounters counters() {
        return counters;
    }

    @Override
    public ZoneStatistics statistics() {
        return counters.snapshot(target.name(), pool);
    }

    @Override
    public void retire() {
        // Connections that nobody uses are closed after a while.
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
