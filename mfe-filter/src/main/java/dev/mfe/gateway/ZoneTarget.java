package dev.mfe.gateway;

import dev.mfe.config.Origin;
import dev.mfe.proxy.RedirectFields;

/**
 * A zone at one origin, and what holds for all messages to and from it.
 *
 * @param name the zone's name
 * @param origin where it is reached
 * @param settings its properties
 * @param authority what it is sent as Host unless the client's is preserved
 * @param redirects how its redirects become public
 * @since 0.1
 */
public record ZoneTarget(
        String name, Origin origin, ZoneSettings settings, String authority, RedirectFields redirects) {

    /**
     * Derives the rest.
     *
     * @param name the zone's name
     * @param origin where it is reached
     * @param settings its properties
     */
    public ZoneTarget(String name, Origin origin, ZoneSettings settings) {
        this(name, origin, settings, origin.authority(), new RedirectFields(origin));
    }
}
