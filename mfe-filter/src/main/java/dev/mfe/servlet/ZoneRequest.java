package dev.mfe.servlet;

import dev.mfe.flags.Flags;
import dev.mfe.flags.FlagsSdk;
import dev.mfe.proxy.ConnectionFields;
import dev.mfe.proxy.CookieFields;
import dev.mfe.proxy.Exchange;
import dev.mfe.proxy.ForwardedFields;
import dev.mfe.proxy.HeaderFields;
import dev.mfe.proxy.InternalFields;
import dev.mfe.proxy.KnownField;
import dev.mfe.proxy.ProxyException;
import dev.mfe.proxy.ResponseHead;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The client's request, written as the request to a zone. */
final class ZoneRequest {

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());

    private static final long NO_BODY = -2;

    /** How long a client that asked to be told waits for the zone's word before its body is sent all the same. */
    private static final int CONTINUE_MILLIS = 1000;

    /** RFC 9110 §6.5.1: what frames, routes, authenticates or describes a message does not belong behind it. */
    static final Set<KnownField> NOT_IN_TRAILERS = EnumSet.of(
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

    private final Gateway gateway;
    private final Settings settings;
    private final ProxiedZone zone;
    private final HttpServletRequest request;
    private final HttpServletRequest sent;
    private final @Nullable String via;
    private final ForwardedFields forwarded;

    /**
     * Takes what belongs together.
     *
     * @param request as the filters before this one left it; its fields, but for cookies, and body count
     * @param sent as the container made it; its method, target and cookies count
     * @throws ProxyException when the client names no valid host
     */
    ZoneRequest(
            Gateway gateway, Settings settings, ProxiedZone zone, HttpServletRequest request, HttpServletRequest sent)
            throws ProxyException {
        this.gateway = gateway;
        this.settings = settings;
        this.zone = zone;
        this.request = request;
        this.sent = sent;
        this.via = joined("Via");
        String peer = request.getRemoteAddr();
        this.forwarded = ForwardedFields.of(
                peer,
                settings.trustedProxies().contains(peer),
                request.getScheme(),
                authority(),
                field -> joined(field.canonicalName()));
    }

    /** What the zone is told about the client, and the client may be told about the zone. */
    ForwardedFields forwarded() {
        return forwarded;
    }

    /** Whether the request was here before. */
    boolean loops() {
        return gateway.via().passedBefore(via);
    }

    /** The protocols to change to, if the client asks for a change that we can pass on. */
    private @Nullable String upgrade() {
        String protocols = request.getHeader("Upgrade");
        return protocols != null
                        && sent.getProtocol().equals("HTTP/1.1")
                        && ConnectionFields.mayTunnel(protocols)
                        && contains(joined("Connection"), "upgrade")
                        && gateway.canUpgrade(sent)
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
     * Sends the request.
     *
     * @param observed may have fields for it
     * @return the head of an answer that came before its body was sent, else null
     * @throws ProxyException when the zone or the client fails
     * @throws FormBody.LostException when a filter has read the body
     */
    @Nullable
    ResponseHead write(Exchange exchange, @Nullable Observed observed) throws IOException {
        exchange.field("Host", zone.settings().preserveHost() ? forwarded.host() : zone.authority());
        copyFields(exchange, observed == null ? Map.of() : observed.requestFields());
        exchange.field("X-Forwarded-For", forwarded.clientAddresses());
        exchange.field("X-Forwarded-Host", forwarded.host());
        exchange.field("X-Forwarded-Proto", forwarded.scheme());
        exchange.field("X-Forwarded-Port", forwarded.port());
        String prefix = forwarded.prefix();
        if (prefix != null) {
            exchange.field("X-Forwarded-Prefix", prefix);
        }
        exchange.field("Forwarded", forwarded.forwarded());
        writeIdentity(exchange);
        exchange.field("Via", gateway.via().append(via, sent.getProtocol()));
        String upgrade = upgrade();
        if (upgrade != null) {
            exchange.field("Connection", "Upgrade");
            exchange.field("Upgrade", upgrade);
        } else if (contains(request.getHeader("TE"), "trailers")) {
            exchange.field("Connection", "TE");
            exchange.field("TE", "trailers");
        }
        long length = bodyLength();
        if (length == NO_BODY) {
            exchange.send();
            return null;
        }
        return writeBody(exchange, length);
    }

    private void copyFields(Exchange exchange, Map<String, String> added) throws ProxyException {
        ConnectionFields connection = ConnectionFields.of(request.getHeaders("Connection"));
        Enumeration<String> names = request.getHeaderNames();
        while (names.hasMoreElements()) {
            String name = names.nextElement();
            KnownField known = KnownField.of(name);
            if (connection.endsHere(known, name)
                    || ForwardedFields.ours(known, name)
                    || InternalFields.internal(name)
                    || claimsIdentity(name)
                    || (!added.isEmpty() && holds(added, name))) {
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
                        int left = sent.getMethod().equals("OPTIONS") ? maxForwards(sent) : -1;
                        if (left > 0) {
                            exchange.field(name, Integer.toString(left - 1));
                            continue;
                        }
                    }
                    default -> {}
                }
            }
            Enumeration<String> values = request.getHeaders(name);
            while (values.hasMoreElements()) {
                exchange.field(name, values.nextElement());
            }
        }
        String cookies = cookies();
        if (cookies != null) {
            exchange.field("Cookie", cookies);
        }
        for (Map.Entry<String, String> field : added.entrySet()) {
            KnownField known = KnownField.of(field.getKey());
            if (!connection.endsHere(known, field.getKey())
                    && !ForwardedFields.ours(known, field.getKey())
                    && (known == null || !WRITTEN_BY_US.contains(known))) {
                exchange.field(field.getKey(), field.getValue());
            }
        }
    }

    /** RFC 9110 §7.6.2: how many more may pass the request on; -1 if that is not said, or cannot be understood. */
    static int maxForwards(HttpServletRequest sent) {
        String value = sent.getHeader("Max-Forwards");
        if (value == null || value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return value.length() > 9 ? 999_999_999 : Integer.parseInt(value);
    }

    /** Tells the zone who is logged in, if it is to know and somebody is. */
    private void writeIdentity(Exchange exchange) throws ProxyException {
        Identity identity = zone.settings().identity();
        if (identity == Identity.NONE) {
            return;
        }
        Principal principal = request.getUserPrincipal();
        String user = principal == null ? null : principal.getName();
        if (user == null || user.isEmpty()) {
            return;
        }
        IdentityTokens tokens = settings.identityTokens();
        if (identity == Identity.JWT && tokens != null) {
            exchange.field("X-Forwarded-Identity", tokens.token(user, zone.name()));
        } else if (identity == Identity.HEADER && isFieldValue(user)) {
            exchange.field("X-Forwarded-User", user);
        } else {
            LOG.log(
                    Level.WARNING,
                    "Zone {0} is not told who is logged in, for the name cannot stand in a field; set"
                            + " mfe.zones.{0}.identity=jwt",
                    zone.name());
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

    private static boolean holds(Map<String, String> fields, String name) {
        for (String field : fields.keySet()) {
            if (field.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Of the container's request: after a login Spring Security shows the fields of the request that was turned away, and with
     * them the session that the login has just ended.
     */
    private @Nullable String cookies() {
        String cookies = CookieFields.toZone(sent.getHeaders("Cookie"));
        return cookies != null && !zone.settings().credentials() ? withoutOurs(cookies) : cookies;
    }

    private @Nullable String withoutOurs(String cookies) {
        List<String> kept = new ArrayList<>();
        for (String pair : cookies.split(";", -1)) {
            int equals = pair.indexOf('=');
            String name = (equals < 0 ? pair : pair.substring(0, equals)).strip();
            // Overrides of flags are for the zones of this site; they too can read them.
            boolean ours = settings.sessionCookies().contains(name)
                    || (zone.settings().external()
                            && (name.equals(FlagsSdk.OVERRIDES_COOKIE) || name.equals(Flags.VISITOR_COOKIE)));
            if (!pair.isBlank() && !ours) {
                kept.add(pair.strip());
            }
        }
        return kept.isEmpty() ? null : String.join("; ", kept);
    }

    /** What the client asked for as it wrote it, unless a filter or the container knows better. */
    private String authority() {
        String host = request.getHeader("Host");
        String name = request.getServerName();
        int port = request.getServerPort();
        if (host != null && host.regionMatches(true, 0, name, 0, name.length())) {
            if (host.length() == name.length() || isPort(host, name.length(), port)) {
                return host;
            }
        }
        boolean usual = port == (request.getScheme().equals("https") ? 443 : 80);
        return usual ? name : name + ":" + port;
    }

    /** Whether a colon and this number, written as usual, are all that follows. */
    private static boolean isPort(String host, int start, int port) {
        int rest = port;
        int i = host.length() - 1;
        while (i > start && rest > 0 && host.charAt(i) == '0' + rest % 10) {
            rest /= 10;
            i--;
        }
        return rest == 0 && i == start && i < host.length() - 1 && host.charAt(i) == ':';
    }

    private @Nullable String joined(String name) {
        Enumeration<String> values = request.getHeaders(name);
        if (!values.hasMoreElements()) {
            return null;
        }
        String first = values.nextElement();
        if (!values.hasMoreElements()) {
            return first;
        }
        StringBuilder all = new StringBuilder(first);
        while (values.hasMoreElements()) {
            all.append(", ").append(values.nextElement());
        }
        return all.toString();
    }

    // ---- body

    private long bodyLength() throws IOException {
        long length = sent.getContentLengthLong();
        if (length >= 0) {
            return length;
        }
        if (sent.getHeader("Transfer-Encoding") != null) {
            return Exchange.CHUNKED;
        }
        // From HTTP/2 on nothing in the head says whether a body follows.
        if (sent.getProtocol().startsWith("HTTP/1")) {
            return NO_BODY;
        }
        try {
            // Of a form that was read its parameters are left.
            return request.getInputStream().isFinished() && !FormBody.isForm(sent) ? NO_BODY : Exchange.CHUNKED;
        } catch (IllegalStateException e) {
            if (sent.getContentType() == null) {
                return NO_BODY;
            }
            throw FormBody.readAsText();
        }
    }

    private @Nullable ResponseHead writeBody(Exchange exchange, long length) throws IOException {
        // RFC 9110 §10.1.1: without a body there is nothing to wait for.
        String expect = length == 0 ? null : request.getHeader("Expect");
        if (expect != null && expect.equalsIgnoreCase("100-continue")) {
            // Nothing asks for the body before the zone does, or the container would tell the client to send it.
            exchange.field("Expect", "100-continue");
            exchange.body(length);
            if (exchange.flush() && exchange.awaitReadable(CONTINUE_MILLIS)) {
                ResponseHead head = exchange.readHead();
                if (!head.interim()) {
                    return head;
                }
            }
        } else if (length == 0) {
            exchange.body(0);
            exchange.finish();
            return null;
        } else {
            FormBody form = FormBody.of(request, sent, length);
            exchange.body(form.length());
            if (!exchange.write(form.start(), 0, form.started())) {
                return null;
            }
            if (form.complete()) {
                exchange.finish();
                return null;
            }
        }
        if (exchange.copyBody(request.getInputStream())) {
            exchange.finish(length == Exchange.CHUNKED ? trailers() : null);
        }
        return null;
    }

    private @Nullable HeaderFields trailers() {
        if (!request.isTrailerFieldsReady()) {
            return null;
        }
        Map<String, String> received = request.getTrailerFields();
        if (received.isEmpty()) {
            return null;
        }
        ConnectionFields connection = ConnectionFields.of(request.getHeaders("Connection"));
        HeaderFields trailers = new HeaderFields();
        received.forEach((name, value) -> {
            KnownField known = KnownField.of(name);
            if (!connection.endsHere(known, name)
                    && !ForwardedFields.ours(known, name)
                    && !InternalFields.internal(name)
                    && !claimsIdentity(name)
                    && (known == null || !NOT_IN_TRAILERS.contains(known))) {
                trailers.add(name, value);
            }
        });
        return trailers;
    }
}
