package dev.mfe.gateway;

import dev.mfe.flags.Flags;
import dev.mfe.flags.FlagsSdk;
import dev.mfe.proxy.ConnectionFields;
import dev.mfe.proxy.CookieFields;
import dev.mfe.proxy.FieldWriter;
import dev.mfe.proxy.ForwardedFields;
import dev.mfe.proxy.HeaderFields;
import dev.mfe.proxy.InternalFields;
import dev.mfe.proxy.KnownField;
import dev.mfe.proxy.ProxyException;
import dev.mfe.proxy.ViaField;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a client's request as the zone gets them. Not written here are those that frame the body, and {@code Expect}:
 * they depend on how the body is sent.
 *
 * @since 0.1
 */
public final class ZoneFields {

    private static final Logger LOG = System.getLogger(ZoneFields.class.getName());

    /** RFC 9110 §6.5.1: what frames, routes, authenticates or describes a message does not belong behind it. */
    private static final Set<KnownField> NOT_IN_TRAILERS = EnumSet.of(
            KnownField.AUTHORIZATION,
            KnownField.CACHE_CONTROL,
            KnownField.CONTENT_ENCODING,
            KnownField.CONTENT_LENGTH,
            KnownField.CONTENT_RANGE,
            KnownField.CONTENT_TYPE,
            KnownField.COOKIE,
            KnownField.EXPECT,
            KnownField.HOST,
            KnownField.LOCATION,
            KnownField.MAX_FORWARDS,
            KnownField.RANGE,
            KnownField.SET_COOKIE,
            KnownField.TRAILER,
            KnownField.VIA);

    private static final Set<KnownField> WRITTEN_BY_US = EnumSet.of(
            KnownField.HOST, KnownField.VIA, KnownField.COOKIE, KnownField.CONTENT_LENGTH, KnownField.EXPECT);

    private final ViaField ownVia;
    private final Settings settings;
    private final ZoneTarget zone;
    private final ClientRequest request;
    private final @Nullable String via;
    private final ForwardedFields forwarded;

    /**
     * Takes what belongs together.
     *
     * @param ownVia by what name this instance is known
     * @param settings the site's
     * @param zone where the request goes
     * @param request the request
     * @throws ProxyException when the client names no valid host
     */
    public ZoneFields(ViaField ownVia, Settings settings, ZoneTarget zone, ClientRequest request)
            throws ProxyException {
        this.ownVia = ownVia;
        this.settings = settings;
        this.zone = zone;
        this.request = request;
        this.via = request.joined("Via");
        String peer = request.peer();
        this.forwarded = ForwardedFields.of(
                peer,
                settings.trustedProxies().contains(peer),
                request.scheme(),
                request.authority(),
                field -> request.joined(field.canonicalName()));
    }

    /** What the zone is told about the client, and the client may be told about the zone. */
    public ForwardedFields forwarded() {
        return forwarded;
    }

    /** Whether the request was here before. */
    public boolean loops() {
        return ownVia.passedBefore(via);
    }

    /**
     * What the zone is sent as Host, or as {@code :authority}.
     *
     * @return a host, with a port where it is not the usual one
     */
    public String host() {
        return zone.settings().preserveHost() ? forwarded.host() : zone.authority();
    }

    /**
     * The protocols to change to, if the client asks for a change that can be passed on (RFC 9110 §7.8).
     *
     * @return the value of Upgrade, or null
     */
    public @Nullable String upgrade() {
        String protocols = request.field("Upgrade");
        return protocols != null
                        && request.protocol().equals("HTTP/1.1")
                        && ConnectionFields.mayTunnel(protocols)
                        && contains(request.joined("Connection"), "upgrade")
                ? protocols
                : null;
    }

    /** Whether a list between commas has an element, without its parameters. */
    private static boolean contains(@Nullable String list, String element) {
        if (list != null) {
            for (String part : list.split(",", -1)) {
                int end = part.indexOf(';');
                if ((end < 0 ? part : part.substring(0, end)).strip().equalsIgnoreCase(element)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Writes the fields, beginning with Host.
     *
     * @param out takes them
     * @param added fields of an observer's, which take the place of the client's
     * @param upgrade the protocols to change to; null when the connection is to stay as it is
     * @throws ProxyException when {@code out} takes no more, or a field cannot be written
     */
    public void write(FieldWriter out, Map<String, String> added, @Nullable String upgrade) throws ProxyException {
        out.field("Host", host());
        copy(out, added);
        out.field("X-Forwarded-For", forwarded.clientAddresses());
        out.field("X-Forwarded-Host", forwarded.host());
        out.field("X-Forwarded-Proto", forwarded.scheme());
        out.field("X-Forwarded-Port", forwarded.port());
        String prefix = forwarded.prefix();
        if (prefix != null) {
            out.field("X-Forwarded-Prefix", prefix);
        }
        out.field("Forwarded", forwarded.forwarded());
        writeIdentity(out);
        out.field("Via", ownVia.append(via, request.protocol()));
        if (upgrade != null) {
            out.field("Connection", "Upgrade");
            out.field("Upgrade", upgrade);
        } else if (contains(request.field("TE"), "trailers")) {
            out.field("Connection", "TE");
            out.field("TE", "trailers");
        }
    }

    private void copy(FieldWriter out, Map<String, String> added) throws ProxyException {
        ConnectionFields connection = ConnectionFields.of(request.fields("Connection"));
        Enumeration<String> names = request.fieldNames();
        while (names.hasMoreElements()) {
            String name = names.nextElement();
            KnownField known = KnownField.of(name);
            if (staysHere(connection, known, name) || (!added.isEmpty() && holds(added, name))) {
                continue;
            }
            if (known != null) {
                switch (known) {
                    case HOST, VIA, COOKIE, CONTENT_LENGTH, EXPECT -> {
                        continue;
                    }
                    case AUTHORIZATION -> {
                        if (!zone.settings().credentials()) {
                            continue;
                        }
                    }
                    case MAX_FORWARDS -> {
                        int left = request.method().equals("OPTIONS") ? maxForwards(request.field(name)) : -1;
                        if (left > 0) {
                            out.field(name, Integer.toString(left - 1));
                            continue;
                        }
                    }
                    default -> {}
                }
            }
            Enumeration<String> values = request.fields(name);
            while (values.hasMoreElements()) {
                out.field(name, values.nextElement());
            }
        }
        String cookies = cookies();
        if (cookies != null) {
            out.field("Cookie", cookies);
        }
        for (Map.Entry<String, String> field : added.entrySet()) {
            KnownField known = KnownField.of(field.getKey());
            if (!connection.endsHere(known, field.getKey())
                    && !ForwardedFields.ours(known, field.getKey())
                    && (known == null || !WRITTEN_BY_US.contains(known))) {
                out.field(field.getKey(), field.getValue());
            }
        }
    }

    /**
     * Reads Max-Forwards (RFC 9110 §7.6.2).
     *
     * @param value the field's value, if there is one
     * @return how many more may pass the request on; -1 if that is not said, or cannot be understood
     */
    static int maxForwards(@Nullable String value) {
        if (value == null || value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return value.length() > 9 ? 999_999_999 : Integer.parseInt(value);
    }

    /** Tells the zone who is logged in, if it is to know and somebody is. */
    private void writeIdentity(FieldWriter out) throws ProxyException {
        Identity identity = zone.settings().identity();
        if (identity == Identity.NONE) {
            return;
        }
        String user = request.user();
        if (user == null || user.isEmpty()) {
            return;
        }
        IdentityTokens tokens = settings.identityTokens();
        if (identity == Identity.JWT && tokens != null) {
            out.field("X-Forwarded-Identity", tokens.token(user, zone.name()));
        } else if (identity == Identity.HEADER && isFieldValue(user)) {
            out.field("X-Forwarded-User", user);
        } else {
            LOG.log(
                    Level.WARNING,
                    "Zone {0} is not told who is logged in, for the name cannot stand in a field; set {1}=jwt",
                    zone.name(),
                    settings.propertyNames().apply("mfe.zones." + zone.name() + ".identity"));
        }
    }

    /**
     * Whether a name reads the same for everybody (RFC 9110 §5.5): ASCII, and no space at its ends, which would be lost. Any
     * encoding could be mistaken for somebody else's name.
     */
    private static boolean isFieldValue(String name) {
        return name.chars().allMatch(c -> c >= ' ' && c < 0x7f) && name.equals(name.strip());
    }

    /**
     * Whether a zone that believes us could take a client's field for our word. CGI and its heirs read {@code _} and {@code -}
     * as the same.
     */
    private boolean claimsIdentity(String name) {
        if (zone.settings().identity() == Identity.NONE) {
            return false;
        }
        String dashed = name.replace('_', '-');
        return dashed.regionMatches(true, 0, "X-Forwarded-", 0, 12)
                || dashed.equalsIgnoreCase("Remote-User")
                || dashed.equalsIgnoreCase("X-Remote-User");
    }

    /** Whether a field of the client's is no business of the zone's, or not to be believed. */
    private boolean staysHere(ConnectionFields connection, @Nullable KnownField known, String name) {
        return connection.endsHere(known, name)
                || ForwardedFields.ours(known, name)
                || InternalFields.internal(name)
                || claimsIdentity(name);
    }

    private static boolean holds(Map<String, String> fields, String name) {
        for (String field : fields.keySet()) {
            if (field.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String cookies() {
        String cookies = CookieFields.toZone(request.cookieLines());
        return cookies != null && !zone.settings().credentials() ? withoutOurs(cookies) : cookies;
    }

    private @Nullable String withoutOurs(String cookies) {
        List<String> kept = new ArrayList<>();
        for (String pair : cookies.split(";", -1)) {
            int equals = pair.indexOf('=');
            String name = (equals < 0 ? pair : pair.substring(0, equals)).strip();
            // Overrides of flags are for the zones of this site; they too can read them.
            boolean ours = settings.isSessionCookie(name)
                    || (zone.settings().external()
                            && (name.equals(FlagsSdk.OVERRIDES_COOKIE) || name.equals(Flags.VISITOR_COOKIE)));
            if (!pair.isBlank() && !ours) {
                kept.add(pair.strip());
            }
        }
        return kept.isEmpty() ? null : String.join("; ", kept);
    }

    /**
     * Leaves out of the request's trailer fields what must not reach the zone.
     *
     * @param received by name, as the client sent them
     * @return what is left; null if nothing is
     */
    public @Nullable HeaderFields trailers(Map<String, String> received) {
        if (received.isEmpty()) {
            return null;
        }
        ConnectionFields connection = ConnectionFields.of(request.fields("Connection"));
        HeaderFields trailers = new HeaderFields();
        received.forEach((name, value) -> {
            KnownField known = KnownField.of(name);
            if (!staysHere(connection, known, name) && mayTrail(known)) {
                trailers.add(name, value);
            }
        });
        return trailers.size() == 0 ? null : trailers;
    }

    /** Whether a field may stand behind a body. */
    static boolean mayTrail(@Nullable KnownField known) {
        return known == null || !NOT_IN_TRAILERS.contains(known);
    }
}
