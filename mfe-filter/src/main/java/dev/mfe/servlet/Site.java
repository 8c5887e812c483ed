package dev.mfe.servlet;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.SpeculationRules;
import dev.mfe.path.PathMatcher;
import dev.mfe.routing.Router;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of the routing file with all that follows from it. A request takes one and keeps it to its end, so a reload
 * never shows it two versions.
 *
 * @param zones by name
 * @param overrides which other deployments of them clients may ask for
 * @param speculation what browsers may prefetch from other zones; null when they are not told
 * @param excluded paths that are none of our business; null when there are none
 */
record Site(
        MicrofrontendsConfig config,
        Settings settings,
        Router router,
        Map<String, ProxiedZone> zones,
        Overrides overrides,
        @Nullable SpeculationRules speculation,
        @Nullable PathMatcher excluded) {

    /** The zone that the local app serves. */
    String localZone() {
        String application = settings.application();
        return application == null ? config.defaultZone().name() : application;
    }
}
