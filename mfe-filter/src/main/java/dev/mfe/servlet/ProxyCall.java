package dev.mfe.servlet;

import dev.mfe.gateway.Answer;
import dev.mfe.gateway.ClientFields;
import dev.mfe.gateway.DebugFields;
import dev.mfe.gateway.Observed;
import dev.mfe.gateway.Settings;
import dev.mfe.proxy.Exchange;
import dev.mfe.proxy.HeaderFields;
import dev.mfe.proxy.KnownField;
import dev.mfe.proxy.Methods;
import dev.mfe.proxy.ProxyException;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.proxy.ResponseHead;
import dev.mfe.proxy.WaitingClient;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One request on its way to a zone, and the answer on its way back, on the container's thread for as long as that is quick. */
final class ProxyCall implements WaitingClient {

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());

    /** How long a thread waits when many others wait already. */
    private static final int SHORT_WAIT_MILLIS = 50;

    /** How long a thread waits whose client is not seen to leave meanwhile. */
    private static final int LONG_WAIT_MILLIS = 250;

    /** How long a head waits for its body, which mostly follows at once, before it is sent alone. */
    private static final int HEAD_WAIT_MILLIS = 5;

    private final Container container;
    private final Settings settings;
    private final ServletZone zone;
    private final HttpServletRequest request;
    private final HttpServletRequest sent;
    private final HttpServletResponse response;
    private final boolean personal;
    private final @Nullable DebugFields debug;
    private final @Nullable Observed observed;
    private volatile int status;
    private @Nullable Exchange watched;
    private volatile @Nullable ParkedCall parked;
    private volatile boolean left;

    /**
     * Takes what belongs together.
     *
     * @param request as the filters before this one left it
     * @param sent as the container made it
     * @param response the container's own
     * @param personal whether a flag has decided who answers
     * @param debug what to tell the client about that, if anything
     * @param observed who wants to know how it goes, if anybody
     */
    ProxyCall(
            Container container,
            Settings settings,
            ServletZone zone,
            HttpServletRequest request,
            HttpServletRequest sent,
            HttpServletResponse response,
            boolean personal,
            @Nullable DebugFields debug,
            @Nullable Observed observed) {
        this.container = container;
        this.settings = settings;
        this.zone = zone;
        this.request = request;
        this.sent = sent;
        this.response = response;
        this.personal = personal;
        this.debug = debug;
        this.observed = observed;
    }

    /**
     * Proxies the request, or gets it so far that it goes on without this thread.
     *
     * @param path the path of the request target
     * @return false when the local app is to answer instead, with nothing read of the request and nothing written
     * @throws IOException when the response broke off after its head was sent, so that the container ends the connection
     */
    boolean run(String path) throws IOException {
        if (!request.isAsyncSupported()) {
            container.asyncIsMissing();
        }
        container.enter(sent);
        try {
            return proxy(sent.getMethod(), path);
        } finally {
            container.leave();
        }
    }

    private boolean proxy(String method, String path) throws IOException {
        Exchange exchange = null;
        // Closed here unless it goes on without this thread.
        Exchange open = null;
        boolean goesOn = false;
        zone.counters().requested();
        try {
            ZoneRequest zoneRequest = new ZoneRequest(container, settings, zone, request, sent);
            if (zoneRequest.loops()) {
                count(ProxyFailure.LOOP);
                fail(ProxyFailure.LOOP);
                return true;
            }
            String query = sent.getQueryString();
            exchange = zone.pool().exchange(method, query == null ? path : path + '?' + query);
            open = exchange;
            ClientResponse clientResponse = new ClientResponse(
                    response,
                    new ClientFields(zone.target(), zoneRequest.forwarded(), personal, debug),
                    sent.getProtocol());
            ResponseHead early = zoneRequest.write(exchange, observed);
            if (answer(exchange, clientResponse, early)) {
                goesOn = true;
                open = null;
            } else {
                ended(null);
            }
        } catch (ProxyException e) {
            if (mayFallBack(e, exchange)) {
                LOG.log(Level.WARNING, "Zone {0}: {1}; the local app answers", zone.name(), e.getMessage());
                zone.counters().failed(e.failure());
                if (observed != null) {
                    observed.end(0, e.failure(), true);
                }
                return false;
            }
            fail(e);
        } catch (FormBody.LostException e) {
            LOG.log(
                    Level.ERROR,
                    "{0}; put the microfrontends filter in front of the filter that does, or keep that filter off the"
                            + " paths of zone {1}",
                    e.getMessage(),
                    zone.name());
            count(ProxyFailure.BODY_LOST);
            fail(ProxyFailure.BODY_LOST);
        } catch (IOException e) {
            clientLeft(e);
            throw e;
        } catch (RuntimeException e) {
            if (response.isCommitted()) {
                Connections.abort(sent, response, new BrokenResponseException(zone.name()));
            }
            throw e;
        } finally {
            if (open != null) {
                open.close();
            }
            if (!goesOn) {
                // Where nobody has said how.
                ended(ProxyFailure.CANCELLED);
            }
        }
        return true;
    }

    /**
     * Whether the local app can answer instead: the zone has not seen the request, or it was lost with a connection that
     * turned out to be dead and may be done twice without harm (RFC 9110 §9.2.1), and nobody has touched its body; from HTTP/2 on it is
     * touched to see whether there is one.
     */
    private boolean mayFallBack(ProxyException e, @Nullable Exchange exchange) {
        return zone.settings().fallbackLocal()
                && e.failure().zoneFailed()
                && !e.requestSent()
                && (exchange == null
                        || (Methods.safe(sent.getMethod()) && sent.getProtocol().startsWith("HTTP/1")));
    }

    /** Passes on the answer; returns true when that goes on without this thread, who must let go of the exchange. */
    private boolean answer(Exchange exchange, ClientResponse clientResponse, @Nullable ResponseHead early)
            throws IOException {
        watched = exchange;
        exchange.client(this);
        ResponseHead head = early;
        while (head == null || head.interim()) {
            if (head != null && head.status() == 103 && container.canHint()) {
                clientResponse.earlyHints(head);
            }
            if (!mayWaitHere(exchange)) {
                return leave(exchange, clientResponse, false);
            }
            head = exchange.readHead();
        }
        zone.answered();
        answeredWith(head);
        if (head.status() == 101) {
            clientResponse.switching(head);
            container.tunnel(sent, exchange.detach());
            return false;
        }
        clientResponse.head(head);
        // Its first event may take long, and the filters in front must not add their fields until then.
        boolean stream = isEventStream(head.fields()) && canLeave();
        if (stream || (exchange.mayWait() && !exchange.awaitReadable(HEAD_WAIT_MILLIS))) {
            try {
                response.flushBuffer();
            } catch (IOException e) {
                clientLeft(e);
                return false;
            }
            if (stream || !mayWaitHere(exchange)) {
                return leave(exchange, clientResponse, true);
            }
        }
        return passOn(exchange, clientResponse);
    }

    private boolean passOn(Exchange exchange, ClientResponse clientResponse) throws IOException {
        ServletOutputStream out = null;
        for (ByteBuffer part = exchange.readBody(); part != null; part = exchange.readBody()) {
            try {
                if (out == null) {
                    out = response.getOutputStream();
                }
                out.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
                if (!exchange.mayWait()) {
                    continue;
                }
                out.flush();
            } catch (IOException e) {
                clientLeft(e);
                return false;
            }
            if (!mayWaitHere(exchange)) {
                return leave(exchange, clientResponse, true);
            }
        }
        clientResponse.trailers(exchange.trailers());
        finish(out);
        return false;
    }

    /** Ends the response before the filters in front get it back, for what they set now is meant for the local app's pages. */
    private void finish(@Nullable ServletOutputStream out) {
        try {
            if (out == null) {
                // Not closed, or the container takes the missing body for one of length 0, which the zone may not have
                // said.
                response.flushBuffer();
            } else {
                out.close();
            }
        } catch (IOException e) {
            clientLeft(e);
        }
    }

    @Override
    public @Nullable SocketChannel channel() {
        return Connections.channel(sent, response);
    }

    /** While a thread waits it is woken, and finds the exchange aborted. */
    @Override
    public boolean left() {
        ParkedCall waits = parked;
        if (waits != null) {
            return waits.clientLeft();
        }
        Exchange exchange = watched;
        if (exchange != null) {
            left = true;
            exchange.abort(ProxyFailure.CLIENT_GONE);
        }
        return true;
    }

    /** From now on it is another's to end. */
    void parked(ParkedCall by) {
        parked = by;
    }

    /** Ends the response to a client that has left. */
    void closeClient() {
        if (!response.isCommitted()) {
            // For the access log.
            response.setStatus(ProxyFailure.CLIENT_GONE.status());
        }
        Connections.closeLeft(sent, response, new BrokenResponseException(zone.name()));
    }

    /** Notes the head of the final answer. */
    void answeredWith(ResponseHead head) {
        status = head.status();
    }

    /** The client has taken no more. Closing the exchange, which is not at its end, tells the zone. */
    void clientLeft(@Nullable Throwable e) {
        LOG.log(Level.DEBUG, () -> "The client left while zone " + zone.name() + " answered: " + e);
        count(ProxyFailure.CLIENT_GONE);
    }

    // ---- waiting

    /** Whether this thread may wait for the zone; when it should not, gives the zone a moment first. */
    private boolean mayWaitHere(Exchange exchange) throws ProxyException {
        if (container.crowded(zone)) {
            return !canLeave() || exchange.awaitReadable(SHORT_WAIT_MILLIS);
        }
        // From HTTP/2 on it is the container that sees when a client resets its stream, and it tells only asynchronous
        // requests.
        return sent.getProtocol().startsWith("HTTP/1") || !canLeave() || exchange.awaitReadable(LONG_WAIT_MILLIS);
    }

    private boolean canLeave() {
        // Jetty tells by a wrapper that an earlier filter does not support it.
        return request.isAsyncSupported() && !Container.onVirtualThread();
    }

    private boolean leave(Exchange exchange, ClientResponse clientResponse, boolean headWritten) throws IOException {
        new ParkedCall(container, this, exchange, clientResponse, sent, response).start(headWritten);
        return true;
    }

    private static boolean isEventStream(HeaderFields fields) {
        String type = fields.first(KnownField.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, "text/event-stream", 0, 17);
    }

    // ---- failures

    private void fail(ProxyException e) throws IOException {
        failed(e);
        if (left && e.failure() == ProxyFailure.CLIENT_GONE) {
            closeClient();
            return;
        }
        if (e.failure() == ProxyFailure.CLIENT_GONE && e.getCause() instanceof IOException cause) {
            // The container knows best what its client did.
            throw cause;
        }
        if (response.isCommitted()) {
            BrokenResponseException broken = new BrokenResponseException(zone.name());
            Connections.abort(sent, response, broken);
            throw broken;
        }
        fail(e.failure());
    }

    /** Notes a failure, once for each call. */
    void failed(ProxyException e) {
        if (!response.isCommitted()) {
            // The zone's head never got out.
            status = 0;
        }
        count(e.failure());
        if (e.failure() == ProxyFailure.CLIENT_GONE) {
            LOG.log(Level.DEBUG, () -> "The client left zone " + zone.name() + ": " + e);
        } else {
            LOG.log(Level.WARNING, "Zone {0}: {1}", zone.name(), e.getMessage());
            LOG.log(Level.DEBUG, "Zone " + zone.name(), e);
        }
    }

    /** Notes that it was neither the zone nor the client. */
    void broken(RuntimeException e) {
        if (!response.isCommitted()) {
            status = 0;
        }
        LOG.log(Level.ERROR, "An answer of zone " + zone.name() + " could not be passed on", e);
        count(ProxyFailure.CANCELLED);
    }

    private void count(ProxyFailure failure) {
        zone.counters().failed(failure);
        ended(failure);
    }

    /** Tells who observes how it ended; only the first call counts. */
    void ended(@Nullable ProxyFailure failure) {
        if (observed != null) {
            observed.end(status != 0 || failure == null ? status : failure.status(), failure, false);
        }
    }

    /** Answers while nothing was sent yet. */
    void fail(ProxyFailure failure) throws IOException {
        response.reset();
        if (debug != null) {
            debug.write(response::setHeader);
        }
        MicrofrontendsFilter.write(Answer.to(failure), sent, response);
    }

    ServletZone zone() {
        return zone;
    }

    String zoneName() {
        return zone.name();
    }
}
