package dev.mfe.routing;

import dev.mfe.config.Origin;
import dev.mfe.config.Zone;
import dev.mfe.path.PathExpression;
import dev.mfe.path.RequestPath.Ambiguity;

/**
 * Who answers a request, and why.
 *
 * @since 0.1
 */
public sealed interface RoutingDecision {
    /** Why. */
    Reason reason();

    /** The local app answers. */
    record ServeLocally(Reason reason) implements RoutingDecision {}

    /**
     * A zone answers; the request is proxied to it.
     *
     * @param origin where the zone is reached
     * @param expression the path expression that matched; for asset prefixes one that the file need not list
     */
    record ProxyTo(Zone zone, Origin origin, PathExpression expression, Reason reason) implements RoutingDecision {}

    /**
     * Nobody answers: the local app, its security rules and the zone could each take the path for another one. The
     * client gets 400 (RFC 9110 §15.5.1).
     *
     * @param ambiguity what to tell the client
     */
    record Refuse(Ambiguity ambiguity) implements RoutingDecision {
        @Override
        public Reason reason() {
            return Reason.AMBIGUOUS_PATH;
        }
    }
}
