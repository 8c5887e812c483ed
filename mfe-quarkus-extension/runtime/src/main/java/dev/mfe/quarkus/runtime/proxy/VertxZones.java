package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.gateway.ClientRequest;
import dev.mfe.gateway.Overrides;
import dev.mfe.gateway.Site;
import dev.mfe.gateway.ZoneTarget;
import dev.mfe.proxy.ZoneCounters;
import dev.mfe.proxy.ZoneStatistics;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The zones of one version of the site. */
final class VertxZones {

    /** Deployments that overrides lead to whose connections are kept. */
    private static final int KEPT = 64;

    private final Site site;
    private final Vertx vertx;
    private final Map<String, VertxZone> zones;

    /** Guarded by itself; the one that was not asked for the longest time goes first. */
    private final Map<String, VertxZone> deployments = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, VertxZone> eldest) {
            if (size() > KEPT) {
                eldest.getValue().retire();
                return true;
            }
            return false;
        }
    };

    /**
     * Takes over from an earlier version of the site what has not changed, with its connections.
     *
     * @param before the earlier version, if there is one
     */
    VertxZones(Site site, Vertx vertx, @Nullable VertxZones before) {
        this.site = site;
        this.vertx = vertx;
        Map<String, VertxZone> made = new HashMap<>();
        site.targets().forEach((name, target) -> {
            VertxZone old = before == null ? null : before.zones.get(name);
            made.put(
                    name,
                    old != null && old.isAt(target)
                            ? old
                            : new VertxZone(vertx, target, old == null ? new ZoneCounters() : old.counters()));
        });
        this.zones = Map.copyOf(made);
    }

    Site site() {
        return site;
    }

    VertxZone zone(String name) {
        return Objects.requireNonNull(zones.get(name));
    }

    /** The deployment of a zone that the client asks for and may have; otherwise the zone itself. */
    VertxZone wanted(VertxZone zone, ClientRequest request) {
        Overrides overrides = site.overrides();
        ZoneTarget wanted = overrides.none() ? null : overrides.apply(zone.target(), request.cookieLines());
        if (wanted == null) {
            return zone;
        }
        synchronized (deployments) {
            // What goes wrong with it says nothing about the zone.
            return deployments.computeIfAbsent(
                    wanted.name() + ' ' + wanted.origin(), key -> new VertxZone(vertx, wanted, new ZoneCounters()));
        }
    }

    /** Lets go of what the next version does not use. */
    void replacedBy(VertxZones next) {
        zones.forEach((name, zone) -> {
            if (next.zones.get(name) != zone) {
                zone.retire();
            }
        });
        deployments().forEach(VertxZone::retire);
    }

    private List<VertxZone> deployments() {
        synchronized (deployments) {
            return new ArrayList<>(deployments.values());
        }
    }

    boolean idle() {
        return zones.values().stream().allMatch(VertxZone::idle)
                && deployments().stream().allMatch(VertxZone::idle);
    }

    void close() {
        zones.values().forEach(VertxZone::close);
        deployments().forEach(VertxZone::close);
    }

    List<ZoneStatistics> statistics() {
        return zones.values().stream()
                .map(VertxZone::statistics)
                .sorted(Comparator.comparing(ZoneStatistics::zone))
                .toList();
    }
}
