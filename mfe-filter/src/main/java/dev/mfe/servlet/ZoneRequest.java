package dev.mfe.servlet;

import dev.mfe.gateway.ClientRequest;
import dev.mfe.gateway.Observed;
import dev.mfe.gateway.Settings;
import dev.mfe.gateway.ZoneFields;
import dev.mfe.proxy.Exchange;
import dev.mfe.proxy.ForwardedFields;
import dev.mfe.proxy.HeaderFields;
import dev.mfe.proxy.ProxyException;
import dev.mfe.proxy.ResponseHead;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.Principal;
import java.util.Enumeration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The client's request, written as the request to a zone. */
final class ZoneRequest implements ClientRequest {

    private static final long NO_BODY = -2;

    /** How long a client that asked to be told waits for the zone's word before its body is sent all the same. */
    private static final int CONTINUE_MILLIS = 1000;

    private final Container container;
    private final HttpServletRequest request;
    private final HttpServletRequest sent;
    private final ZoneFields fields;

    /**
     * Takes what belongs together.
     *
     * @param request as the filters before this one left it; its fields, but for cookies, and body count
     * @param sent as the container made it; its method, target and cookies count
     * @throws ProxyException when the client names no valid host
     */
    ZoneRequest(
            Container container,
            Settings settings,
            ServletZone zone,
            HttpServletRequest request,
            HttpServletRequest sent)
            throws ProxyException {
        this.container = container;
        this.request = request;
        this.sent = sent;
        this.fields = new ZoneFields(container.via(), settings, zone.target(), this);
    }

    /** What the zone is told about the client, and the client may be told about the zone. */
    ForwardedFields forwarded() {
        return fields.forwarded();
    }

    /** Whether the request was here before. */
    boolean loops() {
        return fields.loops();
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
        String upgrade = fields.upgrade();
        fields.write(
                exchange,
                observed == null ? Map.of() : observed.requestFields(),
                upgrade != null && container.canUpgrade(sent) ? upgrade : null);
        long length = bodyLength();
        if (length == NO_BODY) {
            exchange.send();
            return null;
        }
        return writeBody(exchange, length);
    }

    // ---- head

    @Override
    public String method() {
        return sent.getMethod();
    }

    @Override
    public String protocol() {
        return sent.getProtocol();
    }

    @Override
    public String scheme() {
        return request.getScheme();
    }

    @Override
    public String peer() {
        return request.getRemoteAddr();
    }

    @Override
    public Enumeration<String> fieldNames() {
        return request.getHeaderNames();
    }

    @Override
    public Enumeration<String> fields(String name) {
        return request.getHeaders(name);
    }

    @Override
    public @Nullable String field(String name) {
        return request.getHeader(name);
    }

    /**
     * Of the container's request: after a login Spring Security shows the fields of the request that was turned away, and with
     * them the session that the login has just ended.
     */
    @Override
    public Enumeration<String> cookieLines() {
        return sent.getHeaders("Cookie");
    }

    @Override
    public @Nullable String user() {
        Principal principal = request.getUserPrincipal();
        return principal == null ? null : principal.getName();
    }

    /** What the client asked for as it wrote it, unless a filter or the container knows better. */
    @Override
    public String authority() {
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
            return isFinished(request.getInputStream()) && !FormBody.isForm(sent) ? NO_BODY : Exchange.CHUNKED;
        } catch (IllegalStateException e) {
            if (sent.getContentType() == null) {
                return NO_BODY;
            }
            throw FormBody.readAsText();
        }
    }

    private boolean isFinished(ServletInputStream body) throws IOException {
        if (body.isFinished() || sent.getHeader("Expect") != null) {
            return body.isFinished();
        }
        // Undertow knows only when it has looked, which is to read without waiting.
        return body.available() == 0 && body.isFinished();
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
        return request.isTrailerFieldsReady() ? fields.trailers(request.getTrailerFields()) : null;
    }
}
