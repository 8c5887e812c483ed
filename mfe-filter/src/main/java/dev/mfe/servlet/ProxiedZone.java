package dev.mfe.servlet;

import dev.mfe.proxy.Origin;
import dev.mfe.proxy.OriginOptions;
import dev.mfe.proxy.OriginPool;
import dev.mfe.proxy.RedirectFields;
import dev.mfe.proxy.Transport;

/** A zone at one origin, ready to be sent requests. */
final class ProxiedZone {

    private final String name;
    private final ZoneSettings settings;
    private final OriginPool pool;
    private final RedirectFields redirects;
    private final String authority;

    ProxiedZone(String name, Origin origin, ZoneSettings settings, Transport transport) {
        this.name = name;
        this.settings = settings;
        OriginOptions options = OriginOptions.defaults()
                .withTimeouts(settings.connectTimeout(), settings.responseTimeout(), settings.idleTimeout())
                .withPool(settings.maxInFlight(), OriginOptions.defaults().maxIdle());
        this.pool = transport.pool(origin, options);
        this.redirects = new RedirectFields(origin);
        this.authority = origin.authority();
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
}
