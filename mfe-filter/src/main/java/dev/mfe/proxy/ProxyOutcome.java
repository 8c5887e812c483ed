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
public record ProxyOutcome(int status, @Nullable ProxyFailure failure, boolean servedLocally, Duration duration) {}
