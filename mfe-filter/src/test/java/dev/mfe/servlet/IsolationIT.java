package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.Spec;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What goes on in one zone is felt neither by the local app nor by other zones. */
@Spec({"design §8", "failure case 104"})
class IsolationIT {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final MicrofrontendsConfig TWO_ZONES = MicrofrontendsConfig.parse("microfrontends.json", """
            {"applications": {
              "web": {"development": {"fallback": "web.example.com"}},
              "docs": {"routing": [{"paths": ["/docs/:path*"]}]},
              "shop": {"routing": [{"paths": ["/shop/:path*"]}]}}}
            """);

    /** More than Tomcat has threads. */
    private static final int MANY = 250;

    private static TomcatApp start(ScriptedOrigin docs, ScriptedOrigin shop) throws Exception {
        return TomcatApp.start(MicrofrontendsFilter.builder()
                .config(TWO_ZONES)
                .property("mfe.zones.docs.url", docs.url())
                .property("mfe.zones.shop.url", shop.url()));
    }

    private static void othersAnswer(TomcatApp app) throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(Client.get(app.port(), "/local").body()).isEqualTo("local REQUEST /local");
            assertThat(Client.get(app.port(), "/shop/x").body()).isEqualTo("ok");
        }
    }

    private static void closeAll(List<Client> clients) throws IOException {
        for (Client client : clients) {
            client.close();
        }
    }

    @Test
    void requestsThatHangInOneZoneHoldUpNobodyElse() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Client> clients = new ArrayList<>();
        try (ScriptedOrigin docs =
                        ScriptedOrigin.always(script().readHead().await(go).send(OK));
                ScriptedOrigin shop = ScriptedOrigin.always(answering(OK));
                TomcatApp app = start(docs, shop)) {
            for (int i = 0; i < MANY; i++) {
                clients.add(Client.connect(app.port()).send("GET /docs/x HTTP/1.1\r\nHost: x\r\n\r\n"));
            }
            for (int i = 0; i < MANY; i++) {
                docs.takeRequest();
            }
            othersAnswer(app);
            assertThat(app.filter().statistics().get(0).connections().active()).isEqualTo(MANY);
            go.countDown();
            for (Client client : clients) {
                assertThat(client.readAnswer().body()).isEqualTo("ok");
            }
        } finally {
            closeAll(clients);
        }
    }

    @Test
    void bodiesThatStopInOneZoneHoldUpNobodyElse() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Client> clients = new ArrayList<>();
        String half = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no";
        try (ScriptedOrigin docs = ScriptedOrigin.always(
                        script().readHead().send(half).await(go).send("k"));
                ScriptedOrigin shop = ScriptedOrigin.always(answering(OK));
                TomcatApp app = start(docs, shop)) {
            for (int i = 0; i < MANY; i++) {
                clients.add(Client.connect(app.port()).send("GET /docs/x HTTP/1.1\r\nHost: x\r\n\r\n"));
            }
            for (Client client : clients) {
                assertThat(client.readHead().status()).isEqualTo(200);
            }
            othersAnswer(app);
            go.countDown();
            for (Client client : clients) {
                assertThat(client.readBytes(2)).isEqualTo("ok");
            }
        } finally {
            closeAll(clients);
        }
    }

    @Test
    void aZoneThatSwallowsConnectionAttemptsTakesAFewThreadsOnly() throws Exception {
        List<SocketChannel> queue = new ArrayList<>();
        List<Client> clients = new ArrayList<>();
        // A listener whose queue is full does not answer any more.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScriptedOrigin shop = ScriptedOrigin.always(answering(OK));
                TomcatApp app = TomcatApp.start(MicrofrontendsFilter.builder()
                        .config(TWO_ZONES)
                        .property("mfe.zones.docs.url", "http://127.0.0.1:" + full.getLocalPort())
                        .property("mfe.zones.docs.connect-timeout", "30s")
                        .property("mfe.drain-timeout", "0s")
                        .property("mfe.zones.shop.url", shop.url()))) {
            for (int i = 0; i < 16; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()));
                queue.add(channel);
            }
            for (int i = 0; i < 40; i++) {
                clients.add(Client.connect(app.port()).send("GET /docs/x HTTP/1.1\r\nHost: x\r\n\r\n"));
            }
            CompletableFuture<Integer> answered = CompletableFuture.supplyAsync(() -> {
                try {
                    return clients.get(0).readHead().status();
                } catch (IOException e) {
                    // Closed at the end of the test.
                    return 0;
                }
            });
            while (app.filter().statistics().get(0).connections().active() < 40) {
                Thread.onSpinWait();
            }
            // They hang long enough to be thought hopeless.
            assertThatThrownBy(() -> answered.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            for (int i = 0; i < MANY; i++) {
                assertThat(Client.get(app.port(), "/docs/x").status()).isEqualTo(502);
            }
            othersAnswer(app);
        } finally {
            closeAll(clients);
            for (SocketChannel channel : queue) {
                channel.close();
            }
        }
    }

    @Test
    @Spec("failure case 80")
    void aClientThatLeavesAStreamFreesTheZoneWithinASecond() throws Exception {
        String stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        freesTheZoneWithinASecond(
                "GET /docs/x HTTP/1.1\r\nHost: x\r\n\r\n", script().readHead().send(stream), "1\r\nx\r\n");
    }

    @Test
    @Spec("failure case 80")
    void aClientThatLeavesADownloadFreesTheZoneWithinASecond() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n";
        freesTheZoneWithinASecond(
                "GET /docs/x HTTP/1.1\r\nHost: x\r\n\r\n", script().readHead().send(head), "x".repeat(1000));
    }

    private static void freesTheZoneWithinASecond(String request, Script begin, String again) throws Exception {
        CompletableFuture<Long> closed = new CompletableFuture<>();
        Script endless = begin.then(peer -> {
            try {
                while (true) {
                    peer.send(again.getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                closed.complete(System.nanoTime());
            }
        });
        try (ScriptedOrigin docs = ScriptedOrigin.always(endless);
                ScriptedOrigin shop = ScriptedOrigin.always(answering(OK));
                TomcatApp app = start(docs, shop)) {
            long left;
            try (Client client = Client.connect(app.port())) {
                client.send(request).readHead();
                client.readBytes(100);
                left = System.nanoTime();
            }
            assertThat(Duration.ofNanos(closed.get(20, TimeUnit.SECONDS) - left))
                    .isLessThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    @Test
    @Spec("failure case 97")
    void aClientThatLeavesAnUploadFreesTheZoneWithinASecond() throws Exception {
        CompletableFuture<Long> closed = new CompletableFuture<>();
        CountDownLatch some = new CountDownLatch(1);
        try (ScriptedOrigin docs = ScriptedOrigin.always(script().readHead()
                        .readBody(5)
                        .signal(some)
                        .awaitClose()
                        .tell(peer -> closed.complete(System.nanoTime())));
                ScriptedOrigin shop = ScriptedOrigin.always(answering(OK));
                TomcatApp app = start(docs, shop)) {
            long left;
            try (Client client = Client.connect(app.port())) {
                client.send("POST /docs/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhello");
                assertThat(some.await(20, TimeUnit.SECONDS)).isTrue();
                left = System.nanoTime();
            }
            assertThat(Duration.ofNanos(closed.get(20, TimeUnit.SECONDS) - left))
                    .isLessThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(app.filter().statistics().get(0).lastFailure()).isNull();
        }
    }
}
