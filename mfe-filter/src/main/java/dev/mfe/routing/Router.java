package dev.mfe.routing;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.Origin;
import dev.mfe.config.PathGroup;
import dev.mfe.config.Zone;
import dev.mfe.flags.FlagRequest;
import dev.mfe.flags.FlagValues;
import dev.mfe.flags.Flags;
import dev.mfe.flags.MissingFlagException;
import dev.mfe.path.PathExpression;
import dev.mfe.path.PathMatcher;
import dev.mfe.path.RequestPath;
import dev.mfe.path.RequestPath.Ambiguity;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import dev.mfe.routing.RoutingDecision.Refuse;
import dev.mfe.routing.RoutingDecision.ServeLocally;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides who answers a request. Compiled once from the routing file; the cost of a decision does not grow with the number
 * of path expressions, and a decision without a flag allocates nothing.
 *
 * <p>In this order:
 *
 * <ol>
 *   <li>the asset prefixes of every zone ({@code /<prefix>/…} and {@code /_next/data/<prefix>-…}), flag or no flag;
 *   <li>path expressions without a flag, in the order of the file;
 *   <li>path expressions with a flag, in the order of the file; the flag is asked only now, and "off" means: look further;
 *   <li>the local app.
 * </ol>
 *
 * <p>Where an expression matches that belongs to the zone of the local app, the local app answers.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @since 0.1
 */
public final class Router {
    private static final ServeLocally NO_MATCH = new ServeLocally(Reason.NO_MATCH);
    private static final ServeLocally LOCAL_ZONE = new ServeLocally(Reason.LOCAL_ZONE);
    private static final ServeLocally FLAG_OFF = new ServeLocally(Reason.FLAG_OFF);

    private final PathMatcher matcher;
    private final Rule[] rules;
    private final Flags flags;

    /** What a path expression leads to; with a flag, if that is on. */
    private record Rule(PathExpression expression, @Nullable String flag, RoutingDecision decision) {}

    private Router(List<Rule> rules, Flags flags) {
        this.rules = rules.toArray(Rule[]::new);
        this.matcher = PathMatcher.compile(rules.stream()
                .map(rule -> rule.expression().withUnreservedDecoded())
                .toList());
        this.flags = flags;
    }

    /**
     * A router for tools and tests: the local app serves the default zone, and every other zone is reached where it runs
     * while developing ({@code development.local} of the file, or its generated port).
     *
     * @throws MissingFlagException if the file names flags; give them to the {@link #builder}
     */
    public static Router compile(MicrofrontendsConfig config) {
        return builder(config).build();
    }

    /** A router to be told about origins and flags. */
    public static Builder builder(MicrofrontendsConfig config) {
        return new Builder(config);
    }

    /**
     * Decides. May wait for a flag, at most the time that {@link Flags} allows.
     *
     * @param request its path is that of the request target as sent, without the query
     */
    public RoutingDecision route(FlagRequest request) {
        return route(request.path(), () -> flags.forRequest(request));
    }

    /**
     * Decides, with flag values that live as long as the request, so that the local app sees the same ones.
     *
     * @param path the path of the request target as sent, without the query
     * @param values asked only when a flag is needed
     */
    public RoutingDecision route(String path, Supplier<FlagValues> values) {
        String decoded = RequestPath.decodeUnreserved(path);
        Ambiguity ambiguity = RequestPath.ambiguity(decoded);
        if (ambiguity != null) {
            return routeAmbiguous(decoded, ambiguity);
        }
        int match = matcher.first(decoded);
        if (match < 0) {
            return NO_MATCH;
        }
        Rule rule = rules[match];
        return rule.flag == null ? rule.decision : routeFlagged(decoded, match, values.get());
    }

    private RoutingDecision routeFlagged(String path, int firstMatch, FlagValues values) {
        for (int match = firstMatch; match >= 0; match = matcher.firstAfter(match, path)) {
            Rule rule = rules[match];
            if (rule.flag == null || values.isEnabled(rule.flag)) {
                return rule.decision;
            }
        }
        return FLAG_OFF;
    }

    /** Decides without ever blocking the calling thread. */
    public CompletionStage<RoutingDecision> routeAsync(String path, Supplier<FlagValues> values) {
        String decoded = RequestPath.decodeUnreserved(path);
        int match = RequestPath.ambiguity(decoded) == null ? matcher.first(decoded) : -1;
        if (match < 0 || rules[match].flag == null) {
            return CompletableFuture.completedFuture(route(path, values));
        }
        return routeFlaggedAsync(decoded, match, values.get());
    }

    private CompletionStage<RoutingDecision> routeFlaggedAsync(String path, int match, FlagValues values) {
        if (match < 0) {
            return CompletableFuture.completedFuture(FLAG_OFF);
        }
        Rule rule = rules[match];
        return rule.flag == null
                ? CompletableFuture.completedFuture(rule.decision)
                : values.evaluate(rule.flag)
                        .thenCompose(on -> on
                                ? CompletableFuture.completedFuture(rule.decision)
                                : routeFlaggedAsync(path, matcher.firstAfter(match, path), values));
    }

    /** Refuses if any way to read the path leads to a zone; else it is the business of the local app alone. */
    private RoutingDecision routeAmbiguous(String path, Ambiguity ambiguity) {
        return mayLeave(path) || mayLeave(RequestPath.obliging(path)) ? new Refuse(ambiguity) : NO_MATCH;
    }

    private boolean mayLeave(String path) {
        for (int match = matcher.first(path); match >= 0; match = matcher.firstAfter(match, path)) {
            Rule rule = rules[match];
            if (rule.decision instanceof ProxyTo) {
                return true;
            }
            if (rule.flag == null) {
                return false;
            }
        }
        return false;
    }

    /** The flags that path groups name, in the order of the file. */
    public static Set<String> flagNames(MicrofrontendsConfig config) {
        Set<String> names = new LinkedHashSet<>();
        for (Zone zone : config.zones()) {
            for (PathGroup group : zone.routing()) {
                group.flag().ifPresent(names::add);
            }
        }
        return names;
    }

    /**
     * What a router needs besides the routing file.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final MicrofrontendsConfig config;
        private Zone localZone;
        private Function<Zone, @Nullable Origin> origins =
                zone -> zone.development().local();
        private @Nullable Flags flags;

        private Builder(MicrofrontendsConfig config) {
            this.config = Objects.requireNonNull(config, "config");
            this.localZone = config.defaultZone();
        }

        /**
         * The zone that the local app serves, by its name or package name; the default zone if not called.
         *
         * @throws IllegalArgumentException if the file has no such zone
         */
        public Builder localZone(String name) {
            localZone = config.zone(name)
                    .orElseThrow(() -> new IllegalArgumentException("mfe.application is \"" + name
                            + "\", but " + config.source() + " has only the zones "
                            + config.zones().stream().map(Zone::name).toList()));
            return this;
        }

        /**
         * Where each zone is reached; null for "not known". Without this call: where it runs while developing.
         *
         * <p>Asked once for each zone that can get requests, when the router is built.
         */
        public Builder origins(Function<Zone, @Nullable Origin> origins) {
            this.origins = Objects.requireNonNull(origins, "origins");
            return this;
        }

        /** The flags that path groups may name. */
        public Builder flags(Flags flags) {
            this.flags = Objects.requireNonNull(flags, "flags");
            return this;
        }

        /**
         * Compiles the router.
         *
         * @throws MissingFlagException if a path group names flags that nobody provides; lists them all
         * @throws IllegalStateException if zones have no origin; names for each the property to set
         */
        public Router build() {
            Flags all = flags == null ? Flags.builder().build() : flags;
            all.requireAll(flagNames(config));
            List<Rule> assets = new ArrayList<>();
            List<Rule> plain = new ArrayList<>();
            List<Rule> flagged = new ArrayList<>();
            List<String> homeless = new ArrayList<>();
            for (Zone zone : config.zones()) {
                if (zone.isDefault()) {
                    continue;
                }
                Origin origin = zone == localZone ? null : origins.apply(zone);
                if (zone != localZone && origin == null) {
                    homeless.add(zone.name());
                    continue;
                }
                for (String prefix : zone.assetPrefixes()) {
                    String literal = PathExpression.escape(prefix);
                    assets.add(rule(zone, origin, "/" + literal + "/:path*", Reason.ASSET_PREFIX));
                    assets.add(rule(zone, origin, "/_next/data/" + literal + "-:build/:path*", Reason.NEXT_DATA));
                }
                for (PathGroup group : zone.routing()) {
                    String flag = group.flag().orElse(null);
                    for (PathExpression path : group.paths()) {
                        (flag == null ? plain : flagged)
                                .add(rule(zone, origin, path, flag, flag == null ? Reason.PATH : Reason.FLAG_ON));
                    }
                }
            }
            if (!homeless.isEmpty()) {
                throw new IllegalStateException(homeless.stream()
                        .map(name -> "zone \"" + name + "\" has no origin; set the property mfe.zones." + name
                                + ".url, for example to https://" + name + ".example.com")
                        .reduce(config.source() + " needs an origin for each zone:", (a, b) -> a + "\n  " + b));
            }
            List<Rule> rules = new ArrayList<>(assets);
            rules.addAll(plain);
            rules.addAll(flagged);
            return new Router(rules, all);
        }

        private Rule rule(Zone zone, @Nullable Origin origin, String expression, Reason reason) {
            return rule(zone, origin, PathExpression.parse(expression), null, reason);
        }

        private Rule rule(
                Zone zone, @Nullable Origin origin, PathExpression expression, @Nullable String flag, Reason reason) {
            return new Rule(
                    expression, flag, origin == null ? LOCAL_ZONE : new ProxyTo(zone, origin, expression, reason));
        }
    }
}
