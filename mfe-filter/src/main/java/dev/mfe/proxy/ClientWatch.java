package dev.mfe.proxy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the end of a client's connection while an origin takes its time. The channel belongs to the container, which has
 * it on a selector of its own. Nothing is read from it: of a connection that holds bytes, such as the next request of a client
 * that does not wait (RFC 9112 §9.3.2), nobody can tell whether an end follows them.
 *
 * <p>All but {@link #end} happens on the thread of the selector.
 */
final class ClientWatch {

    private final WaitingClient client;
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private volatile boolean ended;

    ClientWatch(WaitingClient client) {
        this.client = client;
    }

    /** From any thread: what the channel says from now on is not about this exchange. */
    void end() {
        ended = true;
    }

    /** Returns false when the channel is not free yet from the watch before. */
    boolean begin(Selector selector) {
        if (ended) {
            return true;
        }
        SocketChannel found = client.channel();
        // If it has ended meanwhile, the container may have used its objects for somebody else already.
        if (found == null || ended) {
            return true;
        }
        if (found.keyFor(selector) != null) {
            return false;
        }
        try {
            channel = found;
            key = found.register(selector, SelectionKey.OP_READ, this);
        } catch (ClosedChannelException | RuntimeException e) {
            // The container has closed it, which it will tell by itself, or does not let others wait for it.
        }
        return true;
    }

    /** Returns false when the client has left, but whoever has to know cannot be told at the moment. */
    boolean look() {
        boolean over = true;
        try {
            SocketChannel watched = channel;
            // Looked at in this order: the container reads on only when the exchange is over, but then it may have read
            // what
            // was there just now.
            over = watched == null || watched.socket().getInputStream().available() > 0 || ended || client.left();
        } catch (IOException e) {
            // Closed by the container.
        } finally {
            if (over) {
                cancel();
            } else {
                waitFor(0);
            }
        }
        return over;
    }

    void lookAgain() {
        waitFor(SelectionKey.OP_READ);
    }

    private void waitFor(int operations) {
        SelectionKey registration = key;
        if (registration != null && registration.isValid()) {
            registration.interestOps(operations);
        }
    }

    /** The channel of a key that is cancelled is free, and if it was closed really so, with the next selection. */
    void cancel() {
        SelectionKey registration = key;
        if (registration != null) {
            registration.cancel();
        }
        key = null;
        channel = null;
    }
}
