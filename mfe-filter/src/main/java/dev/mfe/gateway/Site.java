package dev.mfe.gateway;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.SpeculationRules;
import dev.mfe.path.PathMatcher;
import dev.mfe.path.RequestPath;
import dev.mfe.routing.Reason;
import dev.mfe.routing.Router;
import dev.mfe.routing.RoutingDecision;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One version of the routing file with all that follows from it. A request takes one and keeps it to its end, so a reload
 * never shows it two versions.
 *
 * @param config the routing file
 * @param settings the properties
 * @param router decides by them
 * @param targets the zones that requests can be proxied to, by name
 * @param overrides which other deployments of them clients may ask for
 * @param speculation what browsers may prefetch from other zones; null when they are not told
 * @param excluded paths that are none of our business; null when there are none
 * @since 0.1
 */
public record Site(
        MicrofrontendsConfig config,
        Settings settings,
        Router router,
        Map<String, ZoneTarget> targets,
        Overrides overrides,
        @Nullable SpeculationRules speculation,
        @Nullable PathMatcher excluded) {

    /** The zone that the local app serves. */
    public String localZone() {
        String application = settings.application();
        return application == null ? config.defaultZone().name() : application;
    }

    /**
     * Whether a path is none of our business.
     *
     * @param path of a request target, not decoded
     */
    public boolean excludes(String path) {
        return excluded != null && excludes(excluded, path);
    }

    private static boolean excludes(PathMatcher excluded, String path) {
        String decoded = RequestPath.decodeUnreserved(path);
        return RequestPath.ambiguity(decoded) == null && excluded.first(decoded) >= 0;
    }

    /**
     * Everybody who may answer a path, without asking any flag.
     *
     * @param path of a request target, not decoded
     * @return in the order in which they are asked; the last one needs no flag, and answers if no flag before it is on
     */
    public List<Router.Candidate> candidates(String path) {
        return excludes(path)
                ? List.of(new Router.Candidate(null, new RoutingDecision.ServeLocally(Reason.NO_MATCH)))
                : router.candidates(path);
    }

    /**
     * Whether a client is told why a zone was chosen.
     *
     * @param cookieLines asked for the values of its Cookie lines, if they matter
     */
    public boolean debugs(Supplier<Enumeration<String>> cookieLines) {
        return switch (settings.debug()) {
            case OFF -> false;
            case ON -> true;
            case COOKIE -> "1".equals(Overrides.cookie(cookieLines.get(), "VERCEL_MFE_DEBUG"));
        };
    }

    /**
     * Whether the local app's answer is to name the rules by which browsers prefetch pages of other zones. The answer is
     * likely to be a page that a visitor will look at; the response does not tell without being wrapped. Every browser that
     * prefetches by rules sends {@code Sec-Fetch-Dest}, and only where it would prefetch: for https and on localhost.
     *
     * @param method the request's
     * @param destination the value of {@code Sec-Fetch-Dest}, if there is one
     */
    public boolean speculates(String method, @Nullable String destination) {
        return speculation != null && !speculation.isEmpty() && "document".equals(destination) && method.equals("GET");
    }
}
