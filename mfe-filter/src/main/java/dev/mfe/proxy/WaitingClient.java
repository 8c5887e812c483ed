package dev.mfe.proxy;

import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Who an exchange is for, so that it can be given up when nobody waits for its outcome any more (RFC 9112 §9.5). Asked only
 * when an origin takes its time. Both methods are called on the one thread that waits for all origins and must not block.
 *
 * @since 0.1
 */
public interface WaitingClient {

    /**
     * Finds the client's connection, to see when it ends. Nobody may read from it while the exchange lasts: what is there to
     * read without being any bytes is the end.
     *
     * @return the non-blocking channel, or null if there is none that could be watched
     */
    @Nullable
    SocketChannel channel();

    /**
     * Tells that the client has closed or reset its connection. Called once, unless it is not the moment.
     *
     * @return false to be called again in a moment
     */
    boolean left();
}
