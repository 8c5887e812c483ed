package dev.mfe.gateway;

import dev.mfe.proxy.ConnectionFields;
import dev.mfe.proxy.CookieFields;
import dev.mfe.proxy.ForwardedFields;
import dev.mfe.proxy.HeaderFields;
import dev.mfe.proxy.KnownField;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a zone's answer as the client gets them. {@code Content-Length} is not among them, for it depends on how the
 * body is sent.
 *
 * @since 0.1
 */
public final class ClientFields {

    /**
     * What tells a browser how to treat a page. Where a filter of the local app has set it for the local app's pages it does
     * not hold for a zone's page, even if the zone says nothing.
     */
    private static final Set<KnownField> LOCAL_PAGES = EnumSet.of(
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

    private final ZoneTarget zone;
    private final ForwardedFields forwarded;
    private final boolean personal;
    private final @Nullable DebugFields debug;

    /**
     * Takes what belongs together.
     *
     * @param zone who answers
     * @param forwarded how the client called us
     * @param personal whether others may get another answer, because a flag or an override has decided who answers
     * @param debug what to tell the client about that, if anything
     */
    public ClientFields(ZoneTarget zone, ForwardedFields forwarded, boolean personal, @Nullable DebugFields debug) {
        this.zone = zone;
        this.forwarded = forwarded;
        this.personal = personal;
        this.debug = debug;
    }

    /**
     * Writes the fields of the final answer.
     *
     * @param fields the zone's
     * @param others whether the response holds fields already that others have set
     * @param add adds a line, by name and value
     * @param set sets a field, in place of all lines with its name
     */
    public void write(
            HeaderFields fields, boolean others, BiConsumer<String, String> add, BiConsumer<String, String> set) {
        ConnectionFields connection = ConnectionFields.of(fields);
        boolean cacheControl = false;
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
            } else if (personal && isForSharedCaches(name)) {
                continue;
            }
            // Cookies and reasons to vary add up; of anything else there is one, and the zone's wins.
            boolean adds = !others || known == KnownField.SET_COOKIE || known == KnownField.VARY || !isFirst(fields, i);
            (adds ? add : set).accept(name, value);
        }
        if (debug != null) {
            debug.write(set);
        }
        if (personal && !cacheControl) {
            set.accept("Cache-Control", "private");
        }
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
     * Writes the fields of an answer that changes the protocol (101).
     *
     * @param fields the zone's
     * @param others whether the response holds fields already that others have set
     * @param add adds a line, by name and value
     * @param set sets a field, in place of all lines with its name
     */
    public void switching(
            HeaderFields fields, boolean others, BiConsumer<String, String> add, BiConsumer<String, String> set) {
        write(fields, others, add, set);
        String protocols = fields.first(KnownField.UPGRADE);
        if (protocols != null) {
            set.accept("Upgrade", protocols);
        }
        set.accept("Connection", "Upgrade");
    }

    /**
     * Writes the fields of an interim answer (1xx).
     *
     * @param fields the zone's
     * @param add adds a line, by name and value
     */
    public static void interim(HeaderFields fields, BiConsumer<String, String> add) {
        ConnectionFields connection = ConnectionFields.of(fields);
        for (int i = 0; i < fields.size(); i++) {
            if (!connection.endsHere(fields.known(i), fields.name(i))) {
                add.accept(fields.name(i), fields.value(i));
            }
        }
    }

    /**
     * Whether a field that others have set on the response before is about the local app's pages, and must not stand beside
     * those of a zone's page.
     *
     * @param name the field's name in any case
     * @return true when it is to be taken out of the response
     */
    public static boolean isLocalPages(String name) {
        KnownField known = KnownField.of(name);
        return known != null && LOCAL_PAGES.contains(known);
    }

    /**
     * Leaves out of the trailer fields of an answer what must not reach the client.
     *
     * @param fields the zone's
     * @return what is left, by name; several lines of one name are joined
     */
    public static Map<String, String> trailers(HeaderFields fields) {
        if (fields.size() == 0) {
            return Map.of();
        }
        Map<String, String> kept = new LinkedHashMap<>();
        ConnectionFields connection = ConnectionFields.of(fields);
        for (int i = 0; i < fields.size(); i++) {
            KnownField known = fields.known(i);
            if (!connection.endsHere(known, fields.name(i)) && ZoneFields.mayTrail(known)) {
                kept.merge(fields.name(i), fields.value(i), (a, b) -> a + ", " + b);
            }
        }
        return kept;
    }

    private String toPublic(KnownField known, String value) {
        return switch (known) {
            case LOCATION, CONTENT_LOCATION, REFRESH ->
                zone.redirects().rewrite(known, value, forwarded.scheme(), forwarded.host());
            case SET_COOKIE -> CookieFields.fromZone(value, zone.origin().host(), hostOf(forwarded.host()));
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
}
