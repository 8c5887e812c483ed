package dev.mfe.proxy;

import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How connections to one origin are made and how long they may take. A zero duration means "no limit".
 *
 * @param connectTimeout until connected, over all addresses of the host, TLS handshake included; how long the system looks
 *     for the addresses themselves is the system's to limit
 * @param responseTimeout from the end of the request until the whole head of the response is here
 * @param idleTimeout between two reads of a response body, and for one write of a request body
 * @param maxConnections requests in flight at most; one more is refused with {@link ProxyFailure#OVERLOADED}
 * @param maxIdle how long an unused connection is kept; a shorter {@code Keep-Alive: timeout} of the origin wins
 * @param maxHeadBytes size of a response head, or of a trailer section, at most
 * @param maxFields fields of a response head, or of a trailer section, at most
 * @param sslContext keys and trust for {@code https}; the JVM's default when null
 * @since 0.1
 */
public record OriginOptions(
        Duration connectTimeout,
        Duration responseTimeout,
        Duration idleTimeout,
        int maxConnections,
        Duration maxIdle,
        int maxHeadBytes,
        int maxFields,
        @Nullable SSLContext sslContext) {

    /** Checks the limits. */
    public OriginOptions {
        if (maxConnections < 1 || maxHeadBytes < 128 || maxFields < 1) {
            throw new IllegalArgumentException(
                    "maxConnections and maxFields must be at least 1, maxHeadBytes at least 128");
        }
        if (connectTimeout.isNegative() || responseTimeout.isNegative() || idleTimeout.isNegative()) {
            throw new IllegalArgumentException("A timeout is zero (none) or positive");
        }
    }

    /**
     * Returns what fits most origins.
     *
     * @return 2 s to connect, 30 s to answer, 60 s idle, 1,024 connections kept up to 30 s, heads up to 64 KiB
     */
    public static OriginOptions defaults() {
        return new OriginOptions(
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                1024,
                Duration.ofSeconds(30),
                64 * 1024,
                256,
                null);
    }

    /**
     * Changes the three timeouts.
     *
     * @param connect see {@link #connectTimeout()}
     * @param response see {@link #responseTimeout()}
     * @param idle see {@link #idleTimeout()}
     * @return changed options
     */
    public OriginOptions withTimeouts(Duration connect, Duration response, Duration idle) {
        return new OriginOptions(connect, response, idle, maxConnections, maxIdle, maxHeadBytes, maxFields, sslContext);
    }

    /**
     * Changes how many connections there may be and how long they are kept.
     *
     * @param connections see {@link #maxConnections()}
     * @param idle see {@link #maxIdle()}
     * @return changed options
     */
    public OriginOptions withPool(int connections, Duration idle) {
        return new OriginOptions(
                connectTimeout, responseTimeout, idleTimeout, connections, idle, maxHeadBytes, maxFields, sslContext);
    }

    /**
     * Changes keys and trust.
     *
     * @param context see {@link #sslContext()}
     * @return changed options
     */
    public OriginOptions withSslContext(@Nullable SSLContext context) {
        return new OriginOptions(
                connectTimeout,
                responseTimeout,
                idleTimeout,
                maxConnections,
                maxIdle,
                maxHeadBytes,
                maxFields,
                context);
    }
}
