package dev.mfe.servlet;

import dev.mfe.proxy.ConnectionFields;
import dev.mfe.proxy.CookieFields;
import dev.mfe.proxy.Exchange;
import dev.mfe.proxy.ForwardedFields;
import dev.mfe.proxy.HeaderFields;
import dev.mfe.proxy.InternalFields;
import dev.mfe.proxy.KnownField;
import dev.mfe.proxy.ProxyException;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.proxy.ResponseHead;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request on its way to a zone, and the answer on its way back. */
final class ProxyCall {

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());

    /** How long a client that asked to be told waits for the zone's word before its body is sent all the same. */
    private static final int CONTINUE_MILLIS = 1000;

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

    private final Gateway gateway;
    private final Settings settings;
    private final ProxiedZone zone;
    private final HttpServletRequest request;
    private final HttpServletRequest sent;
    private final HttpServletResponse response;

    private @Nullable ForwardedFields forwarded;

    /**
     * Takes what belongs together.
     *
     * @param request as the filters before this one left it; its fields and body count
     * @param sent as the container made it; its method and target count
     * @param response the container's own
     */
    ProxyCall(
            Gateway gateway,
            Settings settings,
            ProxiedZone zone,
            HttpServletRequest request,
            HttpServletRequest sent,
            HttpServletResponse response) {
        this.gateway = gateway;
        this.settings = settings;
        this.zone = zone;
        this.request = request;
        this.sent = sent;
        this.response = response;
    }

    /**
     * Proxies the request.
     *
     * @param path the path of the request target
     * @return false when the local app is to answer instead, with nothing read of the request and nothing written
     * @throws IOException when the response broke off after its head was sent, so that the container ends the connection
     */
    boolean run(String path) throws IOException {
        String method = sent.getMethod();
        if (method.equals("TRACE") || method.equals("CONNECT")) {
            // RFC 9110 §9.3.8: TRACE would show the client what we add; CONNECT is for proxies that the client chose.
            Gateway.answer(
                    response, method.equals("TRACE") ? 405 : 501, "The method " + method + " is not possible here.");
            return true;
        }
        String via = joined("Via");
        if (gateway.via().passedBefore(via)) {
            Gateway.answer(response, ProxyFailure.LOOP.status(), "This request goes round in a circle.");
            return true;
        }
        Exchange exchange;
        try {
            String query = sent.getQueryString();
            exchange = zone.pool().exchange(method, query == null ? path : path + '?' + query);
        } catch (ProxyException e) {
            if (zone.settings().fallbackLocal() && e.failure() != ProxyFailure.BAD_REQUEST) {
                LOG.log(Level.WARNING, "Zone {0}: {1}; the local app answers", zone.name(), e.getMessage());
                return false;
            }
            fail(e);
            return true;
        }
        try (exchange) {
            ResponseHead head = writeRequest(exchange, via);
            while (head == null || head.interim()) {
                head = exchange.readHead();
            }
            writeHead(head);
            copyBody(exchange);
        } catch (ProxyException e) {
            fail(e);
        } catch (IOException e) {
            // What was written to the client did not arrive: it has left, and closing the exchange tells the zone.
            LOG.log(Level.DEBUG, () -> "The client left while zone " + zone.name() + " answered: " + e);
        }
        return true;
    }

    // ---- request

    /** Sends the request; returns the head of an answer that came before its body was sent, else null. */
    private @Nullable ResponseHead writeRequest(Exchange exchange, @Nullable String via) throws IOException {
        ForwardedFields about = forwardedFields();
        forwarded = about;
        String authority = zone.settings().preserveHost() ? about.host() : zone.authority();
        exchange.field("Host", authority);
        copyFields(exchange);
        exchange.field("X-Forwarded-For", about.clientAddresses());
        exchange.field("X-Forwarded-Host", about.host());
        exchange.field("X-Forwarded-Proto", about.scheme());
        exchange.field("X-Forwarded-Port", about.port());
        String prefix = about.prefix();
        if (prefix != null) {
            exchange.field("X-Forwarded-Prefix", prefix);
        }
        exchange.field("Forwarded", about.forwarded());
        exchange.field("Via", gateway.via().append(via, sent.getProtocol()));
        long length = bodyLength();
        if (length == NO_BODY) {
            exchange.send();
            return null;
        }
        return writeBody(exchange, length);
    }

    private static final long NO_BODY = -2;

    private long bodyLength() throws IOException {
        long length = sent.getContentLengthLong();
        if (length >= 0) {
            return length;
        }
        if (sent.getHeader("Transfer-Encoding") != null) {
            return Exchange.CHUNKED;
        }
        // From HTTP/2 on nothing in the head says whether a body follows.
        boolean unframed = !sent.getProtocol().startsWith("HTTP/1");
        return unframed && !request.getInputStream().isFinished() ? Exchange.CHUNKED : NO_BODY;
    }

    private @Nullable ResponseHead writeBody(Exchange exchange, long length) throws IOException {
        // RFC 9110 §10.1.1: without a body there is nothing to wait for.
        String expect = length == 0 ? null : request.getHeader("Expect");
        boolean wait = expect != null && expect.equalsIgnoreCase("100-continue");
        if (wait) {
            exchange.field("Expect", "100-continue");
        }
        exchange.body(length);
        if (wait && exchange.flush() && exchange.awaitReadable(CONTINUE_MILLIS)) {
            ResponseHead head = exchange.readHead();
            if (!head.interim()) {
                return head;
            }
        }
        if (exchange.copyBody(request.getInputStream())) {
            exchange.finish();
        }
        return null;
    }

    private void copyFields(Exchange exchange) throws ProxyException {
        ConnectionFields connection = ConnectionFields.of(request.getHeaders("Connection"));
        Enumeration<String> names = request.getHeaderNames();
        while (names.hasMoreElements()) {
            String name = names.nextElement();
            KnownField known = KnownField.of(name);
            if (connection.endsHere(known, name)
                    || ForwardedFields.ours(known, name)
                    || InternalFields.internal(name)) {
                continue;
            }
            if (known != null) {
                switch (known) {
                    case HOST, VIA, CONTENT_LENGTH, EXPECT -> {
                        continue;
                    }
                    case COOKIE -> {
                        String cookies = cookies();
                        if (cookies != null) {
                            exchange.field("Cookie", cookies);
                        }
                        continue;
                    }
                    case AUTHORIZATION -> {
                        if (zone.settings().external()) {
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
    }

    private @Nullable String cookies() {
        String cookies = CookieFields.toZone(request.getHeaders("Cookie"));
        return cookies != null && zone.settings().external() ? withoutSessions(cookies) : cookies;
    }

    private @Nullable String withoutSessions(String cookies) {
        List<String> kept = new ArrayList<>();
        for (String pair : cookies.split(";", -1)) {
            int equals = pair.indexOf('=');
            String name = (equals < 0 ? pair : pair.substring(0, equals)).strip();
            if (!pair.isBlank() && !settings.sessionCookies().contains(name)) {
                kept.add(pair.strip());
            }
        }
        return kept.isEmpty() ? null : String.join("; ", kept);
    }

    private ForwardedFields forwardedFields() throws ProxyException {
        String peer = request.getRemoteAddr();
        return ForwardedFields.of(
                peer,
                settings.trustedProxies().contains(peer),
                request.getScheme(),
                authority(),
                field -> joined(field.canonicalName()));
    }

    /** What the client asked for as it wrote it, unless a filter or the container knows better. */
    private String authority() {
        String host = request.getHeader("Host");
        String name = request.getServerName();
        int port = request.getServerPort();
        if (host != null && host.startsWith(name)) {
            String rest = host.substring(name.length());
            if (rest.isEmpty() || rest.equals(":" + port)) {
                return host;
            }
        }
        boolean usual = port == (request.getScheme().equals("https") ? 443 : 80);
        return usual ? name : name + ":" + port;
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

    // ---- response

    private void writeHead(ResponseHead head) {
        boolean others = clearLocalApps();
        response.setStatus(head.status());
        HeaderFields fields = head.fields();
        ConnectionFields connection = ConnectionFields.of(fields);
        for (int i = 0; i < fields.size(); i++) {
            KnownField known = fields.known(i);
            String name = fields.name(i);
            if (known == KnownField.CONTENT_LENGTH || connection.endsHere(known, name)) {
                continue;
            }
            String value = known == null ? fields.value(i) : toPublic(known, fields.value(i));
            // Cookies and reasons to vary add up; of anything else there is one, and the zone's wins.
            if (others && known != KnownField.SET_COOKIE && known != KnownField.VARY && isFirst(fields, i)) {
                response.setHeader(name, value);
            } else {
                response.addHeader(name, value);
            }
        }
        if (head.contentLength() >= 0) {
            response.setContentLengthLong(head.contentLength());
        }
    }

    private String toPublic(KnownField known, String value) {
        ForwardedFields about = forwarded;
        if (about == null) {
            return value;
        }
        return switch (known) {
            case LOCATION, CONTENT_LOCATION, REFRESH ->
                zone.redirects().rewrite(known, value, about.scheme(), about.host());
            case SET_COOKIE -> CookieFields.fromZone(value, zone.pool().origin().host(), hostOf(about.host()));
            default -> value;
        };
    }

    private static String hostOf(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || authority.endsWith("]") ? authority : authority.substring(0, colon);
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
            Map<String, List<String>> kept = new LinkedHashMap<>();
            for (String name : names) {
                KnownField known = KnownField.of(name);
                if (known == null || !LOCAL_APPS_OWN.contains(known)) {
                    kept.put(name, List.copyOf(response.getHeaders(name)));
                }
            }
            response.reset();
            kept.forEach((name, values) -> {
                response.setHeader(name, values.get(0));
                values.subList(1, values.size()).forEach(value -> response.addHeader(name, value));
            });
        }
        return true;
    }

    private void copyBody(Exchange exchange) throws IOException {
        ServletOutputStream out = null;
        for (ByteBuffer part = exchange.readBody(); part != null; part = exchange.readBody()) {
            if (out == null) {
                out = response.getOutputStream();
            }
            out.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
            if (exchange.mayWait()) {
                out.flush();
            }
        }
    }

    // ---- failures

    private void fail(ProxyException e) throws IOException {
        if (e.failure() == ProxyFailure.CLIENT_GONE) {
            LOG.log(Level.DEBUG, () -> "The client left before zone " + zone.name() + " had its request: " + e);
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
        } else {
            LOG.log(Level.WARNING, "Zone {0}: {1}", zone.name(), e.getMessage());
            LOG.log(Level.DEBUG, "Zone " + zone.name(), e);
        }
        if (response.isCommitted()) {
            throw new BrokenResponseException(zone.name());
        }
        response.reset();
        Gateway.answer(
                response,
                e.failure().status(),
                switch (e.failure()) {
                    case BAD_REQUEST -> "This request cannot be passed on.";
                    case CLIENT_GONE -> "The request was not sent to its end.";
                    case UNREACHABLE -> "This part of the site cannot be reached at the moment.";
                    case BAD_RESPONSE -> "This part of the site gave no valid answer.";
                    case OVERLOADED, CANCELLED -> "This part of the site has too much to do at the moment.";
                    case TIMEOUT -> "This part of the site did not answer in time.";
                    case LOOP -> "This request goes round in a circle.";
                });
    }
}
