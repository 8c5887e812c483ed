package dev.mfe.gateway;

import dev.mfe.proxy.ZoneCounters;
import dev.mfe.proxy.ZoneStatistics;

/**
 * A zone at one origin, with the connections to it.
 *
 * @since 0.1
 */
public interface ProxiedZone {

    /** Where it is, and how it is asked. */
    ZoneTarget target();

    /** Counts its requests. */
    ZoneCounters counters();

    /** How it is doing. */
    ZoneStatistics statistics();

    /** No new request takes it; those that have it already go on. */
    void retire();

    /** The zone's name. */
    default String name() {
        return target().name();
    }

    /** The zone's properties. */
    default ZoneSettings settings() {
        return target().settings();
    }
}
