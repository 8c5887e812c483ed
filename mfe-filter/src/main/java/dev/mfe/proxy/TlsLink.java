package dev.mfe.proxy;

import dev.mfe.config.Origin;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * TLS over the channel of a connection. It works on a blocking and on a non-blocking channel; one thread may read while
 * another writes.
 */
final class TlsLink {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Connection connection;
    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ReentrantLock writeLock = new ReentrantLock();

    /** Bytes of the origin not yet decrypted, and whether they are known to be less than one record. */
    private final ByteBuffer encryptedIn;

    private boolean recordIncomplete = true;
    private final ByteBuffer encryptedOut;

    /** Decrypted bytes that the reader had no room for. */
    private final ByteBuffer plain;

    private TlsLink(Connection connection, SSLEngine engine) {
        this.connection = connection;
        this.channel = connection.channel();
        this.engine = engine;
        int packet = engine.getSession().getPacketBufferSize();
        this.encryptedIn = ByteBuffer.allocate(packet * 2).limit(0);
        this.encryptedOut = ByteBuffer.allocate(packet);
        this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize())
                .limit(0);
    }

    /** Shakes hands; the certificate has to be for the origin's host. */
    static TlsLink connect(Connection connection, Origin origin, @Nullable SSLContext context) throws IOException {
        SSLEngine engine = context(context).createSSLEngine(origin.addressableHost(), origin.effectivePort());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        engine.setSSLParameters(parameters);
        TlsLink link = new TlsLink(connection, engine);
        link.handshake();
        String protocol = engine.getApplicationProtocol();
        if (protocol != null && !protocol.isEmpty() && !protocol.equals("http/1.1")) {
            throw new SSLException("The origin chose another protocol than http/1.1");
        }
        return link;
    }

    private static SSLContext context(@Nullable SSLContext context) throws IOException {
        if (context != null) {
            return context;
        }
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            throw new IOException("The JVM has no TLS", e);
        }
    }

    private void handshake() throws IOException {
        engine.beginHandshake();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> wrap(NOTHING);
                case NEED_TASK -> runTasks();
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (unwrap() < 0) {
                        throw new EOFException("The origin closed inside the TLS handshake");
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
                default -> throw new SSLException("Unknown state of a TLS handshake");
            }
        }
    }

    /** Bytes read, 0 when a non-blocking channel has none, -1 when the origin said that it is done. */
    int read(ByteBuffer target) throws IOException {
        while (!plain.hasRemaining()) {
            int n = unwrap();
            if (n < 0) {
                return -1;
            }
            if (n == 0) {
                return 0;
            }
        }
        int n = Math.min(plain.remaining(), target.remaining());
        target.put(plain.slice(plain.position(), n));
        plain.position(plain.position() + n);
        return n;
    }

    int readWithin(int millis, ByteBuffer target) throws IOException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (true) {
            // A record need not hold data: the origin may hand out a session ticket.
            while (!plain.hasRemaining() && hasBuffered()) {
                if (unwrap() < 0) {
                    return -1;
                }
            }
            if (plain.hasRemaining()) {
                return read(target);
            }
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0) {
                return 0;
            }
            encryptedIn.compact();
            int n;
            try {
                n = connection.rawReadWithin((int) left, encryptedIn);
            } finally {
                encryptedIn.flip();
            }
            if (n <= 0) {
                return n;
            }
            recordIncomplete = false;
        }
    }

    /** Whether a read would find bytes even if the socket has none. */
    boolean hasBuffered() {
        return plain.hasRemaining() || (encryptedIn.hasRemaining() && !recordIncomplete);
    }

    /** Takes one step on the incoming side: 1 when something moved, 0 when nothing is there, -1 at the end. */
    private int unwrap() throws IOException {
        if (recordIncomplete || !encryptedIn.hasRemaining()) {
            encryptedIn.compact();
            int n;
            try {
                n = channel.read(encryptedIn);
            } finally {
                encryptedIn.flip();
            }
            if (n == 0) {
                return 0;
            }
            if (n < 0) {
                // Without the closing alert anybody may have cut the connection, and the body with it.
                throw new EOFException("The origin closed the connection without ending TLS");
            }
            recordIncomplete = false;
        }
        plain.clear();
        SSLEngineResult result;
        try {
            result = engine.unwrap(encryptedIn, plain);
        } finally {
            plain.flip();
        }
        switch (result.getStatus()) {
            case BUFFER_UNDERFLOW -> recordIncomplete = true;
            case BUFFER_OVERFLOW -> throw new SSLException("A TLS record is larger than allowed");
            case CLOSED -> {
                return -1;
            }
            case OK -> answerHandshake();
        }
        return 1;
    }

    /**
     * Says what the origin has to hear before it goes on. After the first handshake that is a change of keys, or all of
     * another handshake: with TLS 1.2 a server may ask for a certificate only when it knows the path.
     */
    private void answerHandshake() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    if (!wrap(NOTHING)) {
                        return;
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    /** Whether the origin began another handshake that is not over. */
    boolean shakingHands() {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    void write(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            if (!wrap(source)) {
                // It waits for what the origin says next, and only the reader hears that.
                throw new SSLException("The origin began another TLS handshake while a request was being sent");
            }
        }
    }

    void closeOutbound() throws IOException {
        engine.closeOutbound();
        wrap(NOTHING);
    }

    /** Returns whether that did anything. */
    private boolean wrap(ByteBuffer source) throws IOException {
        writeLock.lock();
        try {
            encryptedOut.clear();
            SSLEngineResult result = engine.wrap(source, encryptedOut);
            encryptedOut.flip();
            while (encryptedOut.hasRemaining()) {
                if (channel.write(encryptedOut) == 0) {
                    awaitWritable();
                }
            }
            if (result.getStatus() == SSLEngineResult.Status.CLOSED && source.hasRemaining()) {
                throw new ClosedChannelException();
            }
            return result.bytesProduced() > 0 || result.bytesConsumed() > 0;
        } finally {
            writeLock.unlock();
        }
    }

    /** A record that was begun has to be finished, also on a non-blocking channel. */
    private void awaitWritable() throws IOException {
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            while (channel.isOpen() && selector.select(100) == 0) {
                // The watchdog may close the channel, which does not end the selection.
            }
        }
    }
}
