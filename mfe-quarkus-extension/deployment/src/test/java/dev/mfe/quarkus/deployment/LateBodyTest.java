package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.flags.FeatureFlag;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quarkus holds a request back until somebody reads it, and whoever of the local app does so may come late. */
class LateBodyTest {

    private static final int SIZE = 300_000;

    @RegisterExtension
    static final QuarkusUnitTest APP = Apps.with("""
                    {
                      "applications": {
                        "web": {},
                        "docs": {
                          "routing": [ { "paths": ["/flag/:path*"], "flag": "slow" }, { "paths": ["/down/:path*"] } ]
                        }
                      }
                    }
                    """, Rollouts.class, Routes.class, Resource.class)
            .overrideConfigKey("quarkus.mfe.zones.docs.fallback", "local")
            .overrideConfigKey("quarkus.mfe.flags.timeout", "20s");

    @TestHTTPResource
    URI app;

    static class Rollouts {
        /** Known only after it was asked for, so that the request waits. */
        @FeatureFlag("slow")
        CompletionStage<Boolean> slow() {
            return CompletableFuture.supplyAsync(
                    () -> false, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
        }
    }

    static class Routes {
        void add(@Observes Router router) {
            for (String before : new String[] {"/:any", ""}) {
                router.post(before + "/late").blockingHandler(RoutingContext::next);
                router.post(before + "/late").handler(BodyHandler.create(false));
                router.post(before + "/late")
                        .handler(routing -> routing.response()
                                .end(Integer.toString(routing.body().length())));
                router.post(before + "/handler").handler(routing -> {
                    AtomicInteger length = new AtomicInteger();
                    routing.request().handler(part -> length.addAndGet(part.length()));
                    routing.request().endHandler(end -> routing.response().end(Integer.toString(length.get())));
                });
            }
        }
    }

    @Path("/{any}/")
    public static class Resource {
        @POST
        @Path("/rest")
        public int stream(InputStream body) throws Exception {
            return body.readAllBytes().length;
        }

        @POST
        @Path("/bytes")
        public int bytes(byte[] body) {
            return body.length;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/late, HTTP_1_1",
        "/handler, HTTP_1_1",
        "/flag/late, HTTP_1_1",
        "/flag/late, HTTP_2",
        "/flag/handler, HTTP_1_1",
        "/flag/rest, HTTP_1_1",
        "/flag/rest, HTTP_2",
        "/flag/bytes, HTTP_1_1",
        "/down/late, HTTP_1_1",
        "/down/late, HTTP_2",
        "/down/handler, HTTP_1_1",
        "/down/rest, HTTP_1_1",
        "/down/bytes, HTTP_2"
    })
    void theLocalAppGetsAllOfIt(String path, HttpClient.Version version) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(app.resolve(path))
                .version(version)
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[SIZE]))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo(Integer.toString(SIZE));
    }
}
