package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.contract.RawClient;
import dev.mfe.contract.RawResponse;
import dev.mfe.flags.FlagRequest;
import dev.mfe.gateway.Sites;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.testkit.TestRequest;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Verticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A site on a server of Vert.x, with a zone {@code docs} that owns {@code /docs} and everything below. */
final class TestSite implements AutoCloseable {

    static final String CONFIG = """
            {"applications": {"web": {"development": {"fallback": "web.test"}},
                "docs": {"routing": [{%s"paths": ["/docs", "/docs/:path*"]}]}}}""";

    private final Vertx vertx;
    private final MicrofrontendsHandler handler;
    private int port;

    private TestSite(Vertx vertx, MicrofrontendsHandler handler) {
        this.vertx = vertx;
        this.handler = handler;
    }

    /** What a test wants to be different. */
    static final class Builder {
        private final Sites.Builder sites = Sites.builder();
        private int eventLoops = 1;
        private Function<RoutingContext, @Nullable String> user = routing -> null;
        private @Nullable ProxyObserver<? super RoutingContext> observer;
        private Consumer<Router> inFront = router -> {};

        Builder property(String name, String value) {
            sites.property(name, value);
            return this;
        }

        Builder with(Consumer<Sites.Builder> change) {
            change.accept(sites);
            return this;
        }

        Builder eventLoops(int count) {
            eventLoops = count;
            return this;
        }

        Builder user(String name) {
            user = routing -> name;
            return this;
        }

        Builder observer(ProxyObserver<? super RoutingContext> watching) {
            observer = watching;
            return this;
        }

        Builder inFront(Handler<RoutingContext> route) {
            inFront = router -> router.route().handler(route);
            return this;
        }

        TestSite start() throws Exception {
            Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(Math.max(1, eventLoops)));
            MicrofrontendsHandler handler =
                    new MicrofrontendsHandler(vertx, "", sites.build(), TestSite::flagRequest, user, observer, false);
            TestSite site = new TestSite(vertx, handler);
            AtomicInteger port = new AtomicInteger();
            await(vertx.deployVerticle(() -> server(handler, port), new DeploymentOptions().setInstances(eventLoops)));
            site.port = port.get();
            return site;
        }

        private Verticle server(MicrofrontendsHandler handler, AtomicInteger port) {
            return new AbstractVerticle() {
                @Override
                public void start(Promise<Void> started) {
                    Router router = Router.router(vertx);
                    inFront.accept(router);
                    router.route().handler(handler);
                    router.route().handler(new LocalRoutes());
                    // By the same negative number they share one port of the system's choice.
                    vertx.createHttpServer(VertxContainer.optionsOfQuarkus()
                                    .setHost("127.0.0.1")
                                    .setPort(-1))
                            .requestHandler(router)
                            .listen()
                            .onSuccess(server -> port.set(server.actualPort()))
                            .<Void>mapEmpty()
                            .onComplete(started);
                }
            };
        }
    }

    static Builder docsAt(String url) {
        return new Builder()
                .with(sites -> sites.config(config("")))
                .property("mfe.zones.docs.url", url)
                .property("mfe.drain-timeout", "200ms");
    }

    static MicrofrontendsConfig config(String beforePaths) {
        return MicrofrontendsConfig.parse("microfrontends.json", CONFIG.formatted(beforePaths));
    }

    /** A request as flags see it, without anything of Quarkus. */
    static FlagRequest flagRequest(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        return new TestRequest(
                Asked.path(request), request.query(), name -> request.headers().getAll(name));
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    Vertx vertx() {
        return vertx;
    }

    MicrofrontendsHandler handler() {
        return handler;
    }

    int port() {
        return port;
    }

    RawClient client() {
        return RawClient.connect(port);
    }

    RawResponse get(String target, String... fields) throws IOException {
        try (RawClient client = client()) {
            return client.send(head("GET", target, fields)).readResponse();
        }
    }

    RawResponse post(String target, String type, String body) throws IOException {
        try (RawClient client = client()) {
            return client.send(head("POST", target, "Content-Type: " + type, "Content-Length: " + body.length()) + body)
                    .readResponse();
        }
    }

    static String head(String method, String target, String... fields) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: www.shop.test\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    @Override
    public void close() {
        handler.close();
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
