package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ProxyOutcome;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several beans that want to know about proxied requests. */
class ObserversTest {

    /** Answers with the field by which it is told of a trace. */
    private static final Vertx ZONE = Vertx.vertx();

    @RegisterExtension
    static final QuarkusUnitTest APP = Apps.with(
                    Apps.DOCS, ThrowsAtTheBeginning.class, ThrowsAtTheEnd.class, Recorder.class)
            .overrideRuntimeConfigKey("quarkus.mfe.zones.docs.url", "http://localhost:" + start())
            .setAfterAllCustomizer(() -> ZONE.close());

    @TestHTTPResource
    URI app;

    @Inject
    Recorder recorder;

    @Test
    void twoThatThrowKeepTheThirdFromNothingAndHarmNoRequest() throws Exception {
        assertThat(Apps.get(app, "docs").body()).isEqualTo("ours");
        ProxyOutcome outcome = Objects.requireNonNull(recorder.outcomes.poll(20, TimeUnit.SECONDS));
        assertThat(outcome.status()).isEqualTo(200);
    }

    private static int start() {
        HttpServer server = ZONE.createHttpServer()
                .requestHandler(request -> request.response().end(request.getHeader("traceparent")));
        return server.listen(0).toCompletionStage().toCompletableFuture().join().actualPort();
    }

    @Singleton
    static class ThrowsAtTheBeginning implements ProxyObserver<RoutingContext> {

        @Override
        public Observation begin(RoutingContext request, ProxiedRequest about) {
            throw new IllegalStateException("broken on purpose");
        }
    }

    @Singleton
    static class ThrowsAtTheEnd implements ProxyObserver<RoutingContext> {

        @Override
        public Observation begin(RoutingContext request, ProxiedRequest about) {
            return outcome -> {
                throw new IllegalStateException("broken on purpose");
            };
        }
    }

    @Singleton
    static class Recorder implements ProxyObserver<RoutingContext> {

        final BlockingQueue<ProxyOutcome> outcomes = new LinkedBlockingQueue<>();

        @Override
        public Observation begin(RoutingContext request, ProxiedRequest about) {
            return new Observation() {
                @Override
                public Map<String, String> requestFields() {
                    return Map.of("traceparent", "ours");
                }

                @Override
                public void ended(ProxyOutcome outcome) {
                    outcomes.add(outcome);
                }
            };
        }
    }
}
