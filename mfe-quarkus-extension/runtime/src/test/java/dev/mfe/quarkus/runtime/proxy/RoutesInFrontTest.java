package dev.mfe.quarkus.runtime.proxy;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.contract.GuardedPath;
import dev.mfe.contract.RawResponse;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the contract asks of servlet filters in front, for routes in front. */
class RoutesInFrontTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static Script readingBody() {
        return script().readHead()
                .then(peer -> peer.readBody(
                        Integer.parseInt(peer.request().fields("Content-Length").get(0))))
                .send(OK);
    }

    @Test
    @Spec("failure case 122")
    void theirFieldsAreNotDoubled() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nX-Frame-Options: SAMEORIGIN\r\n"
                        + "Vary: Accept\r\nX-Both: zone\r\nContent-Length: 2\r\n\r\nok"));
                TestSite site = TestSite.docsAt(zone.url())
                        .inFront(routing -> {
                            routing.response()
                                    .putHeader("X-Frame-Options", "DENY")
                                    .putHeader("Cache-Control", "no-store")
                                    .putHeader("Vary", "Cookie")
                                    .putHeader("X-Both", "local")
                                    .putHeader("X-Local", "1");
                            routing.next();
                        })
                        .start()) {
            RawResponse response = site.get("/docs/a");
            assertThat(response.fields("X-Frame-Options")).containsExactly("SAMEORIGIN");
            assertThat(response.fields("Cache-Control")).isEmpty();
            assertThat(response.fields("Vary")).containsExactly("Cookie", "Accept");
            assertThat(response.fields("X-Both")).containsExactly("zone");
            assertThat(response.fields("X-Local")).containsExactly("1");
            assertThat(site.get("/local").fields("X-Frame-Options")).containsExactly("DENY");
        }
    }

    @ParameterizedTest
    @CsvSource({"application/json, '{\"a\": 1}'", "application/x-www-form-urlencoded, b=%20&a=1&&"})
    @Spec("failure case 28")
    void aBodyThatOneHasKeptIsSent(String type, String body) throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(readingBody());
                TestSite site = TestSite.docsAt(zone.url())
                        .inFront(BodyHandler.create(false))
                        .start()) {
            assertThat(site.post("/docs/a", type, body).body()).isEqualTo("ok");
            OriginRequest request = zone.takeRequest();
            assertThat(request.bodyText()).isEqualTo(body);
            assertThat(request.fields("Transfer-Encoding")).isEmpty();
        }
    }

    @Test
    @Spec("failure case 28")
    void aBodyThatOneHasReadIsLostAndSaidToBe() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(readingBody());
                TestSite site = TestSite.docsAt(zone.url())
                        .inFront(routing -> routing.request().body().onSuccess(body -> routing.next()))
                        .start()) {
            assertThat(site.post("/docs/a", "text/plain", "lost").status()).isEqualTo(500);
            assertThat(zone.connectionCount()).isZero();
            assertThat(site.handler().statistics().get(0).failures()).containsOnlyKeys(ProxyFailure.BODY_LOST);
        }
    }

    @Test
    void oneThatGoesOnFromAThreadOfItsOwnChangesNoEventLoop() throws Exception {
        Map<RoutingContext, Thread> loops = new ConcurrentHashMap<>();
        BlockingQueue<Boolean> same = new LinkedBlockingQueue<>();
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(OK));
                TestSite site = TestSite.docsAt(zone.url())
                        .eventLoops(4)
                        .inFront(routing -> {
                            loops.put(routing, Thread.currentThread());
                            routing.request().pause();
                            new Thread(routing::next).start();
                        })
                        .observer((routing, about) ->
                                outcome -> same.add(Thread.currentThread().equals(loops.get(routing))))
                        .start()) {
            for (int i = 0; i < 12; i++) {
                assertThat(site.get("/docs/a").body()).isEqualTo("ok");
                assertThat(same.poll(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** Local security as an app may write it: on the path that Vert.x offers. */
    private static void guard(RoutingContext routing) {
        if (GuardedPath.guards(routing.normalizedPath())) {
            routing.fail(403);
        } else {
            routing.next();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.mfe.contract.GuardedPath#spellings")
    @Spec({"RFC 3986 §6.2.2", "failure case 116"})
    void noSpellingOfAGuardedPathReachesTheZoneAsThatPath(String target) throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(OK));
                TestSite site = TestSite.docsAt(zone.url())
                        .inFront(RoutesInFrontTest::guard)
                        .start()) {
            assertThat(site.get(target).status()).isIn(200, 400, 403, 404);
            assertThat(zone.waitingRequests()).isZero();
        }
    }
}
