package dev.mfe.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request to an origin and its response. The order of calls is the order of the wire:
 *
 * <pre>{@code
 * try (Exchange exchange = pool.exchange("GET", "/docs?x=1")) {
 *     exchange.field("Host", pool.origin().authority());
 *     exchange.send();                                   // or body(length), copyBody(in), finish()
 *     ResponseHead head = exchange.readHead();           // again while head.interim()
 *     for (ByteBuffer part = exchange.readBody(); part != null; part = exchange.readBody()) { ... }
 * }
 * }</pre>
 *
 * <p>Bodies go one way at a time: that of the response is read when the request is complete. An origin that answers with an
 * error, or says that it closes, ends the sending before that. One that wants to be read before it reads on gets no further,
 * and the exchange fails when the time for one write is over. Over TLS no answer is heard before the request is complete.
 *
 * <p>One thread at a time uses an exchange; only {@link #abort} may be called by any. Every call that waits for the origin
 * fails when the time for it is over. An exchange that is not at its end when it is closed takes its connection with it.
 *
 * @since 0.1
 */
public final class Exchange implements AutoCloseable, FieldWriter {

    /** Length of a body that is sent in chunks. */
    public static final long CHUNKED = -1;

    private static final int CHUNK_HEAD = 6;
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuffer NOTHING_YET = ByteBuffer.allocate(0);

    private enum State {
        OPEN,
        RELEASED,
        ABORTED
    }

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Exchange.class, "state", State.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final OriginPool pool;
    private volatile Connection connection;
    private @Nullable Workspace workspace;
    private @Nullable ByteBuffer big;
    private @Nullable ByteBuffer bigPart;
    private volatile State state = State.OPEN;
    private volatile @Nullable ProxyFailure abortedFor;

    private boolean isHead;
    private boolean upgradeWanted;
    private boolean upgraded;
    private boolean mayRepeat;
    private boolean connectionLost;

    /** Length of the request body: 0, {@link #CHUNKED} or more; what is left to send of it. */
    private long requestLength;

    private long requestLeft;
    private boolean headEnded;
    private boolean requestSent;
    private boolean anythingSent;
    private boolean writeFailed;

    /** An answer that is no HTTP, found by the watchdog. */
    private @Nullable ProxyException heardWhileWriting;

    private Framing framing = Framing.NONE;

    /** Not part of the workspace: a parked exchange gives that away in the middle of a body. */
    private @Nullable ChunkParser chunks;

    private long left;
    private boolean readingHead;
    private boolean anythingReceived;
    private boolean finalHeadCame;
    private boolean headRead;
    private boolean inTrailers;
    private boolean lastReadFull;
    private boolean keepConnection;
    private int interimResponses;
    private boolean responseArmed;
    private final long idleNanos;

    Exchange(OriginPool pool, Connection connection, Workspace workspace, boolean mayRepeat) {
        this.pool = pool;
        this.connection = connection;
        this.workspace = workspace;
        this.mayRepeat = mayRepeat;
        this.idleNanos = pool.options().idleTimeout().toNanos();
    }

    // ---- request

    void start(String method, String target) throws ProxyException {
        isHead = method.equals("HEAD");
        Workspace space = space();
        space.put(method);
        space.put(" ");
        space.put(target);
        space.put(" HTTP/1.1\r\n");
    }

    /**
     * Adds a field line to the request. Fields that frame the message are refused: {@link #send()} and {@link #body} write
     * those.
     *
     * @param name a token
     * @param value chars up to U+00FF, no controls but tab
     * @throws ProxyException with {@link ProxyFailure#BAD_REQUEST} when name or value cannot be sent
     */
    @Override
    public void field(String name, String value) throws ProxyException {
        if (headEnded) {
            throw new IllegalStateException("The head of the request is complete");
        }
        KnownField known = name.length() == 7 || name.length() > 13 ? KnownField.of(name) : null;
        if (known == KnownField.CONTENT_LENGTH || known == KnownField.TRANSFER_ENCODING) {
            throw new IllegalArgumentException(name + " follows from the body");
        }
        upgradeWanted |= known == KnownField.UPGRADE;
        space().putField(name, value);
    }

    /**
     * Sends a request without a body.
     *
     * @throws ProxyException when the time is over or the exchange was aborted
     */
    public void send() throws ProxyException {
        Workspace space = endHead();
        space.put('\r', '\n');
        flush();
        requestComplete();
    }

    /**
     * Ends the head of a request with a body. Nothing is sent yet, so that the head travels with the first bytes of the
     * body; call {@link #flush()} where the body has to wait, as with {@code Expect: 100-continue}.
     *
     * @param length the exact length, 0 included, or {@link #CHUNKED}
     * @throws ProxyException when the head is too large
     */
    public void body(long length) throws ProxyException {
        Workspace space = endHead();
        if (length == CHUNKED) {
            space.put("Transfer-Encoding: chunked\r\n\r\n");
        } else if (length >= 0) {
            space.putField("Content-Length", Long.toString(length));
            space.put('\r', '\n');
        } else {
            throw new IllegalArgumentException("A length of " + length);
        }
        requestLength = length;
        requestLeft = length;
    }

    private Workspace endHead() {
        if (headEnded) {
            throw new IllegalStateException("The head of the request is complete");
        }
        headEnded = true;
        return space();
    }

    /**
     * Sends what was written so far.
     *
     * @return false when the origin has stopped reading; read its answer now
     * @throws ProxyException when the time is over or the exchange was aborted
     */
    public boolean flush() throws ProxyException {
        Workspace space = space();
        if (requestLength == 0) {
            if (!anythingSent) {
                sendHead(space);
            }
        } else if (space.outCount > 0) {
            flushBody(space, null);
        }
        return !writeFailed;
    }

    /** Sends a request that is all head, and leaves it in the buffer in case it has to be sent again. */
    private void sendHead(Workspace space) throws ProxyException {
        armResponse();
        anythingSent = true;
        transmit(space.outBuffer.clear().limit(space.outCount), null);
    }

    /**
     * Sends bytes of the body, together with a head that has not been sent yet.
     *
     * @param bytes where they are
     * @param offset of the first
     * @param length how many
     * @return false when the origin has answered or closed without reading the rest; stop sending and read its answer
     * @throws ProxyException when the time is over or the exchange was aborted
     * @throws IllegalStateException when the body becomes longer than was said
     */
    public boolean write(byte[] bytes, int offset, int length) throws ProxyException {
        return write(ByteBuffer.wrap(bytes, offset, length));
    }

    /**
     * Sends bytes of the body, together with a head that has not been sent yet.
     *
     * @param bytes the bytes; all are consumed unless the answer is false
     * @return false when the origin has answered or closed without reading the rest; stop sending and read its answer
     * @throws ProxyException when the time is over or the exchange was aborted
     * @throws IllegalStateException when the body becomes longer than was said
     */
    public boolean write(ByteBuffer bytes) throws ProxyException {
        int length = bytes.remaining();
        if (length == 0) {
            return !writeFailed;
        }
        if (!startBodyWrite(length)) {
            return false;
        }
        Workspace space = space();
        boolean chunked = requestLength == CHUNKED;
        if (chunked) {
            space.put(Integer.toHexString(length));
            space.put('\r', '\n');
        }
        if (space.out.length - space.outCount >= length + 2) {
            bytes.get(space.out, space.outCount, length);
            space.outCount += length;
            if (chunked) {
                space.put('\r', '\n');
            }
            return flushBody(space, null);
        }
        return flushBody(space, chunked ? new ByteBuffer[] {bytes, ByteBuffer.wrap(CRLF)} : new ByteBuffer[] {bytes});
    }

    /**
     * Sends all that a stream of the client gives, read straight into the buffer that is sent.
     *
     * @param body the client's body, read to its end
     * @return false when the origin has answered or closed without reading the rest; read its answer now
     * @throws ProxyException with {@link ProxyFailure#CLIENT_GONE} when the stream fails or is shorter than was said
     */
    public boolean copyBody(InputStream body) throws ProxyException {
        if (requestLength == 0) {
            // Nothing follows the head, which may have left no room to read into.
            return !writeFailed;
        }
        boolean chunked = requestLength == CHUNKED;
        Workspace space = space();
        while (true) {
            if (space.outCount > 0 && (space.outCount > Workspace.OUT_SIZE / 2 || !readable(body)) && !flush()) {
                return false;
            }
            int frame = chunked ? CHUNK_HEAD : 0;
            int room = Math.min(space.out.length - space.outCount, Workspace.OUT_SIZE) - frame - (chunked ? 2 : 0);
            int start = space.outCount + frame;
            int n = read(body, space.out, start, room);
            if (n < 0) {
                return !writeFailed;
            }
            if (n == 0) {
                continue;
            }
            if (!startBodyWrite(n)) {
                return false;
            }
            if (chunked) {
                chunkSize(space.out, space.outCount, n);
            }
            space.outCount = start + n;
            if (chunked) {
                space.put('\r', '\n');
            }
            if (!flushBody(space, null)) {
                return false;
            }
        }
    }

    private static boolean readable(InputStream body) throws ProxyException {
        try {
            return body.available() > 0;
        } catch (IOException e) {
            throw clientGone(e);
        }
    }

    private static int read(InputStream body, byte[] into, int offset, int length) throws ProxyException {
        try {
            return body.read(into, offset, length);
        } catch (IOException e) {
            throw clientGone(e);
        }
    }

    private static ProxyException clientGone(@Nullable IOException cause) {
        return new ProxyException(
                ProxyFailure.CLIENT_GONE, "The client broke off while it was sending the body", true, cause);
    }

    /** Four digits always, so that the place of the data does not depend on how much of it there is. */
    private static void chunkSize(byte[] out, int at, int size) {
        for (int i = 0; i < 4; i++) {
            out[at + i] = (byte) Character.forDigit(size >> (12 - 4 * i) & 0xf, 16);
        }
        out[at + 4] = '\r';
        out[at + 5] = '\n';
    }

    private boolean startBodyWrite(int length) throws ProxyException {
        if (!headEnded || requestSent) {
            throw new IllegalStateException(headEnded ? "The request is complete" : "body() comes first");
        }
        if (requestLength != CHUNKED) {
            if (length > requestLeft) {
                throw new IllegalStateException(
                        "The body is longer than the " + requestLength + " bytes that were said");
            }
            requestLeft -= length;
        }
        mayRepeat = false;
        if (!writeFailed && anythingSent && !finalHeadCame && originAnswers()) {
            writeFailed = refusesBody();
        }
        return !writeFailed;
    }

    /**
     * Called by the watchdog while the thread of this exchange is stuck in a write of the body, and kept there.
     *
     * @return whether to end that write
     */
    boolean hearsRefusal() {
        try {
            if (!finalHeadCame && originAnswers() && refusesBody()) {
                writeFailed = true;
            }
        } catch (ProxyException e) {
            heardWhileWriting = e;
            writeFailed = true;
        }
        return writeFailed;
    }

    /**
     * Hears what the origin has said so far while the body is being sent. RFC 9112 §9.5: an error is a reason to stop, and so
     * is the announcement that it closes. Other origins answer while they read, and want the rest.
     */
    private boolean refusesBody() throws ProxyException {
        Workspace space = space();
        HeadParser parser = space.parser;
        while (true) {
            if (!readingHead) {
                parser.beginHead();
                readingHead = true;
            }
            while (!(space.in.hasRemaining() && parser.parse(space.in))) {
                if (!bytesWaiting()) {
                    return false;
                }
                try {
                    if (fill(space) < 0) {
                        return true;
                    }
                } catch (IOException e) {
                    return true;
                }
                anythingReceived = true;
            }
            if (!parser.head().interim()) {
                finalHeadCame = true;
                return parser.head().status() >= 400 || parser.close();
            }
            // Most likely the 100 that nobody waited for any longer.
            Framing.interim(parser.head(), ++interimResponses);
            readingHead = false;
            if (!originAnswers()) {
                return false;
            }
        }
    }

    private boolean originAnswers() {
        return space().in.hasRemaining() || bytesWaiting();
    }

    private boolean bytesWaiting() {
        // Under TLS these might be bytes of the protocol itself.
        return connection.tls() == null && connection.bytesWaiting();
    }

    private boolean flushBody(Workspace space, ByteBuffer @Nullable [] more) throws ProxyException {
        Connection to = connection;
        // While a 100 was awaited the time of an answer ran; that begins again when the request is complete.
        responseArmed = false;
        to.arm(idleNanos);
        to.writingBody(this);
        anythingSent = true;
        try {
            transmit(space.outBuffer.clear().limit(space.outCount), more);
        } finally {
            to.bodyWritten();
        }
        space.outCount = 0;
        if (!to.disarm()) {
            throw broken(null);
        }
        ProxyException heard = heardWhileWriting;
        if (heard != null) {
            throw heard;
        }
        return !writeFailed;
    }

    /** Writes everything, or notes that the origin does not take it; what it has to say is found by reading. */
    private void transmit(ByteBuffer first, ByteBuffer @Nullable [] more) throws ProxyException {
        Connection to = connection;
        if (!to.blocking()) {
            throw new IllegalStateException("A parked exchange has sent its request");
        }
        checkAborted();
        try {
            if (more == null) {
                to.writeFully(first);
            } else {
                ByteBuffer[] all = new ByteBuffer[more.length + 1];
                all[0] = first;
                System.arraycopy(more, 0, all, 1, more.length);
                to.writeFully(all);
            }
        } catch (IOException e) {
            writeFailed = true;
            if (to.failure() != null || e instanceof ClosedByInterruptException) {
                throw broken(e);
            }
        }
    }

    private void armResponse() {
        connection.arm(pool.options().responseTimeout().toNanos());
        responseArmed = true;
    }

    /**
     * Ends the request.
     *
     * @return false when the origin has stopped reading; read its answer now
     * @throws ProxyException with {@link ProxyFailure#CLIENT_GONE} when the body is shorter than was said
     */
    public boolean finish() throws ProxyException {
        return finish(null);
    }

    /**
     * Ends the request with trailer fields; only a chunked body can carry them, otherwise they are left out.
     *
     * @param trailers the fields, without those that RFC 9110 §6.5.1 forbids there
     * @return false when the origin has stopped reading; read its answer now
     * @throws ProxyException with {@link ProxyFailure#CLIENT_GONE} when the body is shorter than was said
     */
    public boolean finish(@Nullable HeaderFields trailers) throws ProxyException {
        if (writeFailed) {
            return false;
        }
        if (requestLength != CHUNKED) {
            if (requestLeft > 0) {
                throw clientGone(null);
            }
            flush();
        } else {
            Workspace space = space();
            if (trailers == null || trailers.size() == 0) {
                space.reserveOut(LAST_CHUNK.length);
                System.arraycopy(LAST_CHUNK, 0, space.out, space.outCount, LAST_CHUNK.length);
                space.outCount += LAST_CHUNK.length;
            } else {
                space.put("0\r\n");
                for (int i = 0; i < trailers.size(); i++) {
                    space.putField(trailers.name(i), trailers.value(i));
                }
                space.put('\r', '\n');
            }
            flushBody(space, null);
        }
        requestComplete();
        return !writeFailed;
    }

    private void requestComplete() {
        requestSent = true;
    }

    // ---- response

    /**
     * Names the client who waits for the answer, from now until all of it is here or the exchange ends. The request must
     * be complete, or at least nobody may read more of it.
     *
     * @param client told when it has left; usually that {@linkplain #abort aborts} this exchange
     */
    public void client(WaitingClient client) {
        connection.client(client);
    }

    private void forgetClient() {
        ClientWatch watch = connection.forgetClient();
        if (watch != null) {
            pool.selector().unwatch(watch);
        }
    }

    /**
     * Waits for the next response head: any number of interim ones, then the final one.
     *
     * @return the head, valid until the next call of this method
     * @throws ProxyException when the time is over, the origin breaks off or does not speak HTTP
     */
    public ResponseHead readHead() throws ProxyException {
        ResponseHead head = pollHead();
        if (head == null) {
            throw new IllegalStateException("A parked exchange is asked with pollHead");
        }
        return head;
    }

    /**
     * Like {@link #readHead()} for an exchange that was parked: does not wait.
     *
     * @return the head, or null when it is not here yet and the exchange is to be parked again
     * @throws ProxyException when the time is over, the origin breaks off or does not speak HTTP
     */
    public @Nullable ResponseHead pollHead() throws ProxyException {
        if (headRead) {
            throw new IllegalStateException("The final head was read");
        }
        Workspace space = space();
        HeadParser parser = space.parser;
        if (!readingHead) {
            checkAborted();
            parser.beginHead();
            readingHead = true;
        }
        if (!responseArmed) {
            armResponse();
        }
        while (!finalHeadCame && !(space.in.hasRemaining() && parser.parse(space.in))) {
            int n;
            try {
                n = fill(space);
            } catch (IOException e) {
                if (!repeat(space)) {
                    throw broken(e);
                }
                continue;
            }
            if (n == 0) {
                return null;
            }
            if (n < 0) {
                if (!repeat(space)) {
                    throw broken(null);
                }
                continue;
            }
            anythingReceived = true;
        }
        readingHead = false;
        responseArmed = false;
        if (!connection.disarm()) {
            throw broken(null);
        }
        ResponseHead head = parser.head();
        if (head.interim()) {
            Framing.interim(head, ++interimResponses);
            return head;
        }
        headRead = true;
        beginBody(parser, head);
        return head;
    }

    /** Reads behind what is there; 0 when nothing is there yet, -1 at the end. */
    private int fill(Workspace space) throws IOException {
        int unread = space.in.remaining();
        if (unread == 0) {
            space.in.clear();
        } else {
            space.makeRoom();
        }
        ByteBuffer in = space.in;
        int start = in.position();
        int n;
        try {
            n = connection.read(in);
        } finally {
            in.limit(in.position());
            in.position(start - unread);
        }
        lastReadFull = n > 0 && in.limit() == in.capacity();
        return n;
    }

    /**
     * Sends the request once more when a connection that had served others turns out to be dead before the origin said
     * anything: it was closed while idle, and the origin has not seen the request, or may see it twice without harm.
     */
    private boolean repeat(Workspace space) throws ProxyException {
        Connection dead = connection;
        if (!mayRepeat
                || anythingReceived
                || requestLength != 0
                || !requestSent
                || dead.failure() != null
                || state != State.OPEN
                || !dead.blocking()) {
            return false;
        }
        mayRepeat = false;
        if (!dead.disarm()) {
            return false;
        }
        // Until there is a new one, nothing is left to give back.
        connectionLost = true;
        Connection fresh = pool.replace(dead);
        fresh.clientOf(dead);
        connection = fresh;
        connectionLost = false;
        if (state == State.ABORTED) {
            fresh.close(ProxyFailure.CLIENT_GONE);
            forgetClient();
        }
        writeFailed = false;
        sendHead(space);
        return true;
    }

    private void beginBody(HeadParser parser, ResponseHead head) throws ProxyException {
        Framing found = Framing.of(parser, isHead, upgradeWanted);
        if (found == Framing.SWITCHED) {
            upgraded = true;
            keepConnection = false;
            return;
        }
        framing = found;
        keepConnection = !parser.close() && found != Framing.UNTIL_CLOSE;
        connection.keepAlive(parser.keepAliveNanos());
        if (found == Framing.CHUNKED) {
            chunks().begin();
        } else if (found == Framing.LENGTH) {
            left = head.contentLength();
        }
        if (framing == Framing.NONE || (framing == Framing.LENGTH && left == 0)) {
            bodyEnded(space().in);
        }
    }

    /**
     * Waits for bytes of the body and lends them out.
     *
     * @return bytes that must be used before the next call; empty when a parked exchange has to be parked again; null at the
     *     end of the body
     * @throws ProxyException when the body breaks off, so that it never looks complete, or the time is over
     */
    public @Nullable ByteBuffer readBody() throws ProxyException {
        if (!headRead) {
            throw new IllegalStateException("The final head comes first");
        }
        if (upgraded) {
            throw new IllegalStateException("The connection has left HTTP; detach() it");
        }
        try {
            return switch (framing) {
                case NONE -> null;
                case LENGTH, UNTIL_CLOSE -> plainPart();
                case CHUNKED -> chunkedPart();
                case SWITCHED -> throw new IllegalStateException("The connection has left HTTP; detach() it");
            };
        } catch (ProxyException e) {
            throw e;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private @Nullable ByteBuffer plainPart() throws IOException {
        ByteBuffer in = input();
        if (!in.hasRemaining()) {
            int n = fillBody(left > Workspace.IN_SIZE || framing == Framing.UNTIL_CLOSE);
            if (n == 0) {
                return NOTHING_YET;
            }
            if (n < 0) {
                if (framing == Framing.LENGTH) {
                    throw broken(null);
                }
                bodyEnded(input());
                return null;
            }
            in = input();
        }
        if (framing == Framing.UNTIL_CLOSE) {
            return lend(in, in.remaining());
        }
        int n = (int) Math.min(left, in.remaining());
        left -= n;
        ByteBuffer part = lend(in, n);
        if (left == 0) {
            bodyEnded(in);
        }
        return part;
    }

    private @Nullable ByteBuffer chunkedPart() throws IOException {
        Workspace space = space();
        while (true) {
            ByteBuffer in = input();
            if (left > 0) {
                if (!in.hasRemaining()) {
                    int n = fillBody(left > Workspace.IN_SIZE);
                    if (n == 0) {
                        return NOTHING_YET;
                    }
                    if (n < 0) {
                        throw broken(null);
                    }
                    in = input();
                }
                int n = (int) Math.min(left, in.remaining());
                left -= n;
                return lend(in, n);
            }
            if (inTrailers ? space.parser.parse(in) : chunks().parse(in)) {
                if (inTrailers) {
                    bodyEnded(in);
                    return null;
                }
                left = chunks().size();
                if (left == 0) {
                    inTrailers = true;
                    space.parser.beginTrailers();
                }
                continue;
            }
            if (big != null) {
                leaveBig(space, in);
            }
            connection.arm(idleNanos);
            int n = fill(space);
            if (n == 0) {
                return NOTHING_YET;
            }
            if (n < 0 || !connection.disarm()) {
                throw broken(null);
            }
        }
    }

    /** The rest of a chunk's line is read into the small buffer again. */
    private void leaveBig(Workspace space, ByteBuffer in) throws ProxyException {
        if (in.remaining() > space.in.capacity()) {
            throw ProxyException.badResponse("A trailer field is larger than " + space.in.capacity() + " bytes");
        }
        space.in.clear();
        space.in.put(in);
        space.in.flip();
        giveBackBig();
    }

    private ByteBuffer input() {
        return big == null ? space().in : big;
    }

    private ByteBuffer lend(ByteBuffer in, int length) {
        ByteBuffer part = big == null || bigPart == null ? space().part : bigPart;
        int from = in.position();
        part.limit(from + length).position(from);
        in.position(from + length);
        return part;
    }

    /** Reads into an empty buffer, a big one if the origin is quick to fill it. */
    private int fillBody(boolean muchToCome) throws IOException {
        if (big == null && muchToCome && (framing == Framing.LENGTH || lastReadFull)) {
            ByteBuffer borrowed = pool.takeBigBuffer();
            big = borrowed;
            bigPart = borrowed.duplicate();
        }
        ByteBuffer in = input();
        in.clear();
        if (framing == Framing.LENGTH && left < in.capacity()) {
            // One more than is due, so that a byte too many is seen.
            in.limit((int) Math.min(left + 1, in.capacity()));
        }
        connection.arm(idleNanos);
        int n;
        try {
            n = connection.read(in);
        } finally {
            in.flip();
        }
        if (n != 0 && !connection.disarm()) {
            throw broken(null);
        }
        lastReadFull = n > 0 && in.limit() == in.capacity();
        return n;
    }

    /** Everything of the message is here. The connection goes back before the client has been given the last bytes. */
    private void bodyEnded(ByteBuffer in) {
        framing = Framing.NONE;
        forgetClient();
        // Bytes after the end would be taken for the answer to the next request, which may be another user's.
        boolean clean = !in.hasRemaining() && requestSent && !writeFailed && keepConnection;
        if (clean && STATE.compareAndSet(this, State.OPEN, State.RELEASED)) {
            pool.release(connection);
        }
    }

    /**
     * Tells whether {@link #readBody()} may have to wait: the moment to flush what was passed on.
     *
     * @return false when bytes are here, or more of them surely follow at once, or the body is complete
     */
    public boolean mayWait() {
        return headRead && framing != Framing.NONE && !lastReadFull && !moreIsHere();
    }

    /** What is left of a chunk's own lines brings the client nothing: another byte of data, or the end, must be here. */
    private boolean moreIsHere() {
        ByteBuffer in = input();
        if (framing != Framing.CHUNKED || left > 0) {
            return in.hasRemaining();
        }
        int lineEnds = chunks().linesBeforeData();
        for (int i = in.position(); i < in.limit() - 1; i++) {
            if (in.get(i) == '\n' && --lineEnds == 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the trailer fields of a chunked response.
     *
     * @return the fields, empty where there are none, valid once {@link #readBody()} returned null
     */
    public HeaderFields trailers() {
        HeaderFields trailers = space().parser.trailers();
        if (!inTrailers) {
            trailers.clear();
        }
        return trailers;
    }

    /**
     * Waits a little for something to read, so that the caller can decide to wait without a thread. Costs more system calls
     * than simply reading.
     *
     * @param millis how long, at least 1
     * @return whether something came, the end included
     * @throws ProxyException when the exchange was aborted
     */
    public boolean awaitReadable(int millis) throws ProxyException {
        ByteBuffer in = input();
        if (in.hasRemaining() || state != State.OPEN || !connection.blocking() || connectionLost) {
            return true;
        }
        if (!headRead && !responseArmed) {
            armResponse();
        }
        in.clear();
        int n;
        try {
            n = connection.readWithin(millis, in);
        } catch (IOException e) {
            // The read that follows finds the same and knows what to do about it.
            n = -1;
        } finally {
            in.flip();
        }
        if (n > 0) {
            anythingReceived = true;
        }
        if (n == 0 && !requestSent) {
            // The origin does not say whether it wants the body, and now it is the client that may be slow.
            responseArmed = false;
            if (!connection.disarm()) {
                throw broken(null);
            }
        }
        return n != 0;
    }

    // ---- waiting without a thread

    /**
     * Waits for the origin without holding a thread. The callback runs once, on the thread that waits for all: when there is
     * something to read, and also when the time is over or the exchange was aborted, which the next read then reports. It
     * must not block. From now on {@link #pollHead()} and {@link #readBody()} do not wait.
     *
     * @param whenReady what to do then
     * @throws ProxyException when the connection is lost
     */
    public void park(Runnable whenReady) throws ProxyException {
        Connection waiting = connection;
        if (state == State.RELEASED) {
            throw new IllegalStateException("There is nothing to wait for");
        }
        try {
            if (waiting.blocking()) {
                waiting.configureBlocking(false);
            }
        } catch (IOException e) {
            throw broken(e);
        }
        if (big != null && !big.hasRemaining()) {
            giveBackBig();
        }
        Workspace space = workspace;
        if (space != null && headRead && !inTrailers && big == null && !space.in.hasRemaining()) {
            // Thousands may wait; none of them needs its buffers.
            workspace = null;
            pool.giveBack(space);
        }
        if (!headRead && !responseArmed) {
            armResponse();
        } else if (headRead) {
            waiting.arm(idleNanos);
        }
        TlsLink tls = waiting.tls();
        pool.selector().park(waiting, SelectionKey.OP_READ, tls != null && tls.hasBuffered(), whenReady);
    }

    /**
     * Takes the connection after a 101 response.
     *
     * @return the tunnel, which is now the caller's to close
     */
    public Tunnel detach() {
        if (!upgraded || !STATE.compareAndSet(this, State.OPEN, State.RELEASED)) {
            throw new IllegalStateException("The origin has not switched protocols");
        }
        forgetClient();
        ByteBuffer in = space().in;
        ByteBuffer first = ByteBuffer.allocate(in.remaining());
        first.put(in).flip();
        return new Tunnel(pool, connection, first, idleNanos);
    }

    // ---- end

    /**
     * Ends the exchange from any thread: whoever waits for the origin is woken and told. Does nothing once the connection
     * was given back.
     *
     * @param why the failure to report
     */
    public void abort(ProxyFailure why) {
        abortedFor = why;
        if (STATE.compareAndSet(this, State.OPEN, State.ABORTED)) {
            Connection aborted = connection;
            forgetClient();
            aborted.close(why);
            pool.selector().closed(aborted);
        }
    }

    /** Gives back what the exchange holds. Not at its end, it closes the connection, so that nobody reads its remains. */
    @Override
    public void close() {
        if (abortedFor == null) {
            // Whoever still waits for it, parked, is told so.
            abortedFor = ProxyFailure.CANCELLED;
        }
        State before = (State) STATE.getAndSet(this, State.RELEASED);
        if (before != State.RELEASED && !connectionLost) {
            forgetClient();
            pool.discard(connection);
        }
        giveBackBig();
        Workspace space = workspace;
        if (space != null) {
            workspace = null;
            pool.giveBack(space);
        }
    }

    private void giveBackBig() {
        ByteBuffer borrowed = big;
        if (borrowed != null) {
            big = null;
            bigPart = null;
            pool.giveBack(borrowed);
        }
    }

    private Workspace space() {
        Workspace space = workspace;
        if (space == null) {
            space = pool.takeWorkspace();
            workspace = space;
        }
        return space;
    }

    private ChunkParser chunks() {
        ChunkParser parser = chunks;
        if (parser == null) {
            parser = new ChunkParser();
            chunks = parser;
        }
        return parser;
    }

    private void checkAborted() throws ProxyException {
        if (state == State.ABORTED) {
            throw broken(null);
        }
    }

    private ProxyException broken(@Nullable IOException cause) {
        ProxyFailure failure = connection.failure();
        if (failure == null) {
            failure = abortedFor;
        }
        if (failure == null && !connection.disarm()) {
            // The watchdog is about to close it.
            failure = ProxyFailure.TIMEOUT;
        }
        if (failure == null && cause instanceof ClosedByInterruptException) {
            failure = ProxyFailure.CANCELLED;
        }
        if (failure == null) {
            return new ProxyException(
                    ProxyFailure.BAD_RESPONSE,
                    pool.origin() + " broke off " + (headRead ? "inside the body" : "before it answered"),
                    anythingSent,
                    cause);
        }
        String what = switch (failure) {
            case TIMEOUT -> pool.origin() + (headRead ? " stopped inside the body" : " did not answer in time");
            case CLIENT_GONE -> "The client left";
            default -> "The request to " + pool.origin() + " was given up";
        };
        return new ProxyException(failure, what, anythingSent, cause);
    }
}
