package dev.mfe.servlet;

import dev.mfe.proxy.ConnectionFields;
import dev.mfe.proxy.CookieFields;
import dev.mfe.proxy.ForwardedFields;
import dev.mfe.proxy.HeaderFields;
import dev.mfe.proxy.KnownField;
import dev.mfe.proxy.ResponseHead;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A zone's answer, written as the response to the client. */
final class ClientResponse {

    /**
     * What tells a browser how to treat a page. Where a filter of the local app has set it for the local app's pages it does
     * not hold for a zone's page, even if the zone says nothing.
     */
    private static final Set<KnownField> LOCAL_APPS_OWN = EnumSet.of(
            KnownField.CACHE_CONTROL,
            KnownField.PRAGMA,
            KnownField.EXPIRES,
            KnownField.ETAG,
            KnownField.LAST_MODIFIED,
            KnownField.CONTENT_TYPE,
            KnownField.CONTENT_LENGTH,
            KnownField.CONTENT_LANGUAGE,
            KnownField.CONTENT_SECURITY_POLICY,
            KnownField.X_FRAME_OPTIONS,
            KnownField.X_CONTENT_TYPE_OPTIONS,
            KnownField.X_XSS_PROTECTION,
            KnownField.REFERRER_POLICY,
            KnownField.PERMISSIONS_POLICY,
            KnownField.CROSS_ORIGIN_EMBEDDER_POLICY,
            KnownField.CROSS_ORIGIN_OPENER_POLICY,
            KnownField.CROSS_ORIGIN_RESOURCE_POLICY,
            KnownField.ACCESS_CONTROL_ALLOW_CREDENTIALS,
            KnownField.ACCESS_CONTROL_ALLOW_HEADERS,
            KnownField.ACCESS_CONTROL_ALLOW_METHODS,
            KnownField.ACCESS_CONTROL_ALLOW_ORIGIN,
            KnownField.ACCESS_CONTROL_EXPOSE_HEADERS,
            KnownField.ACCESS_CONTROL_MAX_AGE);

    private final ProxiedZone zone;
    private final HttpServletResponse response;
    private final ForwardedFields forwarded;
    private final String protocol;
    private final boolean personal;
    private final @Nullable DebugFields debug;

    /** Set when the body is complete, while the container may ask for it at any time after that. */
    private volatile Map<String, String> trailers = Map.of();

    /**
     * Takes what belongs together.
     *
     * @param response the container's own
     * @param forwarded how the client called us
     * @param protocol the client's
     * @param personal whether a flag has decided who answers, so that others may get another answer
     * @param debug what to tell the client about that, if anything
     */
    ClientResponse(
            ProxiedZone zone,
            HttpServletResponse response,
            ForwardedFields forwarded,
            String protocol,
            boolean personal,
            @Nullable DebugFields debug) {
        this.zone = zone;
        this.response = response;
        this.forwarded = forwarded;
        this.protocol = protocol;
        this.personal = personal;
        this.debug = debug;
    }

    /** Sends 103, so that a browser can load what it will need while the zone is still thinking. */
    void earlyHints(ResponseHead head) throws IOException {
        if (response.isCommitted() || protocol.equals("HTTP/1.0")) {
            return;
        }
        Map<String, List<String>> before = snapshot(response.getHeaderNames());
        response.reset();
        HeaderFields fields = head.fields();
        ConnectionFields connection = ConnectionFields.of(fields);
        for (int i = 0; i < fields.size(); i++) {
            if (!connection.endsHere(fields.known(i), fields.name(i))) {
                response.addHeader(fields.name(i), fields.value(i));
            }
        }
        response.sendError(103);
        Connections.flushInterim(response);
        response.reset();
        restore(before);
    }

    /** Writes status and fields; nothing is sent yet. */
    void head(ResponseHead head) {
        boolean others = clearLocalApps();
        response.setStatus(head.status());
        HeaderFields fields = head.fields();
        ConnectionFields connection = ConnectionFields.of(fields);
        boolean cacheControl = false;
        boolean trailer = false;
        for (int i = 0; i < fields.size(); i++) {
            KnownField known = fields.known(i);
            String name = fields.name(i);
            if (known == KnownField.CONTENT_LENGTH || connection.endsHere(known, name)) {
                continue;
            }
            String value = fields.value(i);
            if (known != null) {
                value = toPublic(known, value);
                cacheControl |= known == KnownField.CACHE_CONTROL;
                trailer |= known == KnownField.TRAILER;
            } else if (personal && isForSharedCaches(name)) {
                continue;
            }
            // Cookies and reasons to vary add up; of anything else there is one, and the zone's wins.
            if (others && known != KnownField.SET_COOKIE && known != KnownField.VARY && isFirst(fields, i)) {
                response.setHeader(name, value);
            } else {
                response.addHeader(name, value);
            }
        }
        if (debug != null) {
            debug.write(response);
        }
        if (personal && !cacheControl) {
            response.setHeader("Cache-Control", "private");
        }
        // RFC 9110 §8.6: none with 204, whatever the zone says.
        if (head.contentLength() >= 0 && head.status() != 204) {
            response.setContentLengthLong(head.contentLength());
        } else if (trailer && !protocol.equals("HTTP/1.0")) {
            response.setTrailerFields(() -> trailers);
        }
    }

    /** Writes the fields of a switch to another protocol. */
    void switching(ResponseHead head) {
        head(head);
        String protocols = head.fields().first(KnownField.UPGRADE);
        if (protocols != null) {
            response.setHeader("Upgrade", protocols);
        }
        response.setHeader("Connection", "Upgrade");
    }

    /** Keeps the trailer fields for when the container ends the response. */
    void trailers(HeaderFields fields) {
        if (fields.size() > 0) {
            Map<String, String> kept = new LinkedHashMap<>();
            ConnectionFields connection = ConnectionFields.of(fields);
            for (int i = 0; i < fields.size(); i++) {
                KnownField known = fields.known(i);
                if (!connection.endsHere(known, fields.name(i))
                        && (known == null || !ZoneRequest.NOT_IN_TRAILERS.contains(known))) {
                    kept.merge(fields.name(i), fields.value(i), (a, b) -> a + ", " + b);
                }
            }
            trailers = kept;
        }
    }

    private String toPublic(KnownField known, String value) {
        return switch (known) {
            case LOCATION, CONTENT_LOCATION, REFRESH ->
                zone.redirects().rewrite(known, value, forwarded.scheme(), forwarded.host());
            case SET_COOKIE -> CookieFields.fromZone(value, zone.pool().origin().host(), hostOf(forwarded.host()));
            case CACHE_CONTROL -> personal ? notShared(value) : value;
            default -> value;
        };
    }

    private static String hostOf(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || authority.endsWith("]") ? authority : authority.substring(0, colon);
    }

    /** RFC 9213, and what was used before it. */
    private static boolean isForSharedCaches(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith("cdn-cache-control") || lower.equals("surrogate-control");
    }

    /** Whoever is not let into the flag must not get the page of those who are from a cache between. */
    static String notShared(String cacheControl) {
        StringBuilder kept = new StringBuilder("private");
        for (String directive : cacheControl.split(",", -1)) {
            String lower = directive.strip().toLowerCase(Locale.ROOT);
            if (lower.equals("no-store")) {
                return cacheControl;
            }
            boolean shared = lower.equals("public")
                    || lower.startsWith("s-maxage")
                    || lower.equals("proxy-revalidate")
                    || lower.startsWith("private");
            if (!lower.isEmpty() && !shared) {
                kept.append(", ").append(directive.strip());
            }
        }
        return kept.toString();
    }

    private static boolean isFirst(HeaderFields fields, int index) {
        String name = fields.name(index);
        for (int i = 0; i < index; i++) {
            if (fields.name(i).equalsIgnoreCase(name)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Takes out of the response what filters have set for the local app's pages.
     *
     * @return whether it holds anything else
     */
    private boolean clearLocalApps() {
        Collection<String> names = response.getHeaderNames();
        if (names.isEmpty()) {
            return false;
        }
        boolean clear = false;
        for (String name : names) {
            KnownField known = KnownField.of(name);
            clear |= known != null && LOCAL_APPS_OWN.contains(known);
        }
        if (clear) {
            Map<String, List<String>> kept = snapshot(names);
            kept.keySet().removeIf(name -> {
                KnownField known = KnownField.of(name);
                return known != null && LOCAL_APPS_OWN.contains(known);
            });
            response.reset();
            restore(kept);
        }
        return true;
    }

    private Map<String, List<String>> snapshot(Collection<String> names) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (String name : names) {
            fields.put(name, List.copyOf(response.getHeaders(name)));
        }
        return fields;
    }

    private void restore(Map<String, List<String>> fields) {
        fields.forEach((name, values) -> {
            for (int i = 0; i < values.size(); i++) {
                // The container may have put its own back already.
                if (i == 0) {
                    response.setHeader(name, values.get(i));
                } else {
                    response.addHeader(name, values.get(i));
                }
            }
        });
    }
}
