package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.gateway.Answer;
import dev.mfe.gateway.ClientFields;
import dev.mfe.gateway.DebugFields;
import dev.mfe.gateway.Observed;
import dev.mfe.gateway.Settings;
import dev.mfe.gateway.ZoneFields;
import dev.mfe.proxy.FieldBytes;
import dev.mfe.proxy.HeaderFields;
import dev.mfe.proxy.Methods;
import dev.mfe.proxy.ProxyException;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.proxy.RequestSyntax;
import dev.mfe.proxy.ResponseDecoder;
import dev.mfe.proxy.ResponseHead;
import dev.mfe.proxy.ViaField;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a zone, and the answer on its way back. Everything here runs on the event loop of the client's
 * connection, which is also that of the connection to the zone.
 *
 * <p>What comes in one read of the zone's socket goes out in one write: head, body and end are held until that read is over.
 */
final class ProxyCall extends Lane.Entry {

    private static final Logger LOG = System.getLogger(MicrofrontendsHandler.class.getName());

    private static final long NO_BODY = -2;
    private static final long CHUNKED = -1;

    /** How long a client that asked to be told waits for the zone's word before its body is sent all the same. */
    private static final long CONTINUE_TICKS = Lane.ticks(Duration.ofSeconds(1));

    /** More is not held back for the rest of a read. */
    private static final int HELD_BYTES = 64 * 1024;

    private static final @Nullable Handler<AsyncResult<Void>> NOBODY = null;

    private final ViaField via;
    private final Settings settings;
    private final VertxZone zone;
    private final Lane lane;
    private final ContextInternal context;
    private final RoutingContext routing;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final VertxClientRequest client;
    private final String target;
    private final boolean personal;
    private final @Nullable DebugFields debug;
    private final @Nullable Observed observed;
    private final Runnable localApp;
    private final boolean endsWithHead;
    private final boolean leavePaused;
    private final @Nullable RequestTrailers requestTrailers;
    private final HttpMethod method;
    private final HttpVersion version;

    private @Nullable ZoneFields zoneFields;
    private @Nullable ClientFields clientFields;
    private @Nullable Map<String, String> added;

    // The request.
    private long length = NO_BODY;
    private boolean bodyTouched;
    private boolean requestPaused;
    private @Nullable Buffer given;
    private @Nullable HttpClientRequest zoneRequest;
    private @Nullable ResponseReader reader;
    private @Nullable Buffer heldUpload;
    private boolean uploadFlushDue;
    private boolean requestHeadSent;
    private boolean requestSent;
    private boolean upgrading;
    private @Nullable TunnelEnd zoneEnd;
    private boolean awaitsContinue;
    private boolean uploadBlocked;
    private boolean uploadStopped;
    private boolean mayRepeat;
    private boolean repeated;

    // The response.
    private int status;
    private boolean headCame;
    private boolean headDue;
    private boolean headWritten;
    private boolean untilClose;
    private boolean responseBlocked;
    private boolean closeAfter;
    private @Nullable ByteBuf held;

    private boolean entered;
    private boolean ended;

    /**
     * Takes what belongs together.
     *
     * @param via by what name this instance is known
     * @param asked the request
     * @param client the same, as the core sees it
     * @param personal whether others may get another answer
     * @param debug what to tell the client about the decision, if anything
     * @param observed who wants to know how it goes, if anybody
     * @param localApp lets the local app answer instead, with nothing read of the request and nothing written
     */
    ProxyCall(
            ViaField via,
            Settings settings,
            VertxZone zone,
            Lane lane,
            Asked asked,
            VertxClientRequest client,
            boolean personal,
            @Nullable DebugFields debug,
            @Nullable Observed observed,
            Runnable localApp) {
        this.via = via;
        this.settings = settings;
        this.zone = zone;
        this.lane = lane;
        this.context = asked.context;
        this.routing = asked.routing;
        this.request = routing.request();
        this.response = routing.response();
        this.endsWithHead = asked.endsWithHead();
        this.requestTrailers = asked.trailers();
        this.leavePaused = asked.camePaused && zone.settings().fallbackLocal();
        this.requestPaused = asked.paused() || leavePaused;
        this.client = client;
        this.target = asked.target();
        this.personal = personal;
        this.debug = debug;
        this.observed = observed;
        this.localApp = localApp;
        this.method = request.method();
        this.version = request.version() == null ? HttpVersion.HTTP_1_0 : request.version();
    }

    // ---- to the zone

    /**
     * Begins.
     *
     * @param stopping whether the app stops, and takes no new requests
     */
    void start(boolean stopping) {
        zone.counters().requested();
        try {
            ZoneFields fields = new ZoneFields(via, settings, zone.target(), client);
            zoneFields = fields;
            clientFields = new ClientFields(zone.target(), fields.forwarded(), personal, debug);
            if (fields.loops()) {
                fail(ProxyFailure.LOOP, "A request comes back to where it has been", null);
                return;
            }
            RequestSyntax.checkStart(method.name(), target);
        } catch (ProxyException e) {
            fail(e.failure(), String.valueOf(e.getMessage()), e);
            return;
        }
        if (stopping) {
            zone.countRefused();
            fail(ProxyFailure.CANCELLED, "The app stops", null);
        } else if (!zone.enter()) {
            fail(
                    ProxyFailure.OVERLOADED,
                    origin() + " has " + zone.settings().maxInFlight() + " requests in flight, as many as allowed",
                    null);
        } else {
            entered = true;
            lane.add(this);
            response.closeHandler(closed -> clientLeft());
            if (response.closed()) {
                // While a flag took its time.
                clientLeft();
                return;
            }
            readFraming();
        }
    }

    private void readFraming() {
        String contentLength = client.field("Content-Length");
        String transferEncoding = client.joined("Transfer-Encoding");
        if (transferEncoding != null) {
            if (!transferEncoding.equalsIgnoreCase("chunked") || contentLength != null) {
                // RFC 9112 §6.1, §6.3: whoever is in front may have found another end than Vert.x.
                response.headers().set("Connection", "close");
                fail(ProxyFailure.BAD_REQUEST, "The request's body ends nobody knows where", null);
                return;
            }
            length = CHUNKED;
        } else if (contentLength != null) {
            length = number(contentLength);
            if (length < 0) {
                fail(ProxyFailure.BAD_REQUEST, "The request has no valid length", null);
                return;
            }
        } else if (version == HttpVersion.HTTP_2 && !endsWithHead) {
            length = CHUNKED;
        }
        if (hasBody()) {
            if (request.isEnded()) {
                Buffer read = routing.body() == null ? null : routing.body().buffer();
                if (read == null || (length >= 0 && read.length() != length)) {
                    LOG.log(
                            Level.ERROR,
                            "A handler in front has read the body; put the microfrontends handler in front of it, or"
                                    + " keep it off the paths of zone {0}",
                            zone.name());
                    fail(ProxyFailure.BODY_LOST, "A handler in front has read the body", null);
                    return;
                }
                given = read;
                length = read.length();
            } else {
                pauseRequest();
            }
        } else if (zone.settings().fallbackLocal()) {
            // The local app must not find a request whose end has been told to nobody.
            pauseRequest();
        } else {
            resumeRequest();
        }
        connect();
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private boolean hasBody() {
        return length > 0 || length == CHUNKED;
    }

    private void pauseRequest() {
        if (!requestPaused) {
            requestPaused = true;
            request.pause();
        }
    }

    private void resumeRequest() {
        if (requestPaused) {
            requestPaused = false;
            request.resume();
        }
    }

    /** In the client's context, for by that Vert.x chooses the event loop. */
    private void connect() {
        context.dispatch(this, ProxyCall::connectInContext);
    }

    private void connectInContext() {
        expireAfter(lane, zone.connectTicks());
        VertxZone.Client connections = zone.client(lane);
        HttpClient from = repeated ? connections.fresh(lane) : connections.pooled();
        RequestOptions options = connections.options().setMethod(method).setURI(target);
        try {
            from.request(options, this::connected);
        } catch (IllegalStateException e) {
            fail(ProxyFailure.CANCELLED, "The connections to " + origin() + " are closing", e);
        }
    }

    private void connected(AsyncResult<HttpClientRequest> result) {
        if (result.failed()) {
            Throwable cause = result.cause();
            boolean late = cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException;
            fail(
                    late ? ProxyFailure.TIMEOUT : ProxyFailure.UNREACHABLE,
                    origin() + (late ? " did not connect in time" : " cannot be reached"),
                    cause);
            return;
        }
        HttpClientRequest made = result.result();
        // Whatever happens to the connection, the reader says it better.
        made.exceptionHandler(error -> {});
        if (ended) {
            made.reset(0);
            return;
        }
        zoneRequest = made;
        boolean reused = made.streamId() > 1;
        if (reused) {
            zone.countReused();
        }
        ZoneFields fields = Objects.requireNonNull(zoneFields);
        // Vert.x leaves HTTP after GET only.
        String upgrade = method.equals(HttpMethod.GET) && !hasBody() ? fields.upgrade() : null;
        mayRepeat = reused && !hasBody() && upgrade == null && Methods.idempotent(method.name());
        ResponseReader reading = ResponseReader.of(((ConnectionBase) made.connection()).channel(), lane);
        FieldBytes out = reading.writer().begin();
        boolean expects;
        try {
            fields.write(out, addedFields(), upgrade);
            if (length >= 0) {
                out.field("Content-Length", Long.toString(length));
            }
            expects = hasBody()
                    && given == null
                    && version != HttpVersion.HTTP_1_0
                    && "100-continue".equalsIgnoreCase(client.field("Expect"));
            if (expects) {
                out.field("Expect", "100-continue");
            }
        } catch (ProxyException e) {
            made.reset(0);
            fail(e.failure(), String.valueOf(e.getMessage()), e);
            return;
        } catch (RuntimeException e) {
            // Of the app's: who is logged in is for others to say.
            made.reset(0);
            fail(ProxyFailure.CANCELLED, "The fields of a request cannot be told", e);
            return;
        }
        reader = reading;
        reading.begin(this, method.equals(HttpMethod.HEAD), upgrade != null);
        send(made, upgrade != null, expects);
    }

    /** What Vert.x is told of the fields is what it goes by; the zone gets those of the {@link RequestWriter}. */
    private void send(HttpClientRequest made, boolean upgrade, boolean expects) {
        if (length == CHUNKED) {
            made.setChunked(true);
        } else if (hasBody()) {
            made.headers().add("Content-Length", Long.toString(length));
        }
        if (!hasBody() || given != null) {
            requestHeadSent = true;
            requestSent = true;
            if (upgrade) {
                upgrading = true;
                made.headers().add("Connection", "Upgrade");
                made.connect(this::switched);
            } else if (given != null) {
                made.end(given, NOBODY);
            } else {
                made.end(NOBODY);
            }
            arm();
        } else if (expects) {
            awaitsContinue = true;
            requestHeadSent = true;
            made.sendHead(NOBODY);
            expireAfter(lane, CONTINUE_TICKS);
        } else {
            startUpload();
        }
    }

    private Map<String, String> addedFields() {
        Map<String, String> known = added;
        if (known == null) {
            known = observed == null ? Map.of() : observed.requestFields();
            added = known;
        }
        return known;
    }

    // ---- the body of the request

    private void continueNow() {
        awaitsContinue = false;
        response.writeContinue();
        startUpload();
    }

    private void startUpload() {
        bodyTouched = true;
        request.handler(this::uploadPart);
        request.endHandler(end -> uploadEnd());
        // The head travels with the first bytes, if these are here already.
        flushUploadLater();
        arm();
        requestPaused = false;
        request.resume();
    }

    private void uploadPart(Buffer part) {
        if (ended || uploadStopped) {
            return;
        }
        Buffer before = heldUpload;
        if (before != null) {
            writeUpload(before);
        }
        heldUpload = part;
        flushUploadLater();
    }

    private void flushUploadLater() {
        if (!uploadFlushDue) {
            uploadFlushDue = true;
            lane.loop().execute(this::flushUpload);
        }
    }

    private void flushUpload() {
        uploadFlushDue = false;
        HttpClientRequest to = zoneRequest;
        if (ended || requestSent || uploadStopped || to == null) {
            return;
        }
        Buffer part = heldUpload;
        if (part != null) {
            heldUpload = null;
            writeUpload(part);
        } else if (!requestHeadSent) {
            requestHeadSent = true;
            to.sendHead(NOBODY);
        }
    }

    private void writeUpload(Buffer part) {
        HttpClientRequest to = Objects.requireNonNull(zoneRequest);
        requestHeadSent = true;
        to.write(part, NOBODY);
        if (!uploadBlocked && to.writeQueueFull()) {
            uploadBlocked = true;
            pauseRequest();
            to.drainHandler(room -> uploadDrained());
            arm();
        }
    }

    private void uploadDrained() {
        uploadBlocked = false;
        if (!ended && !uploadStopped) {
            resumeRequest();
            arm();
        }
    }

    private void uploadEnd() {
        if (ended || uploadStopped) {
            return;
        }
        HttpClientRequest to = Objects.requireNonNull(zoneRequest);
        HeaderFields trailers = requestTrailers == null
                ? null
                : Objects.requireNonNull(zoneFields).trailers(requestTrailers.fields());
        if (trailers != null) {
            if (!requestHeadSent) {
                to.sendHead(NOBODY);
            }
            Objects.requireNonNull(reader).writer().trailers(trailers);
        }
        Buffer last = heldUpload;
        heldUpload = null;
        requestHeadSent = true;
        requestSent = true;
        uploadBlocked = false;
        if (last == null) {
            to.end(NOBODY);
        } else {
            to.end(last, NOBODY);
        }
        arm();
    }

    /** The zone wants no more of it. The client is read to the end, or it may never look at the answer. */
    private void stopUpload() {
        uploadStopped = true;
        heldUpload = null;
        if (awaitsContinue) {
            // Nobody knows whether the body still comes.
            awaitsContinue = false;
            closeAfter = version == HttpVersion.HTTP_1_1;
        } else {
            discardRequest();
        }
    }

    private void discardRequest() {
        if (!request.isEnded()) {
            request.handler(null);
            request.endHandler(null);
        }
        // Also where somebody in front has paused it.
        requestPaused = false;
        request.resume();
    }

    // ---- from the zone

    /** A head has come, an interim one or the final one. */
    void head(ResponseHead head, ResponseDecoder decoder) {
        if (ended) {
            return;
        }
        if (head.interim()) {
            if (head.status() == 100 && awaitsContinue) {
                continueNow();
            } else if (head.status() == 103 && version != HttpVersion.HTTP_1_0) {
                writeHints(head);
            }
            return;
        }
        headCame = true;
        status = head.status();
        if (requestSent) {
            resumeRequest();
        }
        zone.counters().answered(System.nanoTime());
        if (!requestSent && (awaitsContinue || status >= 400 || !decoder.keepsConnection())) {
            stopUpload();
        }
        fill(head);
    }

    private void writeHints(ResponseHead head) {
        MultiMap hints = MultiMap.caseInsensitiveMultiMap();
        // RFC 9113 §8.2: Vert.x sees to small letters in the final head only.
        boolean small = version == HttpVersion.HTTP_2;
        ClientFields.interim(
                head.fields(), (name, value) -> hints.add(small ? name.toLowerCase(Locale.ROOT) : name, value));
        response.writeEarlyHints(hints, sent -> {});
    }

    private void fill(ResponseHead head) {
        MultiMap headers = response.headers();
        boolean others = clearLocalPages(headers);
        response.setStatusCode(head.status());
        Objects.requireNonNull(clientFields).write(head.fields(), others, headers::add, headers::set);
        if (head.contentLength() >= 0) {
            headers.set("Content-Length", Long.toString(head.contentLength()));
        } else if (!method.equals(HttpMethod.HEAD) && head.status() != 204 && head.status() != 304) {
            if (version == HttpVersion.HTTP_1_1) {
                response.setChunked(true);
            } else {
                untilClose = version == HttpVersion.HTTP_1_0;
            }
        }
        if (closeAfter) {
            headers.set("Connection", "close");
        }
        headDue = true;
    }

    /** Whether the response holds fields of others, when those of the local app's pages are taken out. */
    private static boolean clearLocalPages(MultiMap headers) {
        if (headers.isEmpty()) {
            return false;
        }
        headers.names().stream().filter(ClientFields::isLocalPages).toList().forEach(headers::remove);
        return true;
    }

    /** Bytes of the body have come, the first ones of a buffer. */
    void data(ByteBuf in, int size) {
        if (ended) {
            in.skipBytes(size);
            return;
        }
        ByteBuf before = held;
        if (before == null) {
            before = Unpooled.buffer(size);
            held = before;
        }
        before.writeBytes(in, size);
        if (before.readableBytes() >= HELD_BYTES) {
            flush();
        }
    }

    /** Nothing more is there to read. */
    void flush() {
        if (!ended && headCame && (headDue || held != null)) {
            context.dispatch(this, ProxyCall::write);
        }
    }

    private void write() {
        ByteBuf part = held;
        held = null;
        headDue = false;
        headWritten = true;
        response.write(part == null ? Buffer.buffer() : BufferImpl.buffer(part), NOBODY);
        if (!responseBlocked && response.writeQueueFull()) {
            responseBlocked = true;
            pauseZone(true);
            response.drainHandler(room -> responseDrained());
        }
        arm();
    }

    private void responseDrained() {
        responseBlocked = false;
        if (!ended) {
            pauseZone(false);
            arm();
        }
    }

    private void pauseZone(boolean paused) {
        ResponseReader from = reader;
        if (from != null) {
            from.pause(paused);
        }
    }

    /**
     * The response is complete.
     *
     * @return whether the request is too, so that the connection can be used again
     */
    boolean end(HeaderFields trailers) {
        if (ended) {
            return false;
        }
        over();
        boolean complete = requestSent;
        if (!complete && !uploadStopped) {
            stopUpload();
        }
        Map<String, String> kept = untilClose ? Map.of() : ClientFields.trailers(trailers);
        context.dispatch(kept, this::writeEnd);
        if (observed != null) {
            observed.end(status, null, false);
        }
        // To Vert.x a request that may leave HTTP never ends.
        return complete && !upgrading;
    }

    private void writeEnd(Map<String, String> trailers) {
        if (version == HttpVersion.HTTP_2 || (!trailers.isEmpty() && response.isChunked())) {
            trailers.forEach(response::putTrailer);
        }
        ByteBuf last = held;
        held = null;
        if (last == null) {
            response.end(NOBODY);
        } else {
            response.end(BufferImpl.buffer(last), NOBODY);
        }
        closeIfDue();
    }

    private void closeIfDue() {
        if (untilClose || closeAfter) {
            request.connection().close();
        }
    }

    // ---- another protocol

    /** The zone switches protocols; Vert.x tells it next. */
    void switching(ResponseHead head, TunnelEnd end) {
        zoneEnd = end;
        if (ended) {
            return;
        }
        status = head.status();
        resumeRequest();
        zone.counters().answered(System.nanoTime());
        MultiMap headers = response.headers();
        boolean others = clearLocalPages(headers);
        Objects.requireNonNull(clientFields).switching(head.fields(), others, headers::add, headers::set);
    }

    private void switched(AsyncResult<HttpClientResponse> result) {
        TunnelEnd toZone = zoneEnd;
        if (toZone == null) {
            return;
        }
        if (ended || result.failed()) {
            toZone.abandon();
            return;
        }
        // What happens to the connections is for the tunnel to see.
        result.result().exceptionHandler(error -> {});
        expireAfter(lane, zone.responseTicks());
        TunnelEnd toClient = TunnelEnd.of((ConnectionBase) request.connection());
        request.toNetSocket().onComplete(opened -> {
            if (ended || opened.failed()) {
                toZone.abandon();
                toClient.abandon();
                fail(ProxyFailure.CANCELLED, "The connection of the client does not leave HTTP", opened.cause());
            } else {
                opened.result().exceptionHandler(error -> {});
                ended = true;
                lane.remove(this);
                if (observed != null) {
                    observed.end(status, null, false);
                }
                new ZoneTunnel(lane, zone, toClient, toZone).open();
            }
        });
    }

    // ---- ends

    /** Sets the deadline that fits what is waited for now. */
    private void arm() {
        if (uploadBlocked || (headCame && !responseBlocked)) {
            expireAfter(lane, zone.idleTicks());
        } else if (requestSent && !headCame) {
            expireAfter(lane, zone.responseTicks());
        } else {
            // For the client, whose time is the server's to limit.
            expireAfter(lane, 0);
        }
    }

    @Override
    void timedOut() {
        if (awaitsContinue) {
            continueNow();
        } else if (zoneRequest == null) {
            fail(ProxyFailure.TIMEOUT, origin() + " did not connect in time", null);
        } else {
            fail(
                    ProxyFailure.TIMEOUT,
                    origin() + (headCame ? " stopped inside the body" : " did not answer in time"),
                    null);
        }
    }

    @Override
    void cancel() {
        fail(ProxyFailure.CANCELLED, "The request to " + origin() + " was given up", null);
    }

    /**
     * The zone has closed before its response was complete.
     *
     * @param silent whether not a byte of it had come
     * @param inBody whether its head had come
     */
    void zoneClosed(boolean silent, boolean inBody, @Nullable Throwable error) {
        if (ended) {
            return;
        }
        reader = null;
        if (silent && mayRepeat && !repeated) {
            // Closed while idle: the zone has not seen the request, or may see it twice without harm.
            repeated = true;
            zoneRequest = null;
            requestHeadSent = false;
            requestSent = false;
            zone.countStale();
            connect();
            return;
        }
        fail(
                ProxyFailure.BAD_RESPONSE,
                origin() + " broke off " + (inBody ? "inside the body" : "before it answered"),
                error);
    }

    /** What the zone sends is no response. */
    void zoneFailed(ProxyFailure failure, String message, Throwable cause) {
        reader = null;
        fail(failure, message, cause);
    }

    private void clientLeft() {
        fail(ProxyFailure.CLIENT_GONE, "The client left", null);
    }

    private void fail(ProxyFailure failure, String message, @Nullable Throwable cause) {
        if (ended) {
            return;
        }
        // First, for whoever sees the connection close may ask.
        zone.counters().failed(failure);
        over();
        ResponseReader from = reader;
        if (from != null) {
            from.abandon();
        }
        if (mayFallBack(failure)) {
            LOG.log(Level.WARNING, "Zone {0}: {1}; the local app answers", zone.name(), message);
            if (observed != null) {
                observed.end(0, failure, true);
            }
            response.closeHandler(null);
            if (!leavePaused) {
                resumeRequest();
            }
            context.dispatch(localApp);
            return;
        }
        if (!headWritten) {
            // The zone's head never got out.
            status = 0;
        }
        log(failure, message, cause);
        if (observed != null) {
            observed.end(status != 0 ? status : failure.status(), failure, false);
        }
        if (failure == ProxyFailure.CLIENT_GONE) {
            return;
        }
        if (headWritten) {
            abort();
        } else {
            context.dispatch(failure, this::answer);
        }
    }

    private void log(ProxyFailure failure, String message, @Nullable Throwable cause) {
        switch (failure) {
            case CLIENT_GONE -> LOG.log(Level.DEBUG, "The client of a request to zone {0} left", zone.name());
            case LOOP, BODY_LOST -> {
                // Said, or seen by who made the loop.
            }
            default -> {
                LOG.log(Level.WARNING, "Zone {0}: {1}", zone.name(), message);
                LOG.log(Level.DEBUG, "Zone " + zone.name(), cause);
            }
        }
    }

    /** Nothing is under way any more. */
    private void over() {
        ended = true;
        if (entered) {
            lane.remove(this);
            zone.leave();
        }
    }

    /**
     * Whether the local app can answer instead: nobody has touched the body, and the zone has not seen the request, or it was
     * lost with a connection that turned out to be dead and may be done twice without harm (RFC 9110 §9.2.1).
     */
    private boolean mayFallBack(ProxyFailure failure) {
        return zone.settings().fallbackLocal()
                && failure.zoneFailed()
                && zoneRequest == null
                && !bodyTouched
                && (!repeated || Methods.safe(method.name()));
    }

    private void answer(ProxyFailure failure) {
        heldUpload = null;
        held = null;
        MultiMap headers = response.headers();
        headers.clear();
        if (debug != null) {
            debug.write(headers::set);
        }
        MicrofrontendsHandler.write(Answer.to(failure), request, bodyTouched);
        discardRequest();
    }

    /** Ends a response whose head is out, so that nobody takes it for whole. */
    private void abort() {
        if (version == HttpVersion.HTTP_2) {
            response.reset(2);
        } else if (request.connection() instanceof ConnectionBase connection) {
            if (untilClose) {
                connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            }
            // Not by Vert.x, which would wait until the client has taken what was written before.
            var unused = connection.channelHandlerContext().close();
        } else {
            request.connection().close();
        }
    }

    private String origin() {
        return zone.target().origin().toString();
    }
}
