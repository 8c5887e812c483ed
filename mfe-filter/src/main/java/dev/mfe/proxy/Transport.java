package dev.mfe.proxy;

import dev.mfe.config.Origin;
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

    private final Watchdog watchdog = new Watchdog();
    private final WaitSelector selector = new WaitSelector();
    private volatile boolean closed;

    /** Makes a transport without connections and without threads. */
    public Transport() {}

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
        selector.stop();
        return quiet;
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
