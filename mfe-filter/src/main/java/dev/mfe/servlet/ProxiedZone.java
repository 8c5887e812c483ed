package dev.mfe.servlet;

import dev.mfe.config.Origin;
import dev.mfe.proxy.OriginOptions;
import dev.mfe.proxy.OriginPool;
import dev.mfe.proxy.RedirectFields;
import dev.mfe.proxy.Transport;
import dev.mfe.proxy.ZoneCounters;
import dev.mfe.proxy.ZoneStatistics;

/** A zone at one origin, ready to be sent requests. */
final class ProxiedZone {

    private static final long ANSWERED_LONG_AGO = 3_600_000_000_000L;

    private final String name;
    private final ZoneSettings settings;
    private final OriginPool pool;
    private final RedirectFields redirects;
    private final String authority;
    private final ZoneCounters counters;

    /** In the time of {@link System#nanoTime()}. */
    private volatile long answeredAt;

    ProxiedZone(String name, Origin origin, ZoneSettings settings, Transport transport, ZoneCounters counters) {
        this.name = name;
        this.settings = settings;
        OriginOptions options = OriginOptions.defaults()
                .withTimeouts(settings.connectTimeout(), settings.responseTimeout(), settings.idleTimeout())
                .withPool(settings.maxInFlight(), OriginOptions.defaults().maxIdle())
                .withSslContext(settings.sslContext());
        this.pool = transport.pool(origin, options);
        this.redirects = new RedirectFields(origin);
        this.authority = origin.authority();
        this.counters = counters;
        this.answeredAt = System.nanoTime() - ANSWERED_LONG_AGO;
    }

    String name() {
        return name;
    }

    ZoneSettings settings() {
        return settings;
    }

    OriginPool pool() {
        return pool;
    }

    RedirectFields redirects() {
        return redirects;
    }

    /** What a zone is sent as Host unless the client's is preserved. */
    String authority() {
        return authority;
    }

    /** Whether this serves a zone just as one with these properties would. */
    boolean isAt(Origin origin, ZoneSettings other) {
        return pool.origin().equals(origin) && settings.equals(other);
    }

    ZoneCounters counters() {
        return counters;
    }

    ZoneStatistics statistics() {
        return counters.snapshot(name, pool);
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
