package dev.mfe.quarkus.runtime.proxy;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.contract.RawClient;
import dev.mfe.contract.RawResponse;
import dev.mfe.flags.FlagProvider;
import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.proxy.ProxyObserver.Observation;
import dev.mfe.proxy.ProxyOutcome;
import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.ScriptedOrigin;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is particular to Vert.x, or is no part of the contract. */
@Timeout(60)
class MicrofrontendsHandlerTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS)).as("it happened in time").isTrue();
    }

    // ---- HTTP/2

    private static HttpClient http2(TestSite site) {
        return site.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setDefaultHost("127.0.0.1")
                        .setDefaultPort(site.port()));
    }

    /** A response and its body, which is asked for on the event loop, or parts of it may have passed. */
    private record Whole(HttpClientResponse response, String body) {
        static Whole of(Future<HttpClientResponse> coming) throws Exception {
            return TestSite.await(coming.compose(
                    response -> response.body().map(body -> new Whole(response, body.toString()))));
        }
    }

    @Test
    @Spec("RFC 9113 §8.1")
    void aRequestOfHttp2WithoutABodyGetsNone() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(
                        answering(
                                "HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nX-Own: 2\r\nContent-Length: 2\r\n\r\nok"));
                TestSite site = TestSite.docsAt(zone.url()).start()) {
            HttpClientRequest request = TestSite.await(http2(site).request(HttpMethod.GET, "/docs/a?b=c"));
            Whole whole = Whole.of(request.send());
            assertThat(whole.response().version()).isEqualTo(HttpVersion.HTTP_2);
            assertThat(whole.response().getHeader("X-Own")).isEqualTo("2");
            assertThat(whole.response().getHeader("X-Hop")).isNull();
            assertThat(whole.body()).isEqualTo("ok");
            OriginRequest seen = zone.takeRequest();
            assertThat(seen.line()).isEqualTo("GET /docs/a?b=c HTTP/1.1");
            assertThat(seen.fields("Transfer-Encoding")).isEmpty();
            assertThat(seen.fields("Via")).singleElement().asString().startsWith("2 ");
            assertThat(seen.fields("X-Forwarded-Host")).containsExactly("127.0.0.1:" + site.port());
            assertThat(seen.head()).doesNotContain(":method", ":path");
        }
    }

    @Test
    @Spec("RFC 9113 §8.1")
    void aBodyOfHttp2WithoutALengthIsSentInChunks() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(
                        script().readHead().readBodyUntil("0\r\n\r\n").send(OK));
                TestSite site = TestSite.docsAt(zone.url()).start()) {
            HttpClientRequest request = TestSite.await(http2(site).request(HttpMethod.POST, "/docs/a"));
            request.setChunked(true);
            TestSite.await(request.write("first "));
            zone.takeRequest();
            Future<HttpClientResponse> response = request.response();
            Future<String> body = response.compose(HttpClientResponse::body).map(Buffer::toString);
            TestSite.await(request.end(Buffer.buffer("second")));
            assertThat(TestSite.await(body)).isEqualTo("ok");
        }
    }

    @Test
    @Spec("RFC 9113 §8.1")
    void aStreamOfHttp2ThatBreaksOffIsReset() throws Exception {
        CountDownLatch headSeen = new CountDownLatch(1);
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
                        .await(headSeen)
                        .close());
                TestSite site = TestSite.docsAt(zone.url()).start()) {
            HttpClientRequest request = TestSite.await(http2(site).request(HttpMethod.GET, "/docs/a"));
            CompletableFuture<Throwable> broken = new CompletableFuture<>();
            request.send().onSuccess(response -> {
                response.exceptionHandler(broken::complete);
                response.handler(part -> headSeen.countDown());
            });
            assertThat(broken.get(20, TimeUnit.SECONDS)).hasMessageContaining("reset");
        }
    }

    @Test
    @Spec("RFC 9110 §7.7")
    void aClientOfHttp2ThatLeavesTakesTheZonesRequestWithIt() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        try (ScriptedOrigin zone =
                        ScriptedOrigin.always(script().readHead().awaitClose().signal(left));
                TestSite site = TestSite.docsAt(zone.url()).start()) {
            HttpClientRequest request = TestSite.await(http2(site).request(HttpMethod.GET, "/docs/a"));
            var unused = request.send();
            zone.takeRequest();
            request.reset(8);
            await(left);
            assertThat(site.handler().statistics().get(0).failures()).containsOnlyKeys(ProxyFailure.CLIENT_GONE);
        }
    }

    @Test
    @Spec({"RFC 8297 §2", "RFC 9113 §8.2"})
    void hintsAndTrailersReachAClientOfHttp2() throws Exception {
        String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n";
        String body = "2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n";
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(hints + head + body));
                TestSite site = TestSite.docsAt(zone.url()).start()) {
            HttpClientRequest request = TestSite.await(http2(site).request(HttpMethod.GET, "/docs/a"));
            CompletableFuture<String> hint = new CompletableFuture<>();
            request.earlyHintsHandler(early -> hint.complete(early.get("link")));
            Whole whole = Whole.of(request.send());
            assertThat(whole.body()).isEqualTo("ok");
            assertThat(hint.get(20, TimeUnit.SECONDS)).isEqualTo("</a.css>");
            assertThat(whole.response().getTrailer("x-sum")).isEqualTo("7");
        }
    }

    @Test
    @Spec("design §4")
    void theLocalAppAnswersAClientOfHttp2WhereTheZoneIsDown() throws Exception {
        try (TestSite site = TestSite.docsAt("http://127.0.0.1:1")
                .property("mfe.zones.docs.fallback", "local")
                .start()) {
            HttpClientRequest get = TestSite.await(http2(site).request(HttpMethod.GET, "/docs/a"));
            assertThat(Whole.of(get.send()).body()).startsWith("local REQUEST GET /docs/a");
            HttpClientRequest post = TestSite.await(http2(site).request(HttpMethod.POST, "/docs/a"));
            post.putHeader("Content-Type", "application/x-www-form-urlencoded");
            assertThat(Whole.of(post.setChunked(true).send("a=1")).body())
                    .startsWith("local REQUEST POST /docs/a")
                    .contains("a=[1]");
        }
    }

    // ---- event loops

    @Test
    @Spec({"design §8", "failure case 104"})
    void placesInAZoneAreCountedOverAllEventLoops() throws Exception {
        int clients = 24;
        CountDownLatch asked = new CountDownLatch(clients);
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .signal(asked)
                        .then(peer -> answer.await(20, TimeUnit.SECONDS))
                        .send(OK)
                        .repeat());
                TestSite site = TestSite.docsAt(zone.url())
                        .property("mfe.zones.docs.max-in-flight", Integer.toString(clients))
                        .eventLoops(4)
                        .start()) {
            List<RawClient> waiting = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                waiting.add(site.client().send(TestSite.head("GET", "/docs/" + i)));
            }
            await(asked);
            assertThat(site.get("/docs/more").status()).isEqualTo(503);
            ZoneStatistics busy = site.handler().statistics().get(0);
            assertThat(busy.connections().active()).isEqualTo(clients);
            assertThat(busy.connections().refused()).isEqualTo(1);
            assertThat(busy.failures()).isEqualTo(Map.of(ProxyFailure.OVERLOADED, 1L));
            answer.countDown();
            for (RawClient client : waiting) {
                assertThat(client.readResponse().body()).isEqualTo("ok");
                client.close();
            }
            assertThat(site.get("/docs/more").status()).isEqualTo(200);
            ZoneStatistics quiet = site.handler().statistics().get(0);
            assertThat(quiet.connections().active()).isZero();
            assertThat(quiet.connections().created()).isLessThanOrEqualTo(clients + 1);
        }
    }

    @Test
    @Spec("design §5")
    void aFlagThatTakesItsTimeHoldsUpNobodyElse() throws Exception {
        CompletableFuture<Boolean> value = new CompletableFuture<>();
        Set<String> threads = ConcurrentHashMap.newKeySet();
        FlagProvider slow = FlagProvider.ofAsync("moved", request -> {
            threads.add(Thread.currentThread().getName());
            return value;
        });
        try (ScriptedOrigin zone = ScriptedOrigin.always(
                        script().readHead().readBody(3).send(OK).repeat());
                TestSite site = TestSite.docsAt(zone.url())
                        .with(sites -> sites.config(TestSite.config("\"flag\": \"moved\", "))
                                .flagProvider(slow)
                                .property("mfe.flags.timeout", "20s"))
                        .start();
                RawClient waiting = site.client()) {
            waiting.send(TestSite.head("POST", "/docs/a", "Content-Length: 3") + "abc");
            // One event loop for all.
            assertThat(site.get("/local").body()).startsWith("local ");
            assertThat(zone.connectionCount()).isZero();
            value.complete(true);
            assertThat(waiting.readResponse().body()).isEqualTo("ok");
            assertThat(zone.takeRequest().bodyText()).isEqualTo("abc");
            assertThat(threads).hasSize(1);
        }
    }

    @Test
    @Spec({"design §5", "failure case 150"})
    void aFlagThatIsOffAfterAWhileLeavesTheLocalAppAWholeRequest() throws Exception {
        CompletableFuture<Boolean> value = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        FlagProvider slow = FlagProvider.ofAsync("moved", request -> {
            asked.countDown();
            return value;
        });
        try (TestSite site = TestSite.docsAt("http://127.0.0.1:1")
                        .with(sites -> sites.config(TestSite.config("\"flag\": \"moved\", "))
                                .flagProvider(slow)
                                .property("mfe.flags.timeout", "20s"))
                        .start();
                RawClient client = site.client()) {
            client.send(TestSite.head(
                            "POST", "/docs/a", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 3")
                    + "a=1");
            await(asked);
            value.complete(false);
            assertThat(client.readResponse().body()).startsWith("local ").contains("a=[1]");
        }
    }

    // ---- trailers

    @Test
    @Spec({"RFC 9110 §6.5", "RFC 9112 §9.3.2"})
    void trailersStayWithTheirRequest() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .then(peer -> {
                            if (!peer.request().fields("Transfer-Encoding").isEmpty()) {
                                peer.readBodyUntil("\r\n\r\n");
                            }
                        })
                        .send(OK)
                        .repeat());
                TestSite site = TestSite.docsAt(zone.url()).start();
                RawClient client = site.client()) {
            String chunked = TestSite.head("POST", "/docs/a", "Transfer-Encoding: chunked");
            client.send(TestSite.head("GET", "/docs/first")
                    + chunked
                    + "1\r\na\r\n0\r\n\r\n"
                    + chunked
                    + "1\r\nb\r\n0\r\n\r\n"
                    + TestSite.head("GET", "/docs/last"));
            for (int i = 0; i < 4; i++) {
                assertThat(client.readResponse().body()).isEqualTo("ok");
            }
            for (String body : List.of("", "1\r\na\r\n0\r\n\r\n", "1\r\nb\r\n0\r\n\r\n", "")) {
                assertThat(zone.takeRequest().bodyText()).isEqualTo(body);
            }
            client.send(chunked + "1\r\nc\r\n0\r\nContent-Type: text/evil\r\nX-Sum: 7\r\n\r\n");
            assertThat(client.readResponse().body()).isEqualTo("ok");
            assertThat(zone.takeRequest().bodyText()).isEqualTo("1\r\nc\r\n0\r\nX-Sum: 7\r\n\r\n");
        }
    }

    // ---- reload

    @Test
    @Spec({"failure case 137", "failure case 143"})
    void aZoneThatMovesKeepsWhatIsUnderWay() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        String moved = "{\"applications\": {\"web\": {\"development\": {\"fallback\": \"web.test\"}},"
                + " \"docs\": {\"routing\": [{\"paths\": [\"/handbook\"]}]}}}";
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
                        .await(answer)
                        .send("rest")
                        .awaitClose()
                        .signal(closed));
                TestSite site = TestSite.docsAt(zone.url()).start();
                RawClient client = site.client()) {
            RawResponse response = client.send(TestSite.head("GET", "/docs/a")).readHead();
            site.handler().reload(MicrofrontendsConfig.parse("microfrontends.json", moved));
            assertThat(site.get("/docs/a").body()).startsWith("local ");
            assertThat(site.handler().config().zones()).hasSize(2);
            answer.countDown();
            assertThat(response.readBody().body()).isEqualTo("halfrest");
        }
        // Where it stays it keeps its connections, until the end.
        await(closed);
    }

    // ---- who looks on

    @Test
    @Spec("design §10")
    void anObserverSeesHowItGoesAndAddsFields() throws Exception {
        BlockingQueue<ProxiedRequest> began = new LinkedBlockingQueue<>();
        BlockingQueue<ProxyOutcome> ended = new LinkedBlockingQueue<>();
        Observation observation = new Observation() {
            @Override
            public Map<String, String> requestFields() {
                return Map.of("traceparent", "00-1-2-01", "Host", "evil.test");
            }

            @Override
            public void ended(ProxyOutcome outcome) {
                ended.add(outcome);
            }
        };
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(OK));
                TestSite site = TestSite.docsAt(zone.url())
                        .observer((routing, about) -> {
                            began.add(about);
                            return observation;
                        })
                        .start()) {
            site.get("/docs/a", "traceparent: 00-0-0-00");
            OriginRequest request = zone.takeRequest();
            assertThat(request.fields("traceparent")).containsExactly("00-1-2-01");
            assertThat(request.fields("Host")).containsExactly("127.0.0.1:" + zone.port());
            assertThat(began.poll(20, TimeUnit.SECONDS))
                    .isEqualTo(new ProxiedRequest("docs", zone.url(), "/docs/:path*", "path"));
            ProxyOutcome outcome = ended.poll(20, TimeUnit.SECONDS);
            assertThat(outcome).isNotNull();
            assertThat(outcome.status()).isEqualTo(200);
            assertThat(outcome.failure()).isNull();
        }
    }

    @Test
    @Spec("design §9")
    void aZoneIsToldWhoIsThereWhereItIsTo() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(OK));
                TestSite site = TestSite.docsAt(zone.url())
                        .property("mfe.zones.docs.identity", "header")
                        .user("alice")
                        .start()) {
            site.get("/docs/a", "X-Forwarded-User: mallory", "X_Forwarded_User: mallory");
            OriginRequest request = zone.takeRequest();
            assertThat(request.fields("X-Forwarded-User")).containsExactly("alice");
            assertThat(request.head()).doesNotContain("mallory");
        }
    }

    // ---- connections

    @Test
    @Spec({"RFC 9112 §9.3.1", "failure case 98"})
    void connectionsAreCounted() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.connections(
                        script().readHead()
                                .send(OK)
                                .readHead()
                                .send(OK)
                                .readHead()
                                .close(),
                        answering(OK));
                TestSite site = TestSite.docsAt(zone.url()).start()) {
            for (int i = 0; i < 3; i++) {
                assertThat(site.get("/docs/a").body()).isEqualTo("ok");
            }
            ZoneStatistics statistics = site.handler().statistics().get(0);
            assertThat(statistics.requests()).isEqualTo(3);
            assertThat(statistics.failures()).isEmpty();
            assertThat(statistics.connections().created()).isEqualTo(2);
            assertThat(statistics.connections().reused()).isEqualTo(1);
            assertThat(statistics.connections().stale()).isEqualTo(1);
            assertThat(statistics.lastAnswer()).isNotNull();
        }
    }

    @Test
    @Spec({"RFC 9112 §9.3", "RFC 9112 §11.2"})
    void bytesBehindAResponseAreNobodysAnswer() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.connections(
                        script().readHead()
                                .send(OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
                                .awaitClose(),
                        answering(OK));
                TestSite site = TestSite.docsAt(zone.url()).start()) {
            assertThat(site.get("/docs/a").body()).isEqualTo("ok");
            assertThat(site.get("/docs/b").body()).isEqualTo("ok");
        }
    }

    @Test
    @Spec({"RFC 9112 §9.3", "RFC 9112 §11.2"})
    void bytesOnAnIdleConnectionCloseIt() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedOrigin zone = ScriptedOrigin.connections(
                        script().readHead()
                                .send(OK)
                                .await(answered)
                                .send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
                                .awaitClose()
                                .signal(closed),
                        answering(OK));
                TestSite site = TestSite.docsAt(zone.url()).start()) {
            assertThat(site.get("/docs/a").body()).isEqualTo("ok");
            answered.countDown();
            await(closed);
            assertThat(site.get("/docs/b").body()).isEqualTo("ok");
        }
    }

    @Test
    @Spec("design §8")
    void aTunnelInWhichNothingMovesIsClosed() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
                        .awaitClose()
                        .signal(closed));
                TestSite site = TestSite.docsAt(zone.url())
                        .property("mfe.zones.docs.idle-timeout", "200ms")
                        .start();
                RawClient client = site.client()) {
            client.send(TestSite.head("GET", "/docs/a", "Connection: Upgrade", "Upgrade: echo"));
            assertThat(client.readHead().status()).isEqualTo(101);
            await(closed);
            assertThat(client.readUntilClosed()).isEmpty();
            assertThat(site.handler().statistics().get(0).connections().active())
                    .isZero();
        }
    }

    @Test
    @Spec({"RFC 9110 §7.8", "failure case 87"})
    void handshakesThatAreRefusedGiveTheirPlacesBack() throws Exception {
        try (ScriptedOrigin zone =
                        ScriptedOrigin.always(answering("HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nwho?"));
                TestSite site = TestSite.docsAt(zone.url())
                        .property("mfe.zones.docs.max-in-flight", "1")
                        .property("mfe.zones.docs.connect-timeout", "2s")
                        .start()) {
            for (int i = 0; i < 4; i++) {
                RawResponse response = site.get("/docs/a", "Connection: Upgrade", "Upgrade: websocket");
                assertThat(response.status()).isEqualTo(401);
                assertThat(response.body()).isEqualTo("who?");
            }
            assertThat(site.get("/docs/a").status()).isEqualTo(401);
        }
    }

    @Test
    @Spec("RFC 9110 §10.1.1")
    void aBodyThatNobodyHasAskedForIsNotWaitedFor() throws Exception {
        try (TestSite site = TestSite.docsAt("http://127.0.0.1:1").start()) {
            for (String target : List.of("/docs/a", "/docs/%2e%2e/a")) {
                try (RawClient client = site.client()) {
                    client.send(TestSite.head("POST", target, "Content-Length: 3", "Expect: 100-continue"));
                    RawResponse response = client.readResponse();
                    assertThat(response.status()).isIn(400, 502);
                    assertThat(response.fields("Connection")).containsExactly("close");
                    assertThat(client.readUntilClosed()).isEmpty();
                }
            }
        }
    }

    @Test
    @Spec({"RFC 9110 §7.7", "design §5"})
    void aClientThatLeavesWhileAFlagTakesItsTimeIsNotTheZonesBusiness() throws Exception {
        CompletableFuture<Boolean> value = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        FlagProvider slow = FlagProvider.ofAsync("moved", request -> {
            asked.countDown();
            return value;
        });
        CountDownLatch left = new CountDownLatch(1);
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(OK));
                TestSite site = TestSite.docsAt(zone.url())
                        .with(sites -> sites.config(TestSite.config("\"flag\": \"moved\", "))
                                .flagProvider(slow)
                                .property("mfe.flags.timeout", "20s"))
                        .inFront(routing -> {
                            routing.request().connection().closeHandler(closed -> left.countDown());
                            routing.next();
                        })
                        .start()) {
            try (RawClient client = site.client()) {
                client.send(TestSite.head("GET", "/docs/a"));
                await(asked);
            }
            await(left);
            value.complete(true);
            while (site.handler().statistics().get(0).failures().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(site.handler().statistics().get(0).failures()).isEqualTo(Map.of(ProxyFailure.CLIENT_GONE, 1L));
            assertThat(zone.connectionCount()).isZero();
        }
    }

    @Test
    @Spec("design §4")
    void theLocalAppAnswersAlsoWhereTheConnectionWasDead() throws Exception {
        ScriptedOrigin zone = ScriptedOrigin.connections(
                script().readHead().send(OK).readHead().close());
        try (zone;
                TestSite site = TestSite.docsAt(zone.url())
                        .property("mfe.zones.docs.fallback", "local")
                        .start()) {
            assertThat(site.get("/docs/a").body()).isEqualTo("ok");
            zone.stopListening();
            assertThat(site.get("/docs/b").body()).startsWith("local REQUEST GET /docs/b");
        }
    }

    @Test
    @Spec({"RFC 9112 §3.2.2", "failure case 19"})
    void aTargetInAbsoluteFormSaysWhichHost() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(OK));
                TestSite site = TestSite.docsAt(zone.url()).start()) {
            assertThat(site.get("http://shop.test:81/docs/a?b").body()).isEqualTo("ok");
            OriginRequest request = zone.takeRequest();
            assertThat(request.target()).isEqualTo("/docs/a?b");
            assertThat(request.fields("X-Forwarded-Host")).containsExactly("shop.test:81");
        }
    }

    @Test
    @Spec("failure case 93")
    void whatIsNotAskedForCostsTheZoneNothing() throws Exception {
        try (ServerSocket zone = new ServerSocket(0)) {
            try (TestSite site = TestSite.docsAt("http://127.0.0.1:" + zone.getLocalPort())
                    .property("mfe.exclude", "/docs/excluded")
                    .start()) {
                assertThat(site.get("/docs/excluded").body()).startsWith("local ");
                assertThat(site.get("/docs/../x").status()).isEqualTo(400);
                assertThat(site.handler().statistics().get(0).connections().created())
                        .isZero();
            }
        }
    }

    @Test
    @Spec("RFC 9112 §7.1")
    void manySmallChunksArriveAsTheyWere() throws Exception {
        StringBuilder chunks = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            String data = "abcdefghij".substring(i % 10);
            chunks.append(Integer.toHexString(data.length()))
                    .append("\r\n")
                    .append(data)
                    .append("\r\n");
            expected.append(data);
        }
        chunks.append("0\r\n\r\n");
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .sendBytes(chunks.toString().getBytes(StandardCharsets.ISO_8859_1))
                        .awaitClose());
                TestSite site = TestSite.docsAt(zone.url()).start()) {
            assertThat(site.get("/docs/a").body()).isEqualTo(expected.toString());
        }
    }
}
