package dev.mfe.proxy;

import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * Cookie and Set-Cookie on their way through. Whatever is not removed stays byte for byte; no cookie is ever kept here.
 *
 * @since 0.1
 */
public final class CookieFields {

    private static final String OVERRIDE = "vercel-micro-frontends-override";
    private static final String DEBUG = "VERCEL_MFE_DEBUG";

    private CookieFields() {}

    /**
     * Joins the Cookie lines of a request to one, as older servers expect it (RFC 9113 §8.2.3), without the cookies that are
     * meant for us.
     *
     * @param lines the values of all lines
     * @return the value to send, or null when no cookie is left
     */
    public static @Nullable String toZone(Enumeration<String> lines) {
        String joined = null;
        while (lines.hasMoreElements()) {
            String line = withoutInternal(lines.nextElement());
            if (line != null) {
                joined = joined == null ? line : joined + "; " + line;
            }
        }
        return joined;
    }

    private static @Nullable String withoutInternal(String line) {
        if (!line.contains(OVERRIDE) && !line.contains(DEBUG)) {
            return line.isBlank() ? null : line;
        }
        StringBuilder kept = new StringBuilder(line.length());
        int from = 0;
        while (from <= line.length()) {
            int semicolon = line.indexOf(';', from);
            int to = semicolon < 0 ? line.length() : semicolon;
            String pair = line.substring(from, to).strip();
            if (!pair.isEmpty() && !internal(pair)) {
                kept.append(kept.isEmpty() ? "" : "; ").append(pair);
            }
            from = to + 1;
        }
        return kept.isEmpty() ? null : kept.toString();
    }

    private static boolean internal(String pair) {
        int equals = pair.indexOf('=');
        String name = (equals < 0 ? pair : pair.substring(0, equals)).strip();
        return name.startsWith(OVERRIDE) || name.equals(DEBUG);
    }

    /**
     * Passes on one Set-Cookie line. A Domain that names the zone's own host means nothing to the browser, which knows only
     * the public one: without it the cookie belongs to the public host. Everything else stays.
     *
     * @param value the value
     * @param zoneHost the host of the zone's origin
     * @param publicHost the host the browser used, without port
     * @return the value to pass on, the same one where nothing changes
     */
    public static String fromZone(String value, String zoneHost, String publicHost) {
        int from = value.indexOf(';');
        while (from >= 0) {
            int next = value.indexOf(';', from + 1);
            int to = next < 0 ? value.length() : next;
            if (isDomain(value, from + 1, to, zoneHost) && !zoneHost.equalsIgnoreCase(publicHost)) {
                return value.substring(0, from) + fromZone(value.substring(to), zoneHost, publicHost);
            }
            from = next;
        }
        return value;
    }

    private static boolean isDomain(String value, int from, int to, String host) {
        String attribute = value.substring(from, to);
        int equals = attribute.indexOf('=');
        if (equals < 0 || !attribute.substring(0, equals).strip().equalsIgnoreCase("Domain")) {
            return false;
        }
        String domain = attribute.substring(equals + 1).strip();
        // RFC 6265 §5.2.3: one leading dot is ignored.
        return domain.equalsIgnoreCase(host)
                || (domain.startsWith(".") && domain.substring(1).equalsIgnoreCase(host));
    }
}
