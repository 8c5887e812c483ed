package dev.mfe.servlet;

import dev.mfe.proxy.Tunnel;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Bytes both ways between a client and a zone after they have agreed on another protocol, such as WebSocket. Waiting for
 * either of them holds no thread.
 *
 * <p>Public because containers make it themselves; not for use by others.
 *
 * @since 0.1
 */
public final class ZoneTunnel implements HttpUpgradeHandler {

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());
    private static final int BUFFER = 8 * 1024;

    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable Tunnel zone;
    private @Nullable WebConnection client;

    /** For the container. */
    public ZoneTunnel() {}

    /** Lets the container leave HTTP when the request is over, and joins the two connections then. */
    static void open(HttpServletRequest request, Tunnel zone) throws IOException {
        try {
            request.upgrade(ZoneTunnel.class).zone = zone;
        } catch (ServletException | RuntimeException e) {
            zone.close();
            throw new IOException("The container does not leave HTTP", e);
        }
    }

    @Override
    public void init(WebConnection connection) {
        client = connection;
        Tunnel tunnel = zone;
        if (tunnel == null) {
            close();
            return;
        }
        try {
            ServletInputStream in = connection.getInputStream();
            ServletOutputStream out = connection.getOutputStream();
            ToClient toClient = new ToClient(tunnel, out);
            out.setWriteListener(toClient);
            in.setReadListener(new ToZone(tunnel, in, UpgradedReads.of(connection)));
        } catch (IOException | RuntimeException e) {
            broken(e);
        }
    }

    @Override
    public void destroy() {
        close();
    }

    private void broken(Throwable e) {
        LOG.log(Level.DEBUG, "A tunnel ends", e);
        close();
    }

    private void close() {
        if (closed.compareAndSet(false, true)) {
            Tunnel tunnel = zone;
            if (tunnel != null) {
                tunnel.close();
            }
            WebConnection connection = client;
            if (connection != null) {
                Connections.close(connection);
            }
        }
    }

    /** From the client to the zone. */
    private final class ToZone implements ReadListener {

        private final Tunnel to;
        private final ServletInputStream in;
        private final UpgradedReads reads;
        private final byte[] bytes = new byte[BUFFER];
        private final AtomicReference<Holder> holder = new AtomicReference<>(Holder.CONTAINER);
        private ByteBuffer pending = ByteBuffer.wrap(bytes, 0, 0);

        /** The client sends no more. What is pending comes first. */
        private volatile boolean atEnd;

        ToZone(Tunnel to, ServletInputStream in, UpgradedReads reads) {
            this.to = to;
            this.in = in;
            this.reads = reads;
        }

        @Override
        public void onDataAvailable() {
            if (holder.compareAndSet(Holder.CONTAINER, Holder.MOVER)) {
                move();
            } else {
                reads.hold();
            }
        }

        private void zoneHasRoom() {
            if (!reads.lock().tryLock()) {
                // The container is in, and not for long; nobody may wait for it on this thread.
                try {
                    to.parkForRoom(this::zoneHasRoom);
                } catch (IOException | RuntimeException e) {
                    broken(e);
                }
                return;
            }
            try {
                holder.set(Holder.MOVER);
                move();
            } finally {
                reads.lock().unlock();
            }
        }

        /** Whether there is more to do. If not the container has it now, and calls back. */
        private boolean isReady() {
            holder.set(Holder.CONTAINER);
            return (in.isReady() || atEnd) && holder.compareAndSet(Holder.CONTAINER, Holder.MOVER);
        }

        private void move() {
            try {
                while (true) {
                    if (pending.hasRemaining()) {
                        to.write(pending);
                        if (pending.hasRemaining()) {
                            holder.set(Holder.SELECTOR);
                            reads.hold();
                            to.parkForRoom(this::zoneHasRoom);
                            return;
                        }
                    }
                    if (atEnd) {
                        // It stays with the mover: there is nothing to call back for.
                        to.shutdownOutput();
                        return;
                    }
                    if (!isReady()) {
                        if (!atEnd) {
                            reads.release();
                        }
                        return;
                    }
                    if (!atEnd) {
                        read();
                    }
                }
            } catch (IOException | RuntimeException e) {
                broken(e);
            }
        }

        private void read() throws IOException {
            int n = in.read(bytes);
            if (n < 0) {
                atEnd = true;
            } else {
                pending = ByteBuffer.wrap(bytes, 0, n);
            }
        }

        @Override
        public void onAllDataRead() {
            atEnd = true;
            if (holder.compareAndSet(Holder.CONTAINER, Holder.MOVER)) {
                move();
            }
        }

        /** Tomcat tells an end in order so, over and over unless it is held back. */
        @Override
        public void onError(Throwable e) {
            if (e instanceof EOFException && reads.hold()) {
                onAllDataRead();
            } else {
                broken(e);
            }
        }
    }

    /** From the zone to the client. */
    private final class ToClient implements WriteListener {

        private final Tunnel from;
        private final ServletOutputStream out;
        private final byte[] bytes = new byte[BUFFER];
        private boolean flushDue;
        private boolean waited;
        private final AtomicReference<Holder> holder = new AtomicReference<>(Holder.CONTAINER);
        private final Runnable zoneReady = this::zoneReady;

        ToClient(Tunnel from, ServletOutputStream out) {
            this.from = from;
            this.out = out;
        }

        @Override
        public void onWritePossible() {
            if (holder.compareAndSet(Holder.CONTAINER, Holder.MOVER)) {
                move();
            }
        }

        private void zoneReady() {
            holder.set(Holder.MOVER);
            move();
        }

        /** Whether the client takes more. If not the container has it now, and calls back. */
        private boolean isReady() {
            holder.set(Holder.CONTAINER);
            return out.isReady() && holder.compareAndSet(Holder.CONTAINER, Holder.MOVER);
        }

        private void move() {
            try {
                while (isReady()) {
                    if (flushDue) {
                        flushDue = false;
                        out.flush();
                        continue;
                    }
                    // Until the tunnel has been parked once, reading it would wait.
                    int n = waited ? from.read(ByteBuffer.wrap(bytes)) : 0;
                    if (n < 0) {
                        close();
                        return;
                    }
                    if (n == 0) {
                        waited = true;
                        holder.set(Holder.SELECTOR);
                        from.park(zoneReady);
                        return;
                    }
                    // A copy of the exact size: Undertow writes the whole array, and later than this call.
                    out.write(Arrays.copyOf(bytes, n), 0, n);
                    flushDue = true;
                }
            } catch (IOException | RuntimeException e) {
                broken(e);
            }
        }

        @Override
        public void onError(Throwable e) {
            broken(e);
        }
    }
}
