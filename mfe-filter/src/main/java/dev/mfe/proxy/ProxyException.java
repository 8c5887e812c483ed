package dev.mfe.proxy;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A proxied request that failed. The message never holds bytes that came from the network, so it is safe to log.
 *
 * @since 0.1
 */
public final class ProxyException extends IOException {

    private final ProxyFailure failure;
    private final boolean requestSent;

    ProxyException(ProxyFailure failure, String message, boolean requestSent, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = failure;
        this.requestSent = requestSent;
    }

    static ProxyException badRequest(String message) {
        return new ProxyException(ProxyFailure.BAD_REQUEST, message, false, null);
    }

    static ProxyException badResponse(String message) {
        return new ProxyException(ProxyFailure.BAD_RESPONSE, message, true, null);
    }

    /**
     * Returns what went wrong.
     *
     * @return the failure's name
     */
    public ProxyFailure failure() {
        return failure;
    }

    /**
     * Tells whether the origin may have seen any part of the request. When it has not, the request can be answered
     * elsewhere without being done twice.
     *
     * @return false when nothing was sent
     */
    public boolean requestSent() {
        return requestSent;
    }
}
