package dev.mfe.proxy;

import dev.mfe.config.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one origin. The one used last is used next, so that a quiet pool shrinks by itself. Safe for use by
 * any number of threads.
 *
 * @since 0.1
 */
public final class OriginPool implements AutoCloseable {

    private static final int KEPT_WORKSPACES = 256;
    private static final int KEPT_BUFFERS = 32;
    private static final int BIG = 64 * 1024;
    private static final int MANY_ATTEMPTS = 32;
    private static final long HOPELESS_ATTEMPT_NANOS = 250_000_000;

    private final Transport transport;
    private final Origin origin;
    private final OriginOptions options;
    private final long maxIdleNanos;

    /** All open connections, for the watchdog, who reads it without the lock. */
    private final AtomicReferenceArray<@Nullable Connection> open;

    // Guarded by this.
    private final int[] freeSlots;
    private int freeSlotCount;
    private final @Nullable Connection[] idle;
    private int idleCount;
    private int total;
    private boolean closed;
    private long created;
    private long reused;
    private long stale;
    private long refused;

    /** How many connections are being opened, and since when none of them was. */
    private int attempts;

    private long attemptsSince;

    private final @Nullable Workspace[] workspaces = new @Nullable Workspace[KEPT_WORKSPACES];
    private int workspaceCount;
    private final @Nullable ByteBuffer[] bigBuffers = new @Nullable ByteBuffer[KEPT_BUFFERS];
    private int bigBufferCount;

    OriginPool(Transport transport, Origin origin, OriginOptions options) {
        this.transport = transport;
        this.origin = origin;
        this.options = options;
        this.maxIdleNanos = options.maxIdle().toNanos();
        int max = options.maxConnections();
        this.open = new AtomicReferenceArray<>(max);
        this.idle = new @Nullable Connection[max];
        this.freeSlots = new int[max];
        for (int i = 0; i < max; i++) {
            freeSlots[i] = max - 1 - i;
        }
        this.freeSlotCount = max;
    }

    /**
     * Numbers of a pool at one moment.
     *
     * @param active connections with a request in flight, or being opened
     * @param idle connections waiting for one
     * @param created connections opened so far
     * @param reused requests so far that went out on a connection that had served another
     * @param stale connections so far that were found dead or unusable when wanted again
     * @param refused requests so far that were refused because the pool was full or closed
     * @since 0.1
     */
    public record Stats(int active, int idle, long created, long reused, long stale, long refused) {}

    /**
     * Returns where this pool leads.
     *
     * @return the origin
     */
    public Origin origin() {
        return origin;
    }

    /**
     * Returns how this pool behaves.
     *
     * @return the options given when it was made
     */
    public OriginOptions options() {
        return options;
    }

    /**
     * Returns the pool's numbers.
     *
     * @return a snapshot
     */
    public synchronized Stats stats() {
        return new Stats(total - idleCount, idleCount, created, reused, stale, refused);
    }

    /**
     * Begins a request on an idle connection, or on a new one. The caller closes the exchange, whatever happens.
     *
     * @param method the method as the client sent it; GET, HEAD, OPTIONS, PUT, DELETE and TRACE without a body are repeated
     *     once when a reused connection turns out to be dead
     * @param target the request target, sent byte for byte
     * @return the exchange, with its first line written
     * @throws ProxyException when the origin cannot be reached or has enough to do, or the text cannot be sent
     */
    public Exchange exchange(String method, String target) throws ProxyException {
        RequestSyntax.checkStart(method, target);
        // Whether a body follows is not known yet; with one, as PUT has, the request cannot be repeated.
        Connection idle = takeIdle(Methods.safe(method));
        boolean mayRepeat = idle != null && Methods.idempotent(method);
        Exchange exchange = new Exchange(this, idle == null ? connect() : idle, takeWorkspace(), mayRepeat);
        try {
            exchange.start(method, target);
        } catch (ProxyException | RuntimeException e) {
            exchange.close();
            throw e;
        }
        return exchange;
    }

    /** An idle connection that works, or null with room reserved for a new one. */
    private @Nullable Connection takeIdle(boolean repeatable) throws ProxyException {
        long now = System.nanoTime();
        while (true) {
            Connection candidate;
            synchronized (this) {
                if (closed || transport.closed()) {
                    refused++;
                    throw new ProxyException(
                            ProxyFailure.CANCELLED, "The connections to " + origin + " are closing", false, null);
                }
                if (idleCount == 0) {
                    reserve();
                    return null;
                }
                candidate = idle[--idleCount];
                idle[idleCount] = null;
                reused++;
            }
            if (candidate != null && !candidate.outlived(now, maxIdleNanos) && candidate.reusable(repeatable, now)) {
                return candidate;
            }
            if (candidate != null) {
                countStale();
                discard(candidate);
            }
        }
    }

    private synchronized void countStale() {
        reused--;
        stale++;
    }

    private void reserve() throws ProxyException {
        if (total == options.maxConnections()) {
            refused++;
            throw new ProxyException(
                    ProxyFailure.OVERLOADED,
                    origin + " has " + total + " requests in flight, as many as allowed",
                    false,
                    null);
        }
        total++;
    }

    /** A new connection in the place of one that turned out to be dead. */
    Connection replace(Connection dead) throws ProxyException {
        countStale();
        dead.close();
        freeSlot(dead);
        return connect();
    }

    /** Opens a connection in room that was reserved; gives the room back when it fails. */
    private Connection connect() throws ProxyException {
        Connection connection = null;
        boolean attempted = false;
        // From here on, so that the end of the transport waits also for those who still ask for the address.
        transport.watchdog().watch(this);
        try {
            beginAttempt();
            attempted = true;
            connection = connectToAny();
            return connection;
        } finally {
            synchronized (this) {
                if (attempted) {
                    attempts--;
                }
                if (connection == null) {
                    total--;
                    notifyAll();
                } else {
                    created++;
                    attemptsSince = System.nanoTime();
                }
            }
        }
    }

    /**
     * An attempt to connect holds its thread. Where many get nowhere, as behind a firewall that swallows everything, one
     * more would only take another thread from those who could use it.
     */
    private synchronized void beginAttempt() throws ProxyException {
        long now = System.nanoTime();
        if (attempts == 0) {
            attemptsSince = now;
        } else if (attempts >= MANY_ATTEMPTS && now - attemptsSince > HOPELESS_ATTEMPT_NANOS) {
            refused++;
            throw unreachable(
                    ProxyFailure.UNREACHABLE,
                    origin + " accepts none of the " + attempts + " connections that are being opened",
                    null);
        }
        attempts++;
    }

    private Connection connectToAny() throws ProxyException {
        InetAddress[] addresses;
        try {
            addresses = transport.resolver().addressesOf(origin.addressableHost());
        } catch (UnknownHostException e) {
            throw unreachable(ProxyFailure.UNREACHABLE, "The host of " + origin + " is unknown", e);
        }
        long budget = options.connectTimeout().toNanos();
        long end = System.nanoTime() + budget;
        ProxyException last = null;
        for (int i = 0; i < addresses.length; i++) {
            // An address that swallows packets must leave time for the others.
            long share = budget == 0 ? 0 : Math.max(1, (end - System.nanoTime()) / (addresses.length - i));
            try {
                return connectTo(addresses[i], share);
            } catch (ProxyException e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        if (last == null) {
            throw unreachable(ProxyFailure.UNREACHABLE, "The host of " + origin + " has no address", null);
        }
        throw last;
    }

    private Connection connectTo(InetAddress address, long nanos) throws ProxyException {
        SocketChannel channel;
        try {
            channel = SocketChannel.open();
        } catch (IOException e) {
            throw unreachable(ProxyFailure.UNREACHABLE, "No socket for " + origin, e);
        }
        Connection connection = open(channel);
        connection.arm(nanos);
        try {
            if (transport.watchdog().stopped()) {
                connection.close(ProxyFailure.CANCELLED);
            }
            connection.connect(new InetSocketAddress(address, origin.effectivePort()));
            if (origin.isSecure()) {
                connection.secure(TlsLink.connect(connection, origin, options.sslContext()));
            }
            if (connection.disarm()) {
                return connection;
            }
            throw new IOException("The time to connect is over");
        } catch (IOException | RuntimeException e) {
            connection.close();
            freeSlot(connection);
            ProxyFailure failure = connection.failure();
            if (e instanceof ClosedByInterruptException) {
                failure = ProxyFailure.CANCELLED;
            }
            if (failure == ProxyFailure.TIMEOUT) {
                throw unreachable(failure, origin + " did not accept a connection in time", e);
            }
            throw unreachable(failure == null ? ProxyFailure.UNREACHABLE : failure, "No connection to " + origin, e);
        }
    }

    /** Puts a channel where the watchdog finds it. */
    Connection open(SocketChannel channel) {
        int slot;
        synchronized (this) {
            slot = freeSlots[--freeSlotCount];
        }
        Connection connection = new Connection(slot, channel);
        open.set(slot, connection);
        return connection;
    }

    private void freeSlot(Connection connection) {
        open.set(connection.slot, null);
        synchronized (this) {
            freeSlots[freeSlotCount++] = connection.slot;
        }
    }

    private static ProxyException unreachable(ProxyFailure failure, String message, @Nullable Exception cause) {
        return new ProxyException(failure, message, false, cause);
    }

    /** Takes back a connection that can carry another request. */
    void release(Connection connection) {
        if (!connection.blocking()) {
            transport.selector().makeBlocking(connection, () -> release(connection), () -> discard(connection));
            return;
        }
        connection.idleFrom(System.nanoTime());
        synchronized (this) {
            if (!closed && !transport.closed()) {
                idle[idleCount++] = connection;
                return;
            }
        }
        discard(connection);
    }

    /** Closes a connection that is of no more use and gives its place free. */
    void discard(Connection connection) {
        connection.close();
        transport.selector().closed(connection);
        open.set(connection.slot, null);
        synchronized (this) {
            freeSlots[freeSlotCount++] = connection.slot;
            total--;
            notifyAll();
        }
    }

    // ---- memory

    WaitSelector selector() {
        return transport.selector();
    }

    Workspace takeWorkspace() {
        synchronized (workspaces) {
            if (workspaceCount > 0) {
                Workspace workspace = workspaces[--workspaceCount];
                workspaces[workspaceCount] = null;
                if (workspace != null) {
                    return workspace;
                }
            }
        }
        return new Workspace(new HeadParser(options.maxHeadBytes(), options.maxFields()));
    }

    void giveBack(Workspace workspace) {
        workspace.reset();
        synchronized (workspaces) {
            if (workspaceCount < KEPT_WORKSPACES) {
                workspaces[workspaceCount++] = workspace;
            }
        }
    }

    ByteBuffer takeBigBuffer() {
        synchronized (bigBuffers) {
            if (bigBufferCount > 0) {
                ByteBuffer buffer = bigBuffers[--bigBufferCount];
                bigBuffers[bigBufferCount] = null;
                if (buffer != null) {
                    return buffer.clear();
                }
            }
        }
        return ByteBuffer.allocate(BIG);
    }

    void giveBack(ByteBuffer buffer) {
        synchronized (bigBuffers) {
            if (bigBufferCount < KEPT_BUFFERS) {
                bigBuffers[bigBufferCount++] = buffer;
            }
        }
    }

    // ---- watchdog

    /** Closes what is over its time; false when there is nothing left to watch. */
    boolean tick(long now) {
        for (int i = 0; i < open.length(); i++) {
            Connection connection = open.get(i);
            if (connection != null) {
                if (connection.closeIfExpired(now)) {
                    transport.selector().closed(connection);
                    connection.tellOwner();
                }
                ClientWatch due = connection.watchDue();
                if (due != null) {
                    transport.selector().watch(due);
                }
            }
        }
        closeOutlived(now);
        return inUse();
    }

    /** Whether there are connections, or any is being opened. */
    synchronized boolean inUse() {
        return total > 0;
    }

    private void closeOutlived(long now) {
        while (true) {
            Connection oldest;
            synchronized (this) {
                oldest = idleCount == 0 ? null : idle[0];
                if (oldest == null || !oldest.outlived(now, maxIdleNanos)) {
                    return;
                }
                System.arraycopy(idle, 1, idle, 0, --idleCount);
                idle[idleCount] = null;
            }
            discard(oldest);
        }
    }

    // ---- end

    /** Closes idle connections now and those in use when their exchange is over; refuses new exchanges. */
    @Override
    public void close() {
        while (true) {
            Connection connection;
            synchronized (this) {
                closed = true;
                if (idleCount == 0) {
                    return;
                }
                connection = idle[--idleCount];
                idle[idleCount] = null;
            }
            if (connection != null) {
                discard(connection);
            }
        }
    }

    /** Waits until nothing is in flight, or the instant of {@link System#nanoTime()} is over. */
    synchronized boolean awaitQuiet(long until) throws InterruptedException {
        while (total > 0) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            // One more than the rest in whole milliseconds, so that it does not become a wait for ever.
            wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
        return true;
    }

    /** Ends whatever is in flight. */
    void abortAll() {
        for (int i = 0; i < open.length(); i++) {
            Connection connection = open.get(i);
            if (connection != null) {
                connection.close(ProxyFailure.CANCELLED);
                transport.selector().closed(connection);
                connection.tellOwner();
            }
        }
    }
}
