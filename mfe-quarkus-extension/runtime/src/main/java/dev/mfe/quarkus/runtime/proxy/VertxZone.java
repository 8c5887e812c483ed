package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.config.Origin;
import dev.mfe.gateway.ProxiedZone;
import dev.mfe.gateway.ZoneSettings;
import dev.mfe.gateway.ZoneTarget;
import dev.mfe.proxy.OriginOptions;
import dev.mfe.proxy.OriginPool;
import dev.mfe.proxy.ZoneCounters;
import dev.mfe.proxy.ZoneStatistics;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.tracing.TracingPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A zone at one origin, ready to be sent requests. Each event loop has connections of its own, so that no request changes
 * threads; how many requests are in flight is counted for all of them together.
 */
final class VertxZone implements ProxiedZone {

    private final Vertx vertx;
    private final ZoneTarget target;
    private final ZoneCounters counters;
    private final Map<Lane, Client> clients = new ConcurrentHashMap<>();

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder created = new LongAdder();
    private final LongAdder reused = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile boolean retired;

    private final long connectTicks;
    private final long responseTicks;
    private final long idleTicks;

    VertxZone(Vertx vertx, ZoneTarget target, ZoneCounters counters) {
        this.vertx = vertx;
        this.target = target;
        this.counters = counters;
        this.connectTicks = Lane.ticks(settings().connectTimeout());
        this.responseTicks = Lane.ticks(settings().responseTimeout());
        this.idleTicks = Lane.ticks(settings().idleTimeout());
    }

    /** The connections of one event loop. */
    final class Client {

        private final HttpClient pooled;
        private final RequestOptions options;
        private volatile @Nullable HttpClient fresh;

        private Client(Lane lane) {
            this.pooled = newClient(lane, true);
            Origin origin = target.origin();
            this.options = new RequestOptions()
                    .setHost(origin.addressableHost())
                    .setPort(origin.effectivePort())
                    .setSsl(origin.scheme().equals("https"));
        }

        HttpClient pooled() {
            return pooled;
        }

        /** Opens a connection for each request, as one must that is sent again. */
        HttpClient fresh(Lane lane) {
            HttpClient made = fresh;
            if (made == null) {
                made = newClient(lane, false);
                fresh = made;
            }
            return made;
        }

        /** To be filled and used at once. */
        RequestOptions options() {
            return options;
        }

        private void close() {
            pooled.close();
            HttpClient made = fresh;
            if (made != null) {
                made.close();
            }
        }
    }

    private HttpClient newClient(Lane lane, boolean keepAlive) {
        OriginOptions limits = OriginOptions.defaults();
        ZoneSettings settings = settings();
        Duration connect = settings.connectTimeout();
        int connectMillis = connect.isZero()
                ? Integer.MAX_VALUE
                : (int) Math.min(Math.max(1, connect.toMillis()), Integer.MAX_VALUE);
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setKeepAlive(keepAlive)
                .setKeepAliveTimeout(Math.toIntExact(limits.maxIdle().toSeconds()))
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setName("mfe-" + target.name());
        options.setConnectTimeout(connectMillis);
        if (target.origin().scheme().equals("https")) {
            options.setSsl(true)
                    .setSslHandshakeTimeout(connectMillis)
                    .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setSslEngineOptions(new ZoneTls(settings.sslContext()));
        }
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(settings.maxInFlight()))
                .withConnectHandler(connection -> opened(connection, lane))
                .build();
    }

    private void opened(HttpConnection connection, Lane lane) {
        created.increment();
        open.incrementAndGet();
        connection.closeHandler(closed -> open.decrementAndGet());
        // Told to whoever has a request there; Vert.x would log it as an error.
        connection.exceptionHandler(error -> {});
        ResponseReader.install(((ConnectionBase) connection).channel(), lane);
    }

    @Override
    public ZoneTarget target() {
        return target;
    }

    @Override
    public ZoneCounters counters() {
        return counters;
    }

    long connectTicks() {
        return connectTicks;
    }

    long responseTicks() {
        return responseTicks;
    }

    long idleTicks() {
        return idleTicks;
    }

    /** On the lane's event loop. */
    Client client(Lane lane) {
        Client known = clients.get(lane);
        if (known != null) {
            return known;
        }
        Client made = new Client(lane);
        clients.put(lane, made);
        return made;
    }

    /** Takes a place for a request; false when all are taken. */
    boolean enter() {
        if (inFlight.incrementAndGet() > settings().maxInFlight()) {
            inFlight.decrementAndGet();
            refused.increment();
            return false;
        }
        return true;
    }

    /** Gives it back. */
    void leave() {
        if (inFlight.decrementAndGet() == 0 && retired) {
            close();
        }
    }

    boolean idle() {
        return inFlight.get() == 0;
    }

    void countRefused() {
        refused.increment();
    }

    void countReused() {
        reused.increment();
    }

    void countStale() {
        reused.decrement();
        stale.increment();
    }

    /** Closes its connections when those who still use it have ended. */
    @Override
    public void retire() {
        retired = true;
        if (idle()) {
            close();
        }
    }

    /** Closes its connections, those in use as well. */
    void close() {
        for (Lane lane : List.copyOf(clients.keySet())) {
            Client client = clients.remove(lane);
            if (client != null) {
                client.close();
            }
        }
    }

    @Override
    public ZoneStatistics statistics() {
        int active = inFlight.get();
        OriginPool.Stats connections = new OriginPool.Stats(
                active, Math.max(0, open.get() - active), created.sum(), reused.sum(), stale.sum(), refused.sum());
        return counters.snapshot(name(), target.origin().toString(), settings().maxInFlight(), connections);
    }
}
