package dev.mfe.proxy;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread that looks at every open connection now and then and closes those whose time is over. Setting a deadline is
 * then one store, where a socket timeout costs several system calls. The thread starts with the first connection and
 * sleeps for good while there is none.
 */
final class Watchdog implements Runnable {

    private static final long TICK_NANOS = 25_000_000;

    private final Set<OriginPool> watched = ConcurrentHashMap.newKeySet();
    private volatile boolean asleep;
    private volatile boolean stopped;
    private @Nullable Thread thread;

    /** Looks after a pool for as long as it has connections or opens one. */
    void watch(OriginPool pool) {
        watched.add(pool);
        Thread running = running();
        if (asleep) {
            LockSupport.unpark(running);
        }
    }

    /** Whether deadlines hold no longer. */
    boolean stopped() {
        return stopped;
    }

    Set<OriginPool> watched() {
        return watched;
    }

    private synchronized Thread running() {
        Thread running = thread;
        if (running == null) {
            running = new Thread(this, "mfe-transport-watchdog");
            running.setDaemon(true);
            thread = running;
            running.start();
        }
        return running;
    }

    /** Returns when the thread has ended, so that nothing of the app is left behind. */
    void stop() {
        Thread running;
        synchronized (this) {
            stopped = true;
            running = thread;
        }
        LockSupport.unpark(running);
        Transport.awaitEnd(running);
    }

    @Override
    public void run() {
        boolean well = true;
        while (!stopped) {
            if (watched.isEmpty()) {
                asleep = true;
                // Between the look above and the store a pool may have come: look again.
                if (watched.isEmpty() && !stopped) {
                    LockSupport.park(this);
                }
                asleep = false;
            } else {
                LockSupport.parkNanos(this, well ? TICK_NANOS : Transport.AFTER_FAILURE_NANOS);
            }
            well = Transport.survives("Looking for connections whose time is over failed", this::tick);
        }
    }

    private void tick() {
        long now = System.nanoTime();
        for (Iterator<OriginPool> pools = watched.iterator(); pools.hasNext(); ) {
            OriginPool pool = pools.next();
            if (!pool.tick(now)) {
                pools.remove();
                // One that came between the two would be forgotten.
                if (pool.inUse()) {
                    watched.add(pool);
                }
            }
        }
    }
}
