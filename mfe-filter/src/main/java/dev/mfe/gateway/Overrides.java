package dev.mfe.gateway;

import dev.mfe.config.Origin;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wish of a client to see another deployment of a zone: the cookie {@code vercel-micro-frontends-override:env:<zone>},
 * whose value is a host. Only hosts that the operator allows are ever connected to.
 *
 * @since 0.1
 */
public final class Overrides {

    private static final String COOKIE = "vercel-micro-frontends-override:env:";

    private final List<String> allowed;
    private final boolean credentials;

    /**
     * Takes what the operator says.
     *
     * @param allowed hosts, which may begin with {@code *.}
     * @param credentials whether these get what the zone itself gets of who is logged in
     */
    Overrides(List<String> allowed, boolean credentials) {
        this.allowed = allowed;
        this.credentials = credentials;
    }

    /** Whether no client can have its way, so that nobody need look at cookies. */
    public boolean none() {
        return allowed.isEmpty();
    }

    /**
     * The deployment of a zone that the client asks for.
     *
     * @param zone the zone
     * @param lines the Cookie fields as they came, for containers drop cookies with a colon in their name
     * @return null when it asks for none that it may have
     */
    public @Nullable ZoneTarget apply(ZoneTarget zone, Enumeration<String> lines) {
        Origin origin = wanted(zone.name(), lines);
        return origin == null
                ? null
                : new ZoneTarget(
                        zone.name(),
                        origin,
                        credentials ? zone.settings() : zone.settings().withoutCredentials());
    }

    /** Where the client wants to be served, if it may. */
    @Nullable
    Origin wanted(String zone, Enumeration<String> lines) {
        String host = cookie(lines, COOKIE + zone);
        return host == null ? null : allowed(host);
    }

    private @Nullable Origin allowed(String text) {
        // A host, and a port perhaps. Anything that could be read as more is none.
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || "/\\?#@%".indexOf(c) >= 0) {
                return null;
            }
        }
        Origin origin;
        try {
            origin = Origin.parse(text);
            if (origin.isLocal()) {
                origin = Origin.parse(text, "http");
            }
        } catch (IllegalArgumentException e) {
            return null;
        }
        for (String pattern : allowed) {
            if (matches(pattern, origin)) {
                return origin;
            }
        }
        return null;
    }

    /** A pattern without a port means the usual port; on this machine, where developers work, any. */
    private static boolean matches(String pattern, Origin origin) {
        int colon = pattern.endsWith("]") ? -1 : pattern.lastIndexOf(':');
        String host = colon < 0 ? pattern : pattern.substring(0, colon);
        boolean portMatches = colon < 0
                ? origin.isLocal() || origin.port().isEmpty()
                : Integer.parseInt(pattern.substring(colon + 1)) == origin.effectivePort();
        boolean hostMatches = host.startsWith("*.")
                ? origin.host().endsWith(host.substring(1)) && origin.host().length() > host.length() - 1
                : origin.host().equals(host);
        return portMatches && hostMatches;
    }

    /** The value of the last cookie with a name, which is the one that counts for the npm package. */
    static @Nullable String cookie(Enumeration<String> lines, String name) {
        String value = null;
        while (lines.hasMoreElements()) {
            String line = lines.nextElement();
            for (int start = line.indexOf(name); start >= 0; start = line.indexOf(name, start + 1)) {
                int equals = start + name.length();
                if (isStartOfPair(line, start) && equals < line.length() && line.charAt(equals) == '=') {
                    int end = line.indexOf(';', equals);
                    value = line.substring(equals + 1, end < 0 ? line.length() : end)
                            .strip();
                }
            }
        }
        return value;
    }

    private static boolean isStartOfPair(String line, int at) {
        int before = at - 1;
        while (before >= 0 && (line.charAt(before) == ' ' || line.charAt(before) == '\t')) {
            before--;
        }
        return before < 0 || line.charAt(before) == ';';
    }
}
