package dev.mfe.testing;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.PathGroup;
import dev.mfe.config.Zone;
import dev.mfe.path.PathExpression;
import dev.mfe.routing.Router;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks of a routing file for the tests of an app. They need no test framework: what fails throws
 * {@link AssertionError} and lists everything that is wrong.
 *
 * <pre>{@code
 * @Test
 * void pathsReachTheirZones() {
 *     MicrofrontendsAssertions.validateRouting(
 *             Path.of("src/main/resources/microfrontends.json"),
 *             Map.of("docs", List.of("/docs", "/docs/intro"), "web", List.of("/", "/cart")));
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class MicrofrontendsAssertions {
    private MicrofrontendsAssertions() {}

    /**
     * Every path reaches the zone that it is listed under.
     *
     * @param paths for zones by their names, paths as a browser would send them; a query does not matter
     * @param flagsOn the flags that are on; all others are off
     * @throws AssertionError if a path reaches another zone, or a zone is not in the file
     * @throws dev.mfe.config.InvalidConfigException if the file is not valid
     */
    public static void validateRouting(Path file, Map<String, ? extends Collection<String>> paths, String... flagsOn) {
        validateRouting(MicrofrontendsConfig.load(file), paths, flagsOn);
    }

    /** As {@link #validateRouting(Path, Map, String...)}, of a file that is already read. */
    public static void validateRouting(
            MicrofrontendsConfig config, Map<String, ? extends Collection<String>> paths, String... flagsOn) {
        Set<String> on = new LinkedHashSet<>(List.of(flagsOn));
        List<String> problems = new ArrayList<>();
        on.stream()
                .filter(flag -> !Router.flagNames(config).contains(flag))
                .forEach(flag -> problems.add("flag \"" + flag + "\" is not in " + config.source()));
        RoutingProbe probe = new RoutingProbe(config, on);
        paths.forEach((name, expected) -> {
            Zone zone = config.zone(name).orElse(null);
            if (zone == null) {
                problems.add("zone \"" + name + "\" is not in " + config.source() + ", only "
                        + config.zones().stream().map(Zone::name).toList());
                return;
            }
            for (String path : expected) {
                if (!path.startsWith("/")) {
                    problems.add("\"" + path + "\" is no path; start it with a slash");
                } else if (!probe.zone(path).equals(zone.name())) {
                    problems.add("expected zone \"" + zone.name() + "\": " + probe.explain(path));
                }
            }
        });
        fail("Paths do not reach the expected zones", problems);
    }

    /**
     * Every flag makes a difference: example paths of each flagged path expression reach their zone when the flag is
     * on, and at least one does not when all flags are off.
     *
     * @throws AssertionError if a flag makes no difference for one of its path expressions
     * @throws dev.mfe.config.InvalidConfigException if the file is not valid
     */
    public static void validateFlaggedPaths(Path file) {
        validateFlaggedPaths(MicrofrontendsConfig.load(file));
    }

    /** As {@link #validateFlaggedPaths(Path)}, of a file that is already read. */
    public static void validateFlaggedPaths(MicrofrontendsConfig config) {
        List<String> problems = new ArrayList<>();
        RoutingProbe off = new RoutingProbe(config, Set.of());
        for (Zone zone : config.zones()) {
            for (PathGroup group : zone.routing()) {
                if (group.flag().isEmpty()) {
                    continue;
                }
                RoutingProbe on = new RoutingProbe(config, Set.of(group.flag().get()));
                for (PathExpression expression : group.paths()) {
                    List<String> examples = expression.examples();
                    examples.stream()
                            .filter(path -> !on.zone(path).equals(zone.name()))
                            .forEach(path -> problems.add("\"" + expression + "\" of zone \"" + zone.name()
                                    + "\" with its flag on: " + on.explain(path)));
                    if (examples.stream().allMatch(path -> off.zone(path).equals(zone.name()))) {
                        problems.add("\"" + expression + "\" of zone \"" + zone.name() + "\" needs no flag \""
                                + group.flag().get() + "\": " + off.explain(examples.get(0)));
                    }
                }
            }
        }
        fail("Flags make no difference", problems);
    }

    /**
     * The filter sees what it has to: example paths of every path expression and asset prefix are covered by one of the
     * URL patterns that the filter is mapped to (Jakarta Servlet 6.0 §12.2).
     *
     * @param urlPatterns such as {@code /*} or {@code /docs/*}
     * @throws AssertionError if a path is not covered
     * @throws dev.mfe.config.InvalidConfigException if the file is not valid
     */
    public static void validateFilterMapping(Path file, String... urlPatterns) {
        validateFilterMapping(MicrofrontendsConfig.load(file), urlPatterns);
    }

    /** As {@link #validateFilterMapping(Path, String...)}, of a file that is already read. */
    public static void validateFilterMapping(MicrofrontendsConfig config, String... urlPatterns) {
        List<String> problems = new ArrayList<>();
        for (Zone zone : config.zones()) {
            List<String> examples = new ArrayList<>();
            zone.assetPrefixes().forEach(prefix -> examples.add("/" + prefix + "/x.js"));
            zone.assetPrefixes().forEach(prefix -> examples.add("/_next/data/" + prefix + "-x/x.json"));
            zone.routing().forEach(group -> group.paths().forEach(path -> examples.addAll(path.examples())));
            examples.stream()
                    .filter(path -> List.of(urlPatterns).stream().noneMatch(pattern -> covers(pattern, path)))
                    .forEach(path -> problems.add(path + " of zone \"" + zone.name()
                            + "\" is not covered; map the filter to /* or add a pattern"));
        }
        fail("The filter mapping " + List.of(urlPatterns) + " leaves out paths of zones", problems);
    }

    private static boolean covers(String urlPattern, String path) {
        if (urlPattern.endsWith("/*")) {
            String base = urlPattern.substring(0, urlPattern.length() - 2);
            return path.equals(base) || path.startsWith(base + "/");
        }
        return urlPattern.startsWith("*.") ? path.endsWith(urlPattern.substring(1)) : path.equals(urlPattern);
    }

    private static void fail(String what, List<String> problems) {
        if (!problems.isEmpty()) {
            throw new AssertionError(what + ":\n  " + String.join("\n  ", problems));
        }
    }
}
