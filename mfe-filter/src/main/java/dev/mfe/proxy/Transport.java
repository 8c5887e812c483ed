package dev.mfe.proxy;

import dev.mfe.config.Origin;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the pools of an application share: the thread that watches deadlines and the one that waits for slow origins. Both
 * start when first needed. Whoever opens a transport closes it. Safe for use by any number of threads.
 *
 * @since 0.1
 */
public final class Transport implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Transport.class.getName());

    /** How long a thread for all rests after a failure, so that one that lasts does not take all the time there is. */
    static final long AFTER_FAILURE_NANOS = 100_000_000;

    /** Finds the addresses of a host, which may take its time. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final Watchdog watchdog = new Watchdog();
    private final WaitSelector selector = new WaitSelector();
    private volatile boolean closed;

    /** Makes a transport without connections and without threads. */
    public Transport() {
        this(InetAddress::getAllByName);
    }

    Transport(Resolver resolver) {
        this.resolver = resolver;
    }

    /**
     * Makes a pool. It costs nothing until used and need not be closed: without connections nobody but its user knows it.
     *
     * @param origin where its connections lead
     * @param options how they behave
     * @return a new pool, also for an origin that has one already
     */
    public OriginPool pool(Origin origin, OriginOptions options) {
        return new OriginPool(this, origin, options);
    }

    Resolver resolver() {
        return resolver;
    }

    boolean closed() {
        return closed;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    WaitSelector selector() {
        return selector;
    }

    /** Closes everything at once; what is in flight fails with {@link ProxyFailure#CANCELLED}. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /**
     * Refuses new exchanges, lets those in flight finish, and then closes everything.
     *
     * @param limit how long to wait for exchanges in flight; what is left then fails with {@link ProxyFailure#CANCELLED}
     * @return whether all of them finished
     */
    public boolean close(Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        closed = true;
        List<OriginPool> pools = List.copyOf(watchdog.watched());
        pools.forEach(OriginPool::close);
        boolean quiet = true;
        for (OriginPool pool : pools) {
            try {
                quiet &= pool.awaitQuiet(until);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                quiet = false;
            }
            pool.abortAll();
        }
        watchdog.stop();
        // Whoever has opened a connection since then and has not seen that the watchdog stops.
        watchdog.watched().forEach(OriginPool::abortAll);
        selector.stop();
        return quiet;
    }

    /**
     * Runs something on a thread that all zones depend on, and that starts only once: no failure may end it, not even an
     * {@link Error}, which may concern one request only, or be over when the next comes.
     *
     * @return whether it went well
     */
    static boolean survives(String failed, Runnable task) {
        try {
            task.run();
            return true;
        } catch (Throwable e) {
            try {
                LOG.log(Level.ERROR, failed, e);
            } catch (Throwable again) {
                // Without memory, or with the app's classes gone, not even this works.
            }
            return false;
        }
    }

    /** Waits a moment for a thread that was told to end; a callback that hangs must not keep the app from stopping. */
    static void awaitEnd(@Nullable Thread thread) {
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
