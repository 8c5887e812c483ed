package dev.mfe.flags;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads on which blocking providers run unless the app brings its own. Made when needed, gone when idle. */
final class ProviderThreads {
    static final int MAX = 64;

    /** One provider that hangs leaves threads for the others. */
    static final int MAX_PER_PROVIDER = MAX / 2;

    static final String NAME_PREFIX = "mfe-flags-";

    private static final int IDLE_SECONDS = 30;

    private ProviderThreads() {}

    /** Nothing waits in a queue: whoever finds no thread has its answer now, and it is off. */
    static ThreadPoolExecutor newPool() {
        return new ThreadPoolExecutor(
                0, MAX, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), daemonThreads());
    }

    private static ThreadFactory daemonThreads() {
        AtomicInteger count = new AtomicInteger();
        // A thread is made by whichever request comes first and lives on: it must take nothing of that request with it,
        // neither inherited thread-locals nor a class loader that is not the app's.
        ClassLoader appLoader = Thread.currentThread().getContextClassLoader();
        return task -> {
            Thread thread = new Thread(null, task, NAME_PREFIX + count.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(appLoader);
            return thread;
        };
    }
}
