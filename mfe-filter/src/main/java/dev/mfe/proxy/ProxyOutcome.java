package dev.mfe.proxy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a proxied request ended.
 *
 * @param status the status that the client was told, or would have been had it stayed; 101 for a tunnel, and 0 when the
 *     local app answers instead
 * @param failure what went wrong; null when nothing did
 * @param servedLocally whether the local app answers instead, because of the failure
 * @param duration from the moment the request was about to be proxied
 * @since 0.1
 */
public record ProxyOutcome(int status, @Nullable ProxyFailure failure, boolean servedLocally, Duration duration) {

    /**
     * Returns the outcome as it stands in metrics. Of these there are few: the name of a failure, or what kind of status the
     * zone gave.
     *
     * @return in lower case with dashes, such as {@code success}, {@code client-error} or {@code bad-response}
     */
    public String label() {
        if (failure != null) {
            return failure.label();
        }
        return switch (status / 100) {
            case 1 -> "tunnel";
            case 2 -> "success";
            case 3 -> "redirection";
            case 4 -> "client-error";
            case 5 -> "server-error";
            default -> "unknown";
        };
    }
}
