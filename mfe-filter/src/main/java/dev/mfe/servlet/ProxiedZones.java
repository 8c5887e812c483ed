package dev.mfe.servlet;

import dev.mfe.gateway.Overrides;
import dev.mfe.gateway.Site;
import dev.mfe.gateway.ZoneTarget;
import dev.mfe.proxy.Transport;
import dev.mfe.proxy.ZoneCounters;
import dev.mfe.proxy.ZoneStatistics;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The zones of one version of the site. */
final class ProxiedZones {

    /** Deployments that overrides lead to whose connections are kept. */
    private static final int KEPT = 64;

    private final Site site;
    private final Transport transport;
    private final Map<String, ProxiedZone> zones;

    /** Guarded by itself; the one that was not asked for the longest time goes first. */
    private final Map<String, ProxiedZone> deployments = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ProxiedZone> eldest) {
            return size() > KEPT;
        }
    };

    /**
     * Takes over from an earlier version of the site what has not changed, with its connections.
     *
     * @param before the earlier version, if there is one
     */
    ProxiedZones(Site site, Transport transport, @Nullable ProxiedZones before) {
        this.site = site;
        this.transport = transport;
        Map<String, ProxiedZone> made = new HashMap<>();
        site.targets().forEach((name, target) -> {
            ProxiedZone old = before == null ? null : before.zones.get(name);
            made.put(
                    name,
                    old != null && old.isAt(target)
                            ? old
                            : new ProxiedZone(target, transport, old == null ? new ZoneCounters() : old.counters()));
        });
        this.zones = Map.copyOf(made);
    }

    Site site() {
        return site;
    }

    ProxiedZone zone(String name) {
        return Objects.requireNonNull(zones.get(name));
    }

    /** The deployment of a zone that the client asks for and may have; otherwise the zone itself. */
    ProxiedZone wanted(ProxiedZone zone, HttpServletRequest sent) {
        Overrides overrides = site.overrides();
        ZoneTarget wanted = overrides.none() ? null : overrides.apply(zone.target(), sent.getHeaders("Cookie"));
        if (wanted == null) {
            return zone;
        }
        synchronized (deployments) {
            // What goes wrong with it says nothing about the zone.
            return deployments.computeIfAbsent(
                    wanted.name() + ' ' + wanted.origin(),
                    key -> new ProxiedZone(wanted, transport, new ZoneCounters()));
        }
    }

    List<ZoneStatistics> statistics() {
        return zones.values().stream()
                .map(ProxiedZone::statistics)
                .sorted(Comparator.comparing(ZoneStatistics::zone))
                .toList();
    }
}
