package dev.mfe.config;

import dev.mfe.path.Overlaps;
import dev.mfe.path.PathExpression;
import dev.mfe.path.UrlPattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a browser may fetch ahead from other zones: a speculation rule set with document rules (HTML Standard §7.6.1),
 * so that links across zones are prefetched without JavaScript. The rules never cover more than the routing file does.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @since 0.1
 */
public final class SpeculationRules {
    /** Where the rule set is found, below the context path of the local app. */
    public static final String PATH = "/.well-known/mfe/speculation-rules.json";

    /** The media type of a rule set. */
    public static final String CONTENT_TYPE = "application/speculationrules+json";

    private final List<Group> groups;
    private final List<PathExpression> leftOut;
    private final String exceptions;
    private final String guardedExceptions;

    /** The patterns of a path group. */
    private record Group(@Nullable String flag, List<Written> patterns) {}

    /** A pattern; guarded where an encoded letter would get a path past an exclusion. */
    private record Written(UrlPattern pattern, boolean guarded) {}

    private SpeculationRules(List<Group> groups, List<PathExpression> leftOut, List<UrlPattern> exceptions) {
        this.groups = List.copyOf(groups);
        this.leftOut = List.copyOf(leftOut);
        List<UrlPattern> guarded = new ArrayList<>(exceptions);
        guarded.add(UrlPattern.hasEncodedUnreserved());
        this.guardedExceptions = ",{\"not\":" + hrefMatches(guarded) + "}";
        this.exceptions = exceptions.isEmpty() ? "" : guardedExceptions;
    }

    /**
     * Translates the path expressions of all zones but one.
     *
     * @param localZone the zone that the local app serves
     * @param excluded paths that the local app gets, whatever the file says
     */
    public static SpeculationRules of(MicrofrontendsConfig config, Zone localZone, List<PathExpression> excluded) {
        List<PathExpression> local = new ArrayList<>(excluded);
        // With mfe.config.overlaps=warn they may share paths with others.
        localZone.routing().forEach(group -> local.addAll(group.paths()));
        Set<PathExpression> offered = new LinkedHashSet<>();
        for (Zone zone : config.zones()) {
            if (zone != localZone) {
                zone.routing().forEach(group -> offered.addAll(group.paths()));
            }
        }
        List<UrlPattern> exceptions = new ArrayList<>();
        Set<PathExpression> refused = new LinkedHashSet<>();
        for (PathExpression one : local) {
            List<PathExpression> shared = overlapping(one, List.copyOf(offered));
            if (!shared.isEmpty()) {
                UrlPattern.around(one).ifPresentOrElse(exceptions::add, () -> refused.addAll(shared));
            }
        }
        List<Group> groups = new ArrayList<>();
        for (Zone zone : config.zones()) {
            for (PathGroup group : zone == localZone ? List.<PathGroup>of() : zone.routing()) {
                List<Written> patterns = new ArrayList<>();
                for (PathExpression path : group.paths()) {
                    Optional<UrlPattern> pattern = refused.contains(path) ? Optional.empty() : UrlPattern.within(path);
                    pattern.ifPresentOrElse(
                            found -> patterns.add(new Written(found, UrlPattern.excludes(path))),
                            () -> refused.add(path));
                }
                if (!patterns.isEmpty()) {
                    groups.add(new Group(group.flag().orElse(null), List.copyOf(patterns)));
                }
            }
        }
        return new SpeculationRules(groups, List.copyOf(refused), exceptions);
    }

    private static List<PathExpression> overlapping(PathExpression one, List<PathExpression> others) {
        List<PathExpression> all = new ArrayList<>();
        all.add(one.withUnreservedDecoded());
        others.forEach(other -> all.add(other.withUnreservedDecoded()));
        int[] owners = IntStream.range(0, all.size()).map(i -> i == 0 ? 0 : 1).toArray();
        try {
            return Overlaps.find(all, owners, all.size()).stream()
                    .map(overlap -> others.get(Math.max(overlap.first(), overlap.second()) - 1))
                    .toList();
        } catch (IllegalArgumentException e) {
            // Too intertwined to tell.
            return others;
        }
    }

    /** Whether there is nothing to prefetch, whatever the flags. */
    public boolean isEmpty() {
        return groups.isEmpty();
    }

    /** Whether the rules differ between visitors. */
    public boolean isPersonal() {
        return groups.stream().anyMatch(group -> group.flag() != null);
    }

    /** The expressions for which browsers have no equal, so that links to their paths are not prefetched. */
    public List<PathExpression> leftOut() {
        return leftOut;
    }

    /**
     * The rule set.
     *
     * @param flags whether a flag is on for this visitor; asked for each flagged path group in the order of the file
     */
    public String json(Predicate<String> flags) {
        List<UrlPattern> plain = new ArrayList<>();
        List<String> rules = new ArrayList<>();
        for (Group group : groups) {
            if (group.flag() == null || flags.test(group.flag())) {
                for (Written written : group.patterns()) {
                    if (written.pattern().regexp()) {
                        // A rule of its own, for a browser drops the whole rule if it does not take the expression.
                        rules.add(rule(List.of(written.pattern()), written.guarded() ? guardedExceptions : exceptions));
                    } else {
                        plain.add(written.pattern());
                    }
                }
            }
        }
        if (!plain.isEmpty()) {
            rules.add(0, rule(plain, exceptions));
        }
        return "{\"prefetch\":[" + String.join(",", rules) + "]}";
    }

    private static String rule(List<UrlPattern> patterns, String exceptions) {
        return "{\"source\":\"document\",\"where\":{\"and\":[" + hrefMatches(patterns)
                + ",{\"not\":{\"selector_matches\":\"[rel~=nofollow]\"}}" + exceptions
                + "]},\"eagerness\":\"moderate\"}";
    }

    private static String hrefMatches(List<UrlPattern> patterns) {
        return "{\"href_matches\":["
                + String.join(
                        ",",
                        patterns.stream()
                                .map(pattern -> "{\"pathname\":" + ClientConfig.quote(pattern.pathname()) + "}")
                                .toList())
                + "]}";
    }
}
