package dev.mfe.proxy;

import java.util.Locale;

/**
 * What went wrong between the client and a zone, whose fault it was, and the status the client is told while the response
 * is uncommitted.
 *
 * @since 0.1
 */
public enum ProxyFailure {
    /** The client's request cannot be expressed on the wire, for example because a field value holds a line break. */
    BAD_REQUEST(400),
    /** The client left or stopped sending. Nobody is there to read the status; never counted against the zone. */
    CLIENT_GONE(499),
    /** No connection to the origin: its name does not resolve, it refuses, or the TLS handshake fails. */
    UNREACHABLE(502),
    /** The origin answered something that is not HTTP/1.x as we accept it, or broke off. */
    BAD_RESPONSE(502),
    /** As many requests to the origin as allowed are in flight already. */
    OVERLOADED(503),
    /** The application gave the request up: it shuts down, or the thread was interrupted. */
    CANCELLED(503),
    /** A filter in front has read the body, and it cannot be made again. The app has to be set up in another way. */
    BODY_LOST(500),
    /** The origin did not connect, answer or go on within its time. */
    TIMEOUT(504),
    /** The request has been here before. */
    LOOP(508);

    private final int status;

    ProxyFailure(int status) {
        this.status = status;
    }

    /**
     * Returns the status for the client.
     *
     * @return a status code between 400 and 599
     */
    public int status() {
        return status;
    }

    /**
     * Returns the name as it stands in metrics and spans.
     *
     * @return in lower case with dashes, such as {@code bad-response}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Tells whether this speaks against the zone, and not against its client or us.
     *
     * @return true for {@link #UNREACHABLE}, {@link #BAD_RESPONSE}, {@link #OVERLOADED} and {@link #TIMEOUT}
     */
    public boolean zoneFailed() {
        return switch (this) {
            case UNREACHABLE, BAD_RESPONSE, OVERLOADED, TIMEOUT -> true;
            case BAD_REQUEST, CLIENT_GONE, CANCELLED, BODY_LOST, LOOP -> false;
        };
    }
}
