package dev.mfe.gateway;

import dev.mfe.routing.Reason;
import dev.mfe.routing.RoutingDecision;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which zone answers and why, for people who look into their browser's network view. Deployments have no ids here, so of the
 * fields that the platform of the npm package knows, {@code x-vercel-mfe-target-deployment-id} and {@code
 * x-vercel-mfe-default-app-deployment-id} are never sent.
 *
 * @param zone the zone
 * @param expression the path expression that matched, if one did
 * @param reason why the zone answers
 * @param flagged the zone for which a flag has decided, as the middleware of the npm package does; null if none has
 * @since 0.1
 */
public record DebugFields(
        String zone,
        @Nullable String expression,
        String reason,
        @Nullable String flagged) {

    /** A zone answers. */
    public static DebugFields proxied(ProxyTo decision) {
        return new DebugFields(
                decision.zone().name(), decision.expression().text(), text(decision.reason()), flagged(decision));
    }

    /**
     * The local app answers.
     *
     * @param zone the zone that it serves
     */
    public static DebugFields local(String zone, RoutingDecision decision) {
        return new DebugFields(zone, null, text(decision.reason()), null);
    }

    /** The local app answers for a zone that cannot. */
    public static DebugFields fallback(String localZone, ProxyTo decision) {
        return new DebugFields(localZone, decision.expression().text(), "fallback", flagged(decision));
    }

    private static @Nullable String flagged(ProxyTo decision) {
        return decision.reason() == Reason.FLAG_ON ? decision.zone().name() : null;
    }

    /** Sets the fields; each by name and value. */
    public void write(BiConsumer<String, String> response) {
        response.accept("x-vercel-mfe-app", zone);
        if (expression != null) {
            response.accept("x-vercel-mfe-matched-path", expression);
        }
        response.accept("x-vercel-mfe-response-reason", reason);
        if (flagged != null) {
            response.accept("x-vercel-mfe-zone-from-middleware", flagged);
        }
    }

    /** {@code flag-on}. */
    public static String text(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
