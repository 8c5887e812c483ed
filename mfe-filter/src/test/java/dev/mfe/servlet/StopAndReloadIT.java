package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.Spec;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.servlet.Client.Answer;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The filter stops in good order, and changes over while requests run. */
class StopAndReloadIT {

    private static final String GET = "GET /docs HTTP/1.1\r\nHost: x\r\n\r\n";
    /** The common pool may have a single thread, which from Java 25 on is all there is. */
    private static final Executor OWN_THREAD = task -> new Thread(task).start();

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** Ends the filter as a container does, and returns when it refuses new requests. */
    private static CompletableFuture<Void> stop(TomcatApp app) throws Exception {
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(app.filter()::destroy, OWN_THREAD);
        while (Client.get(app.port(), "/docs").status() != 503) {
            Thread.onSpinWait();
        }
        return stopped;
    }

    /** Answers the first request when it is told to, and all others at once. */
    private static ScriptedOrigin slowOnce(Script first) {
        List<Script> scripts = new ArrayList<>(List.of(first));
        for (int i = 0; i < 10_000; i++) {
            scripts.add(answering(OK));
        }
        return ScriptedOrigin.connections(scripts.toArray(Script[]::new));
    }

    @Test
    @Spec("failure case 108")
    void requestsInFlightFinishAndNewOnesAreRefused() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (ScriptedOrigin zone = slowOnce(
                        script().readHead().send(head + "2\r\nok\r\n").await(go).send("4\r\nlate\r\n0\r\n\r\n"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()));
                Client early = Client.connect(app.port())) {
            early.send(GET).readHead();
            assertThat(early.readChunk()).isEqualTo("ok");
            CompletableFuture<Void> stopped = stop(app);
            assertThat(stopped).isNotDone();
            assertThat(Client.get(app.port(), "/local").status()).isEqualTo(200);
            go.countDown();
            assertThat(early.readChunk()).isEqualTo("late");
            assertThat(early.readChunk()).isEmpty();
            stopped.get(20, TimeUnit.SECONDS);
            noThreadIsLeft();
        }
    }

    @Test
    @Spec("failure case 108")
    void whatDoesNotFinishInTimeIsEnded() throws Exception {
        CountDownLatch closed = new CountDownLatch(4);
        Script half = script().readHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok")
                .awaitClose()
                .signal(closed);
        Script silent = script().readHead().awaitClose().signal(closed);
        Script upgraded = script().readHead()
                .send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
                .awaitClose()
                .signal(closed);
        Script idle = script().readHead().send(OK).awaitClose().signal(closed);
        try (ScriptedOrigin zone = ScriptedOrigin.connections(half, silent, upgraded, idle);
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()).property("mfe.drain-timeout", "200ms"));
                Client halfway = Client.connect(app.port());
                Client waiting = Client.connect(app.port());
                Client tunnel = Client.connect(app.port())) {
            halfway.send(GET).readHead();
            zone.takeRequest();
            waiting.send(GET);
            zone.takeRequest();
            tunnel.send("GET /docs HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
            assertThat(tunnel.readHead().status()).isEqualTo(101);
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("ok");

            app.filter().destroy();

            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(waiting.readAnswer().status()).isEqualTo(503);
            assertThatThrownBy(() -> halfway.readBytes(9)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> tunnel.readBytes(1)).isInstanceOf(IOException.class);
            noThreadIsLeft();
            assertThat(app.filter().statistics().get(0).connections().active()).isZero();
            assertThat(app.filter().statistics().get(0).connections().idle()).isZero();
        }
    }

    private static void noThreadIsLeft() {
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("mfe-"));
    }

    private static MicrofrontendsConfig version(String owner, String other, String expression) {
        return MicrofrontendsConfig.parse("microfrontends.json", """
                {"applications": {
                  "web": {"development": {"fallback": "web.example.com"}},
                  "%s": {"routing": [{"paths": ["/page/%s"]}]},
                  "%s": {"routing": [{"paths": ["/other"]}]}}}
                """.formatted(owner, expression, other));
    }

    @Test
    @Spec({"failure case 137", "failure case 143"})
    void eachRequestSeesOneVersionWhileTheFileIsReloaded() throws Exception {
        MicrofrontendsConfig one = version("docs", "shop", ":one");
        MicrofrontendsConfig two = version("shop", "docs", ":two");
        int threads = 4;
        int requests = 500;
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicInteger byDocs = new AtomicInteger();
        AtomicInteger byShop = new AtomicInteger();
        try (ScriptedOrigin docs =
                        ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndocs"));
                ScriptedOrigin shop =
                        ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nshop"));
                TomcatApp app = TomcatApp.start(MicrofrontendsFilter.builder()
                        .config(one)
                        .property("mfe.debug", "on")
                        .property("mfe.zones.docs.url", docs.url())
                        .property("mfe.zones.shop.url", shop.url()))) {
            CompletableFuture<Void> reloading = CompletableFuture.runAsync(
                    () -> {
                        while (running.get()) {
                            app.filter().reload(two);
                            app.filter().reload(one);
                        }
                    },
                    OWN_THREAD);
            List<CompletableFuture<Void>> hammering = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                hammering.add(CompletableFuture.runAsync(
                        () -> {
                            try (Client client = Client.connect(app.port())) {
                                for (int j = 0; j < requests; j++) {
                                    Answer answer = client.send("GET /page/1 HTTP/1.1\r\nHost: x\r\n\r\n")
                                            .readAnswer();
                                    String zone = answer.body();
                                    boolean first = zone.equals("docs");
                                    assertThat(answer.fields("x-vercel-mfe-app"))
                                            .containsExactly(zone);
                                    assertThat(answer.fields("x-vercel-mfe-matched-path"))
                                            .containsExactly(first ? "/page/:one" : "/page/:two");
                                    (first ? byDocs : byShop).incrementAndGet();
                                }
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        },
                        OWN_THREAD));
            }
            for (CompletableFuture<Void> thread : hammering) {
                thread.get(60, TimeUnit.SECONDS);
            }
            running.set(false);
            reloading.get(20, TimeUnit.SECONDS);
            assertThat(byDocs.get()).isPositive();
            assertThat(byShop.get()).isPositive();
            // Zones that stay where they are keep their connections.
            assertThat(docs.connectionCount()).isLessThanOrEqualTo(threads);
            assertThat(shop.connectionCount()).isLessThanOrEqualTo(threads);
        }
    }
}
