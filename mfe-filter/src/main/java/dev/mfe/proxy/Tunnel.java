package dev.mfe.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection that has left HTTP, for example for WebSocket. One thread may read while another writes. Closed when nothing
 * moves in either direction for the idle time, also if nobody has begun to use it: the client may leave between the response
 * that switches protocols and the moment the container hands over its connection.
 *
 * @since 0.1
 */
public final class Tunnel implements ByteChannel {

    private final OriginPool pool;
    private final Connection connection;
    private final ByteBuffer first;
    private final long idleNanos;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean saidAll;

    Tunnel(OriginPool pool, Connection connection, ByteBuffer first, long idleNanos) {
        this.pool = pool;
        this.connection = connection;
        this.first = first;
        this.idleNanos = idleNanos;
        connection.owner(this::close);
        // Without an idle time, a tunnel that nobody ever uses would keep its place for good.
        connection.arm(
                idleNanos > 0 ? idleNanos : pool.options().responseTimeout().toNanos());
    }

    private void used() {
        if (idleNanos > 0) {
            connection.arm(idleNanos);
        } else if (saidAll) {
            // Without an idle time, an origin that does not end its side either would keep both connections for good.
            connection.arm(pool.options().responseTimeout().toNanos());
        } else {
            connection.disarm();
        }
    }

    /** Reads what came behind the response head first. Once parked, returns 0 instead of waiting. */
    @Override
    public int read(ByteBuffer target) throws IOException {
        if (first.hasRemaining()) {
            int n = Math.min(first.remaining(), target.remaining());
            target.put(first.slice(first.position(), n));
            first.position(first.position() + n);
            return n;
        }
        int n = connection.read(target);
        used();
        return n;
    }

    /** Writes all, or once parked what the socket takes, which may be nothing. */
    @Override
    public int write(ByteBuffer source) throws IOException {
        int before = source.remaining();
        if (connection.tls() != null || connection.blocking()) {
            connection.writeFully(source);
        } else {
            connection.channel().write(source);
        }
        used();
        return before - source.remaining();
    }

    /**
     * Tells the origin that nothing more will be written.
     *
     * @throws IOException when the connection is closed
     */
    public void shutdownOutput() throws IOException {
        TlsLink tls = connection.tls();
        if (tls != null) {
            tls.closeOutbound();
        }
        connection.channel().shutdownOutput();
        saidAll = true;
        used();
    }

    /**
     * Waits for bytes of the origin without holding a thread; see {@link Exchange#park}.
     *
     * @param whenReady runs once, must not block
     * @throws IOException when the connection is closed
     */
    public void park(Runnable whenReady) throws IOException {
        makeNonBlocking();
        TlsLink tls = connection.tls();
        boolean readyNow = first.hasRemaining() || (tls != null && tls.hasBuffered());
        pool.selector().park(connection, SelectionKey.OP_READ, readyNow, whenReady);
    }

    /**
     * Waits for room to write without holding a thread, after a {@link #write} that has not taken all.
     *
     * @param whenReady runs once, must not block
     * @throws IOException when the connection is closed
     */
    public void parkForRoom(Runnable whenReady) throws IOException {
        makeNonBlocking();
        pool.selector().park(connection, SelectionKey.OP_WRITE, false, whenReady);
    }

    private void makeNonBlocking() throws IOException {
        if (connection.blocking()) {
            connection.configureBlocking(false);
            used();
        }
    }

    @Override
    public boolean isOpen() {
        return connection.channel().isOpen();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            pool.discard(connection);
        }
    }
}
