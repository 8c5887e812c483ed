package dev.mfe.proxy;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens to the requests of one zone. Outlives the zone's connections, so that a reload does not set it back.
 * Safe for use by any number of threads.
 *
 * @since 0.1
 */
public final class ZoneCounters {

    private static final long NEVER = 0;

    private final LongAdder requests = new LongAdder();
    private final Map<ProxyFailure, LongAdder> failures = new EnumMap<>(ProxyFailure.class);
    private volatile ZoneStatistics.@Nullable LastFailure lastFailure;

    /** In the time of {@link System#nanoTime()}. */
    private volatile long answeredAt = NEVER;

    /** Starts at zero. */
    public ZoneCounters() {
        for (ProxyFailure failure : ProxyFailure.values()) {
            failures.put(failure, new LongAdder());
        }
    }

    /** Counts a request. */
    public void requested() {
        requests.increment();
    }

    /**
     * Notes that the zone has begun an answer.
     *
     * @param now the time of {@link System#nanoTime()}
     */
    public void answered(long now) {
        answeredAt = now == NEVER ? 1 : now;
    }

    /**
     * Counts a request that failed.
     *
     * @param failure why
     */
    public void failed(ProxyFailure failure) {
        LongAdder counter = failures.get(failure);
        if (counter != null) {
            counter.increment();
        }
        if (failure.zoneFailed()) {
            lastFailure = new ZoneStatistics.LastFailure(failure, Instant.now());
        }
    }

    /**
     * Reads the counters, together with the numbers of the zone's connections.
     *
     * @param zone the zone's name
     * @param pool its connections
     * @return a snapshot
     */
    public ZoneStatistics snapshot(String zone, OriginPool pool) {
        return snapshot(zone, pool.origin().toString(), pool.options().maxConnections(), pool.stats());
    }

    /**
     * Reads the counters, together with the numbers of the zone's connections.
     *
     * @param zone the zone's name
     * @param origin where it is reached
     * @param maxInFlight how many requests may be in flight
     * @param connections its connections
     * @return a snapshot
     */
    public ZoneStatistics snapshot(String zone, String origin, int maxInFlight, OriginPool.Stats connections) {
        Map<ProxyFailure, Long> counted = new EnumMap<>(ProxyFailure.class);
        failures.forEach((failure, counter) -> {
            long count = counter.sum();
            if (count > 0) {
                counted.put(failure, count);
            }
        });
        long answered = answeredAt;
        Instant lastAnswer = answered == NEVER ? null : Instant.now().minusNanos(System.nanoTime() - answered);
        return new ZoneStatistics(
                zone, origin, maxInFlight, connections, requests.sum(), counted, lastAnswer, lastFailure);
    }
}
