package dev.mfe.gateway;

import dev.mfe.proxy.ZoneCounters;
import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.routing.Reason;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The zones of one version of the site, and those other deployments of them that clients have asked for. Safe for use by any
 * number of threads.
 *
 * @param <Z> a zone with its connections
 * @since 0.1
 */
public final class Zones<Z extends ProxiedZone> {

    /** Deployments that overrides lead to whose connections are kept. */
    private static final int KEPT = 64;

    private final Site site;
    private final BiFunction<ZoneTarget, ZoneCounters, Z> connect;
    private final Map<String, Z> zones;

    /** Guarded by itself; the one that was not asked for the longest time goes first. */
    private final Map<String, Z> deployments = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Z> eldest) {
            if (size() > KEPT) {
                eldest.getValue().retire();
                return true;
            }
            return false;
        }
    };

    /**
     * Begins with the first version of a site.
     *
     * @param connect makes a zone, without connecting to it yet
     */
    public Zones(Site site, BiFunction<ZoneTarget, ZoneCounters, Z> connect) {
        this(site, connect, Map.of());
    }

    private Zones(Site site, BiFunction<ZoneTarget, ZoneCounters, Z> connect, Map<String, Z> before) {
        this.site = site;
        this.connect = connect;
        Map<String, Z> made = new HashMap<>();
        site.targets().forEach((name, target) -> {
            Z old = before.get(name);
            made.put(
                    name,
                    old != null && isAt(target, old)
                            ? old
                            : connect.apply(target, old == null ? new ZoneCounters() : old.counters()));
        });
        this.zones = Map.copyOf(made);
    }

    private static boolean isAt(ZoneTarget target, ProxiedZone zone) {
        return target.origin().equals(zone.target().origin())
                && target.settings().equals(zone.settings());
    }

    /** Goes on with the next version of the site. What has not changed is taken over, with its connections. */
    public Zones<Z> next(Site next) {
        return new Zones<>(next, connect, zones);
    }

    /** Lets go of what the next version does not use. */
    public void replacedBy(Zones<Z> next) {
        for (Z zone : all()) {
            if (!next.zones.containsValue(zone)) {
                zone.retire();
            }
        }
    }

    /** The version of the site. */
    public Site site() {
        return site;
    }

    /** The zone that a decision names. */
    public Z zone(ProxyTo decision) {
        return Objects.requireNonNull(zones.get(decision.zone().name()));
    }

    /**
     * The zone that a decision names, or the deployment of it that the client asks for and may have.
     *
     * @param cookieLines asked for the values of the client's Cookie lines, if they matter
     */
    public Z wanted(ProxyTo decision, Supplier<Enumeration<String>> cookieLines) {
        Z zone = zone(decision);
        Overrides overrides = site.overrides();
        ZoneTarget wanted = overrides.none() ? null : overrides.apply(zone.target(), cookieLines.get());
        if (wanted == null) {
            return zone;
        }
        synchronized (deployments) {
            // What goes wrong with it says nothing about the zone.
            return deployments.computeIfAbsent(
                    wanted.name() + ' ' + wanted.origin(), key -> connect.apply(wanted, new ZoneCounters()));
        }
    }

    /** Whether others get another answer at the same URL, so that no cache between may keep this one for all. */
    public boolean personal(ProxyTo decision, Z wanted) {
        return decision.reason() == Reason.FLAG_ON || wanted != zone(decision);
    }

    /** All zones, deployments included. */
    public List<Z> all() {
        List<Z> all = new ArrayList<>(zones.values());
        synchronized (deployments) {
            all.addAll(deployments.values());
        }
        return all;
    }

    /** How each zone is doing, by name. */
    public List<ZoneStatistics> statistics() {
        return zones.values().stream()
                .map(ProxiedZone::statistics)
                .sorted(Comparator.comparing(ZoneStatistics::zone))
                .toList();
    }
}
