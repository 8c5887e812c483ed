package dev.mfe.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A channel to an origin with the deadline of whatever is being done on it. One thread reads and writes; the watchdog and
 * an aborting thread may close it at any moment, which is what ends a blocking call.
 */
final class Connection {

    private static final long NO_DEADLINE = 0;
    private static final long EXPIRED = 1;

    private static final int MAX_WRITE = 128 * 1024;
    private static final long STUCK_WRITE_NANOS = 500_000_000;
    private static final long JUST_USED_NANOS = 1_000_000_000;

    /** Of the watchdog. A client that waits shorter is not worth the system calls of watching it. */
    private static final int TICKS_UNTIL_WATCHED = 8;

    private static final VarHandle DEADLINE;
    private static final VarHandle FAILURE;
    private static final VarHandle CLIENT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            DEADLINE = lookup.findVarHandle(Connection.class, "deadline", long.class);
            FAILURE = lookup.findVarHandle(Connection.class, "failure", ProxyFailure.class);
            CLIENT = lookup.findVarHandle(Connection.class, "client", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final int slot;
    private final SocketChannel channel;
    private volatile InputStream input = InputStream.nullInputStream();
    private final ByteBuffer oneByte = ByteBuffer.allocate(1);
    private @Nullable TlsLink tls;

    /** When the watchdog closes the channel, in the time of {@link System#nanoTime()}. */
    @SuppressWarnings("UnusedVariable") // through DEADLINE
    private volatile long deadline;

    @SuppressWarnings("UnusedVariable") // through FAILURE
    private volatile @Nullable ProxyFailure failure;

    /** Who gives back the place of this connection when it was closed and its user may never come to know. */
    private volatile @Nullable Runnable owner;

    /** Since when a part of a request body is being written without headway, 0 when none is. */
    private volatile long writingBodySince;

    /** Whose body that is. Guarded by this: while it is held the owning thread cannot leave the write. */
    private @Nullable Exchange writer;

    // Only the owning thread, or the pool under its lock, touches these.
    private long idleSince;
    private long keepAliveNanos = Long.MAX_VALUE;

    // Written by the owning thread.
    private volatile boolean blocking = true;

    /** Who waits for what is being done: the client, or after a while the watch over it. */
    private volatile @Nullable Object client;

    // Only the watchdog touches these.
    private @Nullable Object waitingClient;
    private int ticksWaited;

    // Only the selector thread touches the key.
    private @Nullable SelectionKey key;
    private volatile @Nullable Runnable waiter;
    private volatile @Nullable Runnable writeWaiter;

    Connection(int slot, SocketChannel channel) {
        this.slot = slot;
        this.channel = channel;
    }

    void connect(SocketAddress address) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(address);
        input = channel.socket().getInputStream();
    }

    SocketChannel channel() {
        return channel;
    }

    void secure(TlsLink link) {
        this.tls = link;
    }

    @Nullable
    TlsLink tls() {
        return tls;
    }

    // ---- bytes

    int read(ByteBuffer target) throws IOException {
        return tls == null ? channel.read(target) : tls.read(target);
    }

    void writeFully(ByteBuffer source) throws IOException {
        if (tls != null) {
            tls.write(source);
            return;
        }
        int end = source.limit();
        while (source.position() < end) {
            // The JDK copies a heap buffer to a direct one of its size, and keeps that for as long as the thread lives.
            source.limit(Math.min(end, source.position() + MAX_WRITE));
            channel.write(source);
            source.limit(end);
            if (writingBodySince != 0) {
                headway();
            }
        }
    }

    /** Writes all of the buffers, in one system call if they are small and the socket has room. */
    void writeFully(ByteBuffer[] sources) throws IOException {
        long length = 0;
        for (ByteBuffer source : sources) {
            length += source.remaining();
        }
        if (tls != null || length > MAX_WRITE) {
            for (ByteBuffer source : sources) {
                writeFully(source);
            }
            return;
        }
        ByteBuffer last = sources[sources.length - 1];
        while (last.hasRemaining()) {
            channel.write(sources);
        }
    }

    /** Whether the socket holds bytes to read. Cannot see the end of the stream, and costs one cheap system call. */
    boolean bytesWaiting() {
        try {
            return input.available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Waits for bytes without giving up the channel when they do not come.
     *
     * @return bytes read, -1 at the end, or 0 when the time is over
     */
    int readWithin(int millis, ByteBuffer target) throws IOException {
        if (tls != null) {
            return tls.readWithin(millis, target);
        }
        return rawReadWithin(millis, target);
    }

    int rawReadWithin(int millis, ByteBuffer target) throws IOException {
        channel.socket().setSoTimeout(millis);
        try {
            int n = input.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
            if (n > 0) {
                target.position(target.position() + n);
            }
            return n;
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    // ---- reuse

    void idleFrom(long now) {
        idleSince = now;
    }

    /** Remembers for how long the origin keeps an idle connection. */
    void keepAlive(long nanos) {
        keepAliveNanos = nanos;
    }

    /**
     * Whether it has been idle too long. An origin that says how long it waits gets a second less, so that its close and our
     * request do not cross.
     */
    boolean outlived(long now, long maxIdleNanos) {
        long limit = Math.min(maxIdleNanos, keepAliveNanos - 1_000_000_000L);
        return now - idleSince >= limit;
    }

    /**
     * Whether an idle connection can carry another request: nothing to read, which would be taken for its answer, and not
     * closed by the origin. The look for the close costs five system calls, so a connection that was used a moment ago gets
     * it only when the request could not be repeated. Under TLS the bytes may be a ticket of the session, so they are read.
     */
    boolean reusable(boolean repeatable, long now) {
        boolean bytes = bytesWaiting() || (tls != null && tls.hasBuffered());
        if (bytes && tls == null) {
            return false;
        }
        if (!bytes && repeatable && now - idleSince < JUST_USED_NANOS) {
            return true;
        }
        try {
            channel.configureBlocking(false);
            oneByte.clear();
            int n = read(oneByte);
            channel.configureBlocking(true);
            return n == 0 && (tls == null || !tls.shakingHands());
        } catch (IOException e) {
            return false;
        }
    }

    // ---- deadline

    /** From now until {@link #disarm()} the watchdog closes the channel once the time has come. Zero nanos: never. */
    void arm(long nanosFromNow) {
        if (nanosFromNow > 0) {
            armUntil(System.nanoTime() + nanosFromNow);
        }
    }

    private void armUntil(long instant) {
        long current = (long) DEADLINE.getAcquire(this);
        if (current != EXPIRED) {
            // If this fails the deadline before has struck just now, which disarm() will tell. The two small values
            // have a
            // meaning of their own.
            DEADLINE.compareAndSet(this, current, instant == NO_DEADLINE || instant == EXPIRED ? 2 : instant);
        }
    }

    /** Returns whether the deadline had not struck; if it had, the channel is closed or about to be. */
    boolean disarm() {
        long current = (long) DEADLINE.getAcquire(this);
        return current == NO_DEADLINE || (current != EXPIRED && DEADLINE.compareAndSet(this, current, NO_DEADLINE));
    }

    /** Called by the watchdog. */
    boolean closeIfExpired(long now) {
        long current = (long) DEADLINE.getAcquire(this);
        if (current == NO_DEADLINE || current == EXPIRED || current - now > 0) {
            helpStuckWrite(now);
            return false;
        }
        // Whoever wins this exchange decides: either the deadline struck, or the call had returned before.
        if (DEADLINE.compareAndSet(this, current, EXPIRED)) {
            close(ProxyFailure.TIMEOUT);
            return true;
        }
        return false;
    }

    // ---- end

    /** Closes because of a failure; the first one is remembered. */
    void close(ProxyFailure why) {
        FAILURE.compareAndSet(this, null, why);
        close();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // There is nobody left who would want to know.
        }
    }

    void owner(Runnable givesBack) {
        owner = givesBack;
    }

    /** After the watchdog, or the end of the transport, has closed it. */
    void tellOwner() {
        Runnable told = owner;
        if (told != null) {
            told.run();
        }
    }

    @Nullable
    ProxyFailure failure() {
        return failure;
    }

    private void headway() {
        long now = System.nanoTime();
        writingBodySince = now == 0 ? 1 : now;
    }

    synchronized void writingBody(Exchange exchange) {
        writer = exchange;
        headway();
    }

    synchronized void bodyWritten() {
        writer = null;
        writingBodySince = 0;
    }

    /**
     * The thread of a write that makes no headway cannot hear what the origin says meanwhile, so it is heard here. If the
     * origin wants no more of the body, the write is ended; reading goes on.
     */
    private void helpStuckWrite(long now) {
        if (!writesWithoutHeadway(now)) {
            return;
        }
        synchronized (this) {
            Exchange stuck = writer;
            if (stuck != null && writesWithoutHeadway(now) && stuck.hearsRefusal()) {
                try {
                    channel.shutdownOutput();
                } catch (IOException | RuntimeException e) {
                    // Closed meanwhile, which ends the write as well.
                }
            }
        }
    }

    private boolean writesWithoutHeadway(long now) {
        long since = writingBodySince;
        return since != 0 && now - since > STUCK_WRITE_NANOS;
    }

    // ---- the client

    void client(WaitingClient waits) {
        CLIENT.setRelease(this, waits);
    }

    /** Goes on for the client of a connection that was lost. */
    void clientOf(Connection lost) {
        CLIENT.setRelease(this, (Object) CLIENT.getAndSet(lost, null));
    }

    /** Forgets the client; a watch over it is to be ended. */
    @Nullable
    ClientWatch forgetClient() {
        if (client == null) {
            return null;
        }
        return (Object) CLIENT.getAndSet(this, null) instanceof ClientWatch watch ? watch : null;
    }

    /** Called by the watchdog at each tick: a watch to begin when the client has been waiting for a while. */
    @Nullable
    ClientWatch watchDue() {
        Object waits = client;
        if (waits != waitingClient) {
            waitingClient = waits;
            ticksWaited = 0;
        } else if (waits instanceof WaitingClient waiting && ++ticksWaited == TICKS_UNTIL_WATCHED) {
            ClientWatch watch = new ClientWatch(waiting);
            if (CLIENT.compareAndSet(this, waits, watch)) {
                return watch;
            }
        }
        return null;
    }

    // ---- waiting without a thread

    boolean blocking() {
        return blocking;
    }

    void configureBlocking(boolean on) throws IOException {
        channel.configureBlocking(on);
        blocking = on;
    }

    @Nullable
    SelectionKey key() {
        return key;
    }

    void key(@Nullable SelectionKey registration) {
        key = registration;
    }

    void waiter(int operation, Runnable whenReady) {
        if (operation == SelectionKey.OP_WRITE) {
            writeWaiter = whenReady;
        } else {
            waiter = whenReady;
        }
    }

    @Nullable
    Runnable takeWaiter(int operation) {
        Runnable taken;
        if (operation == SelectionKey.OP_WRITE) {
            taken = writeWaiter;
            writeWaiter = null;
        } else {
            taken = waiter;
            waiter = null;
        }
        return taken;
    }
}
