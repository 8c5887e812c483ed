package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.flags.FlagRequest;
import dev.mfe.flags.FlagValues;
import dev.mfe.flags.Flags;
import dev.mfe.gateway.Answer;
import dev.mfe.gateway.DebugFields;
import dev.mfe.gateway.Endpoints;
import dev.mfe.gateway.Endpoints.Endpoint;
import dev.mfe.gateway.Identity;
import dev.mfe.gateway.Observed;
import dev.mfe.gateway.Site;
import dev.mfe.gateway.Sites;
import dev.mfe.gateway.VisitorCookie;
import dev.mfe.gateway.Zones;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ViaField;
import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.routing.Reason;
import dev.mfe.routing.Router;
import dev.mfe.routing.RoutingDecision;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import dev.mfe.routing.RoutingDecision.Refuse;
import io.netty.channel.EventLoop;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request, proxies it to the zone that owns its path, or passes it on to the local app. Belongs in front of all
 * routes of the local app, and behind whatever says who is logged in.
 *
 * <p>A request for the local app passes untouched. Never blocks an event loop; may be called on any thread of Vert.x.
 */
public final class MicrofrontendsHandler implements Handler<RoutingContext>, AutoCloseable {

    private static final String FLAG_VALUES = FlagValues.class.getName();
    private static final long DRAIN_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Vertx vertx;
    private final Sites sites;
    private final Function<RoutingContext, FlagRequest> flagRequest;
    private final Function<RoutingContext, @Nullable String> user;
    private final @Nullable ProxyObserver<? super RoutingContext> observer;
    private final boolean paused;
    private final Endpoints endpoints;
    private final ViaField via = ViaField.unique();
    private final Map<EventLoop, Lane> lanes = new ConcurrentHashMap<>();
    private volatile Zones<VertxZone> current;

    /** Versions that were replaced while requests of theirs were under way. */
    private final List<Zones<VertxZone>> replaced = Collections.synchronizedList(new ArrayList<>());

    private volatile boolean stopping;

    /**
     * Opens no connection and starts no thread.
     *
     * @param vertx whose event loops the requests come on
     * @param rootPath below which the app sees requests; empty for the root
     * @param sites routing file, properties and flags; closed with this handler
     * @param flagRequest how flags see a request
     * @param user the name of who is logged in, or null
     * @param observer told about each proxied request; null when nobody wants to know
     * @param paused whether requests come paused, as they do in Quarkus. Then the local app gets them so: whoever reads a body
     *     there may be late
     */
    public MicrofrontendsHandler(
            Vertx vertx,
            String rootPath,
            Sites sites,
            Function<RoutingContext, FlagRequest> flagRequest,
            Function<RoutingContext, @Nullable String> user,
            @Nullable ProxyObserver<? super RoutingContext> observer,
            boolean paused) {
        this.paused = paused;
        this.vertx = vertx;
        this.endpoints = new Endpoints(rootPath);
        this.sites = sites;
        this.flagRequest = flagRequest;
        this.user = user;
        this.observer = observer;
        this.current = new Zones<>(sites.first(), (target, counters) -> new VertxZone(vertx, target, counters));
    }

    /**
     * Takes a new version of the routing file into use. Requests under way keep the old one to their end; each request sees
     * one version. Zones that stay where they are keep their connections.
     *
     * @param config the new version
     * @throws RuntimeException when it cannot be used; the message says why, and the old version stays in use
     */
    public synchronized void reload(MicrofrontendsConfig config) {
        Zones<VertxZone> before = current;
        Zones<VertxZone> next = before.next(sites.next(config));
        current = next;
        replaced.removeIf(MicrofrontendsHandler::idle);
        replaced.add(before);
        before.replacedBy(next);
    }

    /** How each zone is doing that requests are proxied to, by name. Cheap enough to be asked often, by any thread. */
    public List<ZoneStatistics> statistics() {
        return current.statistics();
    }

    /**
     * Everybody who may answer a path, without asking any flag.
     *
     * @param path the path of a request target, without the query
     * @return in the order in which they are asked; the last one needs no flag, and answers if no flag before it is on
     */
    public List<Router.Candidate> candidates(String path) {
        return current.site().candidates(path);
    }

    /**
     * Whether it may matter who is logged in: to a flag that decides, to the zone, or to an answer of our own.
     *
     * @param routing a request
     */
    public boolean asksWhoIsThere(RoutingContext routing) {
        Zones<VertxZone> zones = current;
        Site site = zones.site();
        String path = Asked.path(routing.request());
        Router.Candidate first = site.candidates(path).get(0);
        return first.flag() != null
                || endpoints.at(path, site) != null
                || (first.decision() instanceof ProxyTo to
                        && zones.zone(to).settings().identity() != Identity.NONE);
    }

    /** The routing file in force: its latest version that could be used. */
    public MicrofrontendsConfig config() {
        return current.site().config();
    }

    /** The flags that decide routes. */
    public Flags flags() {
        return sites.flags();
    }

    /**
     * The flags of a request: the same values that decided its route.
     *
     * @param routing a request that passed, or passes, this handler
     * @return its values, evaluated when asked for
     */
    public FlagValues flagValues(RoutingContext routing) {
        FlagValues known = routing.get(FLAG_VALUES);
        if (known != null) {
            return known;
        }
        FlagValues values = flags().forRequest(flagRequest.apply(routing));
        routing.put(FLAG_VALUES, values);
        return values;
    }

    @Override
    public void handle(RoutingContext routing) {
        ContextInternal context = context(routing.request());
        EventLoop loop = context.nettyEventLoop();
        if (loop.inEventLoop()) {
            handle(routing, context);
        } else {
            loop.execute(() -> context.dispatch(() -> failing(routing, () -> handle(routing, context))));
        }
    }

    /**
     * A context on the event loop of the client's connection. Whoever said who is logged in may have gone on from a thread
     * that has no context, or that of another connection.
     */
    private ContextInternal context(HttpServerRequest request) {
        if (!(request instanceof HttpServerRequestInternal known)
                || !(known.context() instanceof ContextInternal own)) {
            return (ContextInternal) vertx.getOrCreateContext();
        }
        return Vertx.currentContext() instanceof ContextInternal current
                        && current.nettyEventLoop() == own.nettyEventLoop()
                ? current
                : own;
    }

    /** Out of the sight of the router, nobody else would answer. */
    private static void failing(RoutingContext routing, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            routing.fail(e);
        }
    }

    private void handle(RoutingContext routing, ContextInternal context) {
        Asked asked = new Asked(current, routing, context, paused);
        Site site = asked.zones.site();
        if (site.excludes(asked.path)) {
            routing.next();
            return;
        }
        Endpoint endpoint = endpoints.at(asked.path, site);
        if (endpoint == null) {
            route(asked);
        } else {
            answer(endpoint, asked);
        }
    }

    // ---- our own answers

    private void answer(Endpoint endpoint, Asked asked) {
        HttpMethod method = asked.request().method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            answerNow(endpoint, asked);
            return;
        }
        List<CompletableFuture<Boolean>> flags = new ArrayList<>();
        for (String flag : Endpoints.flags(endpoint, asked.zones.site())) {
            flags.add(flagValues(asked.routing).evaluate(flag).toCompletableFuture());
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(flags.toArray(CompletableFuture[]::new));
        if (all.isDone()) {
            answerNow(endpoint, asked);
        } else {
            asked.pause();
            var unused = all.whenComplete((done, error) ->
                    asked.context.runOnContext(now -> failing(asked.routing, () -> answerNow(endpoint, asked))));
        }
    }

    private void answerNow(Endpoint endpoint, Asked asked) {
        HttpServerRequest request = asked.request();
        Answer answer = Endpoints.answer(
                endpoint,
                asked.zones.site(),
                flags(),
                () -> flagValues(asked.routing),
                request.method().name(),
                request.getHeader("Authorization"));
        if (answer == null) {
            route(asked);
            return;
        }
        setFlagCookie(asked.routing);
        write(answer, request, false);
        asked.discard();
    }

    /**
     * Answers instead of the local app or a zone.
     *
     * @param bodyComes whether a client that asked before it sends its body was told to
     */
    static void write(Answer answer, HttpServerRequest request, boolean bodyComes) {
        HttpServerResponse response = request.response();
        MultiMap headers = response.headers();
        response.setStatusCode(answer.status());
        answer.fields().forEach(headers::set);
        // RFC 9110 §10.1.1: nobody knows whether the body still comes, or the next request.
        boolean close = !bodyComes
                && request.version() == HttpVersion.HTTP_1_1
                && "100-continue".equalsIgnoreCase(request.getHeader("Expect"));
        if (close) {
            headers.set("Connection", "close");
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        if (answer.status() != 204) {
            headers.set("Content-Length", Integer.toString(body.length));
        }
        if (answer.status() == 204 || request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(Buffer.buffer(body));
        }
        if (close) {
            request.connection().close();
        }
    }

    // ---- routing

    private void route(Asked asked) {
        CompletableFuture<RoutingDecision> decision = asked.zones
                .site()
                .router()
                .routeAsync(asked.path, () -> flagValues(asked.routing))
                .toCompletableFuture();
        if (decision.isDone()) {
            follow(decision.join(), asked);
            return;
        }
        asked.pause();
        var unused = decision.whenComplete((found, error) -> asked.context.runOnContext(now -> {
            if (error == null) {
                failing(asked.routing, () -> follow(found, asked));
            } else {
                asked.resume();
                asked.routing.fail(error);
            }
        }));
    }

    private void follow(RoutingDecision decision, Asked asked) {
        if (decision instanceof ProxyTo proxyTo) {
            proxy(proxyTo, asked);
        } else if (decision instanceof Refuse refuse) {
            write(Answer.to(refuse.ambiguity()), asked.request(), false);
            asked.discard();
        } else {
            serveLocally(decision, asked.zones.site(), asked.routing);
            asked.resume();
            asked.routing.next();
        }
    }

    private void serveLocally(RoutingDecision decision, Site site, RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (decision.reason() == Reason.FLAG_OFF) {
            setFlagCookie(routing);
        }
        if (debugs(site, request)) {
            DebugFields.local(site.localZone(), decision)
                    .write(routing.response().headers()::set);
        }
        if (site.speculation() != null
                && site.speculates(request.method().name(), request.getHeader("Sec-Fetch-Dest"))) {
            routing.response().headers().add("Speculation-Rules", endpoints.speculationField());
        }
    }

    private static boolean debugs(Site site, HttpServerRequest request) {
        return site.debugs(() -> Collections.enumeration(request.headers().getAll("Cookie")));
    }

    /** A visitor that a percentage flag has just met has to be known again. */
    private static void setFlagCookie(RoutingContext routing) {
        FlagValues values = routing.get(FLAG_VALUES);
        if (values != null) {
            MultiMap headers = routing.response().headers();
            VisitorCookie.write(values, headers::add, headers::set);
        }
    }

    private void proxy(ProxyTo decision, Asked asked) {
        HttpServerRequest request = asked.request();
        RoutingContext routing = asked.routing;
        Answer instead = Answer.instead(request.method().name(), request.getHeader("Max-Forwards"));
        if (instead != null) {
            write(instead, request, false);
            asked.discard();
            return;
        }
        Zones<VertxZone> zones = asked.zones;
        Site site = zones.site();
        VertxClientRequest client = new VertxClientRequest(routing, user);
        VertxZone zone = zones.wanted(decision, client::cookieLines);
        boolean personal = zones.personal(decision, zone);
        if (personal) {
            setFlagCookie(routing);
        }
        Observed observed = Observed.begin(observer, routing, zone.target(), decision);
        DebugFields debug = debugs(site, request) ? DebugFields.proxied(decision) : null;
        Lane lane = lanes.computeIfAbsent(asked.context.nettyEventLoop(), Lane::new);
        Runnable localApp = () -> {
            if (debug != null) {
                DebugFields.fallback(site.localZone(), decision)
                        .write(routing.response().headers()::set);
            }
            routing.next();
        };
        new ProxyCall(via, site.settings(), zone, lane, asked, client, personal, debug, observed, localApp)
                .start(stopping);
    }

    // ---- end

    /**
     * Refuses new proxied requests, lets those in flight finish within {@code mfe.drain-timeout}, closes every connection,
     * and then the flags. Waits, so not to be called on an event loop.
     */
    @Override
    public void close() {
        stopping = true;
        Zones<VertxZone> last = current;
        Duration limit = last.site().settings().drainTimeout();
        long until = System.nanoTime() + limit.toNanos();
        while (!(idle(last) && replaced.stream().allMatch(MicrofrontendsHandler::idle))
                && System.nanoTime() - until < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(DRAIN_POLL_NANOS);
        }
        lanes.forEach((loop, lane) -> {
            if (!loop.isShuttingDown()) {
                loop.execute(lane::cancelAll);
            }
        });
        last.all().forEach(VertxZone::close);
        replaced.forEach(zones -> zones.all().forEach(VertxZone::close));
        sites.close();
    }

    private static boolean idle(Zones<VertxZone> zones) {
        return zones.all().stream().allMatch(VertxZone::idle);
    }
}
