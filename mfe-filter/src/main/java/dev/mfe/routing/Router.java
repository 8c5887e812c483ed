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
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides who answers a request. Compiled once from the routing file; the cost of a decision does not grow with the
 * number of path expressions, and a decision without a flag allocates nothing.
 *
 * <p>In this order:
 *
 * <ol>
 *   <li>the asset prefixes of every zone ({@code /<prefix>/…} and {@code /_next/data/<prefix>-…}), flag or no flag;
 *   <li>path expressions without a flag, in the order of the file;
 *   <li>path expressions with a flag, in the order of the file; the flag is asked only now, and "off" means: look
 *       further;
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
     * A router for tools and tests: the local app serves the default zone, and every other zone is reached where it
     * runs while developing ({@code development.local} of the file, or its generated port).
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
        String path = RequestPath.decodeUnreserved(request.path());
        RoutingDecision quick = routeWithoutFlags(path);
        return quick != null ? quick : routeWithFlags(path, flags.forRequest(request));
    }

    /**
     * Decides, with flag values that live as long as the request, so that the local app sees the same ones.
     *
     * @param path the path of the request target as sent, without the query
     * @param values asked only when a flag is needed
     */
    public RoutingDecision route(String path, Supplier<FlagValues> values) {
        String decoded = RequestPath.decodeUnreserved(path);
        RoutingDecision quick = routeWithoutFlags(decoded);
        return quick != null ? quick : routeWithFlags(decoded, values.get());
    }

    /** Decides as {@link #route(String, Supplier)} does, without ever blocking the calling thread. */
    public CompletionStage<RoutingDecision> routeAsync(String path, Supplier<FlagValues> values) {
        String decoded = RequestPath.decodeUnreserved(path);
        RoutingDecision quick = routeWithoutFlags(decoded);
        if (quick != null) {
            return CompletableFuture.completedFuture(quick);
        }
        FlagValues asked = values.get();
        Ambiguity ambiguity = RequestPath.ambiguity(decoded);
        CompletionStage<RoutingDecision> asSent = matchAsync(decoded, matcher.first(decoded), asked);
        if (ambiguity == null) {
            return asSent;
        }
        String obliging = RequestPath.obliging(decoded);
        return asSent.thenCombine(
                matchAsync(obliging, matcher.first(obliging), asked),
                (one, other) -> judgeAmbiguous(ambiguity, one, other));
    }

    /** The decision for most paths; null if it takes a flag, or a closer look at an ambiguous path. */
    private @Nullable RoutingDecision routeWithoutFlags(String path) {
        if (RequestPath.ambiguity(path) != null) {
            return null;
        }
        int match = matcher.first(path);
        if (match < 0) {
            return NO_MATCH;
        }
        Rule rule = rules[match];
        return rule.flag == null ? rule.decision : null;
    }

    private RoutingDecision routeWithFlags(String path, FlagValues values) {
        Ambiguity ambiguity = RequestPath.ambiguity(path);
        RoutingDecision asSent = match(path, values);
        return ambiguity == null
                ? asSent
                : judgeAmbiguous(ambiguity, asSent, match(RequestPath.obliging(path), values));
    }

    /** Refuses if either way to read the path leads to a zone; else the path is the business of the local app alone. */
    private static RoutingDecision judgeAmbiguous(
            Ambiguity ambiguity, RoutingDecision asSent, RoutingDecision obliging) {
        return asSent instanceof ProxyTo || obliging instanceof ProxyTo ? new Refuse(ambiguity) : asSent;
    }

    private RoutingDecision match(String path, FlagValues values) {
        int match = matcher.first(path);
        if (match < 0) {
            return NO_MATCH;
        }
        while (match >= 0) {
            Rule rule = rules[match];
            if (rule.flag == null || values.isEnabled(rule.flag)) {
                return rule.decision;
            }
            match = matcher.firstAfter(match, path);
        }
        return FLAG_OFF;
    }

    private CompletionStage<RoutingDecision> matchAsync(String path, int firstMatch, FlagValues values) {
        // A loop and not a recursion where values are there at once, as most are: groups can be many
        int match = firstMatch;
        while (match >= 0) {
            Rule rule = rules[match];
            if (rule.flag == null) {
                return CompletableFuture.completedFuture(rule.decision);
            }
            CompletableFuture<Boolean> value = values.evaluate(rule.flag).toCompletableFuture();
            int next = matcher.firstAfter(match, path);
            if (!value.isDone()) {
                return value.thenCompose(on -> on
                        ? CompletableFuture.completedFuture(rule.decision)
                        : next < 0 ? CompletableFuture.completedFuture(FLAG_OFF) : matchAsync(path, next, values));
            }
            if (value.join()) {
                return CompletableFuture.completedFuture(rule.decision);
            }
            match = next;
        }
        return CompletableFuture.completedFuture(firstMatch < 0 ? NO_MATCH : FLAG_OFF);
    }

    /**
     * Everybody who may answer a path, without asking any flag.
     *
     * @param path the path of a request target, without the query
     * @return in the order in which they are asked; the last one needs no flag, and answers if no flag before it is on
     */
    public List<Candidate> candidates(String path) {
        String decoded = RequestPath.decodeUnreserved(path);
        Ambiguity ambiguity = RequestPath.ambiguity(decoded);
        List<Candidate> found = matches(decoded);
        if (ambiguity == null) {
            return found;
        }
        List<Candidate> all = new ArrayList<>(found);
        all.addAll(matches(RequestPath.obliging(decoded)));
        return all.stream().anyMatch(Candidate::proxies) ? List.of(new Candidate(null, new Refuse(ambiguity))) : found;
    }

    private List<Candidate> matches(String path) {
        List<Candidate> found = new ArrayList<>();
        for (int match = matcher.first(path); match >= 0; match = matcher.firstAfter(match, path)) {
            Rule rule = rules[match];
            found.add(new Candidate(rule.flag, rule.decision));
            if (rule.flag == null) {
                return List.copyOf(found);
            }
        }
        found.add(new Candidate(null, found.isEmpty() ? NO_MATCH : FLAG_OFF));
        return List.copyOf(found);
    }

    /**
     * Who may answer a path.
     *
     * @param flag the flag that has to be on; null when none has to
     * @param decision what happens then
     * @since 0.1
     */
    public record Candidate(@Nullable String flag, RoutingDecision decision) {
        /** Whether this is a zone elsewhere. */
        public boolean proxies() {
            return decision instanceof ProxyTo;
        }
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
        private UnaryOperator<String> propertyNames = UnaryOperator.identity();
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
                    .orElseThrow(
                            () -> new IllegalArgumentException(propertyNames.apply("mfe.application") + " is \"" + name
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

        /**
         * How the app calls its properties, for messages. As they are called here unless set.
         *
         * @param propertyNames given {@code mfe.zones.docs.url}, returns {@code quarkus.mfe.zones.docs.url} for example
         */
        public Builder propertyNames(UnaryOperator<String> propertyNames) {
            this.propertyNames = Objects.requireNonNull(propertyNames, "propertyNames");
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
         * @throws MissingOriginException if zones have no origin; names for each the property to set
         */
        public Router build() {
            Flags all = flags == null ? Flags.builder().build() : flags;
            all.requireAll(flagNames(config));
            List<Rule> assets = new ArrayList<>();
            List<Rule> data = new ArrayList<>();
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
                    data.add(rule(zone, origin, "/_next/data/" + literal + "-:build/:path*", Reason.NEXT_DATA));
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
                throw new MissingOriginException(config.source(), homeless, propertyNames);
            }
            // a build id that starts with "docs-api-" starts with "docs-" too: the longest prefix is meant
            data.sort(Comparator.comparingInt(rule -> -rule.expression().text().length()));
            List<Rule> rules = new ArrayList<>(assets);
            rules.addAll(data);
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
