package dev.mfe.proxy;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a zone is doing, at one moment. Nothing waits in a queue: a request that finds as many in flight as allowed is
 * refused with {@link ProxyFailure#OVERLOADED}.
 *
 * @param zone its name
 * @param origin where it is reached, such as {@code https://docs.example.com}
 * @param maxInFlight how many requests may be in flight
 * @param connections its connections; each active one carries one request in flight, or a tunnel
 * @param requests requests to it since the start, those in flight and those that failed among them
 * @param failures requests that failed since the start, by why; without those that never happened
 * @param lastAnswer when the zone last began an answer; null if it never did
 * @param lastFailure the last failure that is {@linkplain ProxyFailure#zoneFailed() the zone's}; null if there was none
 * @since 0.1
 */
public record ZoneStatistics(
        String zone,
        String origin,
        int maxInFlight,
        OriginPool.Stats connections,
        long requests,
        Map<ProxyFailure, Long> failures,
        @Nullable Instant lastAnswer,
        @Nullable LastFailure lastFailure) {

    /** Copies the map. */
    public ZoneStatistics {
        failures = Map.copyOf(failures);
    }

    /**
     * Says how the zone is, as its requests show it.
     *
     * @return what the later one of the last answer and the last failure says
     */
    public State state() {
        if (lastFailure == null) {
            return lastAnswer == null ? State.UNKNOWN : State.UP;
        }
        return lastAnswer != null && lastAnswer.isAfter(lastFailure.at()) ? State.UP : State.DEGRADED;
    }

    /**
     * How a zone is.
     *
     * @since 0.1
     */
    public enum State {
        /** Nothing was sent to it yet that it answered, or failed to. */
        UNKNOWN,
        /** It answers. */
        UP,
        /** The last request to it failed, and that was the zone's fault. */
        DEGRADED
    }

    /**
     * A failure and its time.
     *
     * @param failure what went wrong
     * @param at when
     * @since 0.1
     */
    public record LastFailure(ProxyFailure failure, Instant at) {}
}
