package dev.mfe.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread on which any number of connections wait for bytes, so that none of them holds a thread of its own, and on which
 * clients that wait long are watched. It starts when the first connection is parked. Callbacks run on it and must not block.
 */
final class WaitSelector implements Runnable {

    private static final long SOON_MILLIS = 20;

    private static final int[] OPERATIONS = {SelectionKey.OP_READ, SelectionKey.OP_WRITE};

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Runnable> unregistered = new ArrayList<>();
    private final List<Runnable> soon = new ArrayList<>();
    private @Nullable Selector selector;
    private @Nullable Thread thread;
    private volatile boolean stopped;

    /**
     * Calls back once: when the channel is ready, or when it was closed by whomever. The connection must be non-blocking.
     */
    void park(Connection connection, int operation, boolean readyNow, Runnable whenReady) {
        connection.waiter(operation, whenReady);
        if (Thread.currentThread() == thread && !readyNow) {
            register(connection, operation);
        } else {
            execute(() -> {
                if (readyNow) {
                    fire(connection, operation);
                } else {
                    register(connection, operation);
                }
            });
        }
    }

    /** Tells that a connection was closed by another thread, which no selector notices by itself. */
    void closed(Connection connection) {
        // The selector keeps the socket of a closed channel open until its next turn, so it has to be woken in any
        // case.
        if (!connection.blocking()) {
            execute(() -> {
                if (!connection.channel().isOpen()) {
                    fire(connection);
                }
            });
        }
    }

    /** Takes a connection off the selector and makes it blocking again. */
    void makeBlocking(Connection connection, Runnable done, Runnable failed) {
        execute(() -> {
            SelectionKey key = connection.key();
            if (key != null) {
                key.cancel();
                connection.key(null);
            }
            unregistered.add(() -> {
                try {
                    connection.configureBlocking(true);
                } catch (IOException | RuntimeException e) {
                    failed.run();
                    return;
                }
                done.run();
            });
        });
    }

    /** Looks for the end of a client's connection. */
    void watch(ClientWatch watch) {
        execute(() -> begin(watch));
    }

    private void begin(ClientWatch watch) {
        if (!watch.begin(running())) {
            soon.add(() -> begin(watch));
        }
    }

    /** Looks no longer, and lets go of the channel at once. */
    void unwatch(ClientWatch watch) {
        watch.end();
        execute(watch::cancel);
    }

    private void look(ClientWatch watch) {
        if (!watch.look()) {
            soon.add(watch::lookAgain);
        }
    }

    private void execute(Runnable task) {
        Selector running = running();
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            running.wakeup();
        }
    }

    private synchronized Selector running() {
        Selector running = selector;
        if (running == null) {
            try {
                running = Selector.open();
            } catch (IOException e) {
                throw new UncheckedIOException("No selector to wait for origins", e);
            }
            selector = running;
            Thread started = new Thread(this, "mfe-transport-selector");
            started.setDaemon(true);
            thread = started;
            started.start();
        }
        return running;
    }

    /** Returns when the thread has ended, so that nothing of the app is left behind. */
    void stop() {
        Thread started;
        synchronized (this) {
            stopped = true;
            started = thread;
            if (selector != null) {
                selector.wakeup();
            }
        }
        Transport.awaitEnd(started);
    }

    @Override
    public void run() {
        Selector mine = running();
        while (!stopped) {
            if (!Transport.survives("Waiting for origins without a thread failed", () -> turn(mine))) {
                LockSupport.parkNanos(this, Transport.AFTER_FAILURE_NANOS);
            }
        }
        // Whoever waits for a connection that was just closed still wants to know.
        Transport.survives("The last callbacks of waiting requests failed", () -> end(mine));
    }

    private void turn(Selector mine) {
        try {
            if (soon.isEmpty()) {
                mine.select();
            } else {
                mine.select(SOON_MILLIS);
            }
            List<Runnable> now = List.copyOf(soon);
            soon.clear();
            now.forEach(WaitSelector::runSafely);
            fireReady(mine);
            runTasks(mine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(Selector mine) {
        try (mine) {
            runTasks(mine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fireReady(Selector mine) {
        Set<SelectionKey> selected = mine.selectedKeys();
        if (selected.isEmpty()) {
            return;
        }
        for (SelectionKey key : selected) {
            if (key.attachment() instanceof ClientWatch watch) {
                runSafely(() -> look(watch));
                continue;
            }
            Connection connection = (Connection) key.attachment();
            int ready = SelectionKey.OP_READ | SelectionKey.OP_WRITE;
            try {
                ready = key.readyOps();
                // A callback that waits again right away sets it back, and no system call is made for either.
                key.interestOps(key.interestOps() & ~ready);
            } catch (CancelledKeyException e) {
                // Closed meanwhile: the callbacks will find out when they read or write.
            }
            for (int operation : OPERATIONS) {
                if ((ready & operation) != 0) {
                    fire(connection, operation);
                }
            }
        }
        selected.clear();
    }

    private void runTasks(Selector mine) throws IOException {
        while (true) {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                runSafely(task);
            }
            if (unregistered.isEmpty()) {
                return;
            }
            // A cancelled key leaves the selector only with the next selection, and until then the channel is not free.
            mine.selectNow();
            List<Runnable> free = List.copyOf(unregistered);
            unregistered.clear();
            free.forEach(WaitSelector::runSafely);
            fireReady(mine);
        }
    }

    private void register(Connection connection, int operation) {
        try {
            SelectionKey key = connection.key();
            if (key == null) {
                key = connection.channel().register(running(), operation, connection);
                connection.key(key);
            } else {
                key.interestOps(key.interestOps() | operation);
            }
        } catch (IOException | RuntimeException e) {
            // Closed while it was on its way here.
            fire(connection);
        }
    }

    private static void fire(Connection connection) {
        for (int operation : OPERATIONS) {
            fire(connection, operation);
        }
    }

    private static void fire(Connection connection, int operation) {
        Runnable waiter = connection.takeWaiter(operation);
        if (waiter != null) {
            runSafely(waiter);
        }
    }

    private static void runSafely(Runnable task) {
        Transport.survives("A callback of a waiting request failed", task);
    }
}
