package dev.mfe.servlet;

import dev.mfe.routing.Reason;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which zone answers and why, for people who look into their browser's network view.
 *
 * @param zone the zone
 * @param expression the path expression that matched, if one did
 */
record DebugFields(String zone, @Nullable String expression, Reason reason) {

    void write(HttpServletResponse response) {
        response.setHeader("x-vercel-mfe-app", zone);
        if (expression != null) {
            response.setHeader("x-vercel-mfe-matched-path", expression);
        }
        response.setHeader("x-vercel-mfe-response-reason", text(reason));
    }

    /** {@code flag-on}. */
    static String text(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
