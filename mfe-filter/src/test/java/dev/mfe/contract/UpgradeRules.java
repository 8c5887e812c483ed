package dev.mfe.contract;

import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import dev.mfe.testkit.WebSocketFrame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket and other protocols behind {@code Upgrade}. */
abstract class UpgradeRules extends Rules {

    private static final String[] HANDSHAKE = {
        "Connection: keep-alive, Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Origin: http://" + HOST
    };
    private static final String SWITCH = String.join(
            "\r\n",
            "HTTP/1.1 101 Switching Protocols",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "");

    /** More than fits into all buffers between a client and a zone, and no two parts of it alike. */
    private static final byte[] MUCH = new byte[8 * 1024 * 1024];

    static {
        new Random(7).nextBytes(MUCH);
    }

    UpgradeRules(ContainerUnderTest container) {
        super(container);
    }

    /** Sends the handshake and sees it accepted; null where the container cannot, which is then told clearly. */
    private @Nullable RawClient handshake(String... more) throws Exception {
        String[] fields = Arrays.copyOf(HANDSHAKE, HANDSHAKE.length + more.length);
        System.arraycopy(more, 0, fields, HANDSHAKE.length, more.length);
        RawClient client = client().send(head("GET", "/docs/socket", fields));
        RawResponse response = client.readHead();
        if (!can(Capability.UPGRADE)) {
            assertThat(response.status()).isIn(501, 502);
            return null;
        }
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.fields("Upgrade")).containsExactlyInAnyOrder("websocket");
        assertThat(String.join(",", response.fields("Connection"))).containsIgnoringCase("upgrade");
        assertThat(response.fields("Sec-WebSocket-Accept")).containsExactly("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        return client;
    }

    private static WebSocketFrame read(Script.Peer peer) throws IOException {
        return WebSocketFrame.read(peer.socket().getInputStream());
    }

    private static WebSocketFrame read(RawClient client) throws IOException {
        return WebSocketFrame.read(client.in());
    }

    /** Says every frame back, as long as there is somebody. */
    private static void echo(Script.Peer peer) {
        try {
            while (true) {
                WebSocketFrame frame = read(peer);
                peer.send(new WebSocketFrame(frame.first(), false, frame.payload()).bytes());
            }
        } catch (IOException e) {
            // The client has left, as tests do.
        }
    }

    @Test
    @Spec({"RFC 6455 §4.1", "RFC 9110 §7.8"})
    void theHandshakeReachesTheZone() throws Exception {
        ScriptedOrigin zone = serve(script().readHead().send(SWITCH + "\r\n"));
        if (handshake("Sec-WebSocket-Protocol: a") == null) {
            return;
        }
        OriginRequest request = zone.takeRequest();
        assertThat(request.line()).isEqualTo("GET /docs/socket HTTP/1.1");
        assertThat(request.fields("Upgrade")).containsExactly("websocket");
        assertThat(String.join(",", request.fields("Connection"))).containsIgnoringCase("upgrade");
        assertThat(request.fields("Sec-WebSocket-Version")).containsExactly("13");
        assertThat(request.fields("Sec-WebSocket-Key")).containsExactly("dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(request.fields("Sec-WebSocket-Protocol")).containsExactly("a");
        assertThat(request.fields("Origin")).containsExactly("http://" + HOST);
        assertThat(request.fields("X-Forwarded-Host")).containsExactly(HOST);
    }

    /** As the client of the Java platform sends it. */
    @Test
    @Spec({"RFC 6455 §4.1", "RFC 9110 §8.6"})
    void aHandshakeMaySayThatItHasNoBody() throws Exception {
        ScriptedOrigin zone = serve(script().readHead().send(SWITCH + "\r\n"));
        if (handshake("Content-Length: 0") != null) {
            assertThat(zone.takeRequest().fields("Upgrade")).containsExactly("websocket");
        }
    }

    @Test
    @Spec({"RFC 6455 §5", "failure case 84"})
    void framesPassBothWays() throws Exception {
        serve(script().readHead().send(SWITCH + "\r\n").then(UpgradeRules::echo));
        RawClient client = handshake();
        if (client == null) {
            return;
        }
        byte[] binary = new byte[100_000];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = (byte) i;
        }
        client.sendBytes(WebSocketFrame.text(true, "gr\u00fc\u00dfe").bytes());
        assertThat(read(client)).isEqualTo(WebSocketFrame.text(false, "gr\u00fc\u00dfe"));
        client.sendBytes(WebSocketFrame.binary(true, binary).bytes());
        assertThat(read(client)).isEqualTo(WebSocketFrame.binary(false, binary));
        client.sendBytes(WebSocketFrame.ping(true, "?").bytes());
        assertThat(read(client)).isEqualTo(WebSocketFrame.ping(false, "?"));
        client.sendBytes(WebSocketFrame.pong(true, "!").bytes());
        assertThat(read(client)).isEqualTo(WebSocketFrame.pong(false, "!"));
        client.sendBytes(WebSocketFrame.close(true, 4001, "enough").bytes());
        WebSocketFrame close = read(client);
        assertThat(close.closeCode()).isEqualTo(4001);
        assertThat(close.payload()).endsWith("enough".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @Spec({"RFC 6455 §5", "failure case 84"})
    void theZoneMaySpeakFirstAndInTheSameBreath() throws Exception {
        WebSocketFrame hello = WebSocketFrame.text(false, "hello");
        serve(script().readHead()
                .send(SWITCH + "\r\n" + new String(hello.bytes(), StandardCharsets.ISO_8859_1))
                .then(UpgradeRules::echo));
        RawClient client = handshake();
        if (client == null) {
            return;
        }
        assertThat(read(client)).isEqualTo(hello);
        client.sendBytes(WebSocketFrame.text(true, "you").bytes());
        assertThat(read(client)).isEqualTo(WebSocketFrame.text(false, "you"));
    }

    @Test
    @Spec({"RFC 6455 §4.1", "failure case 84"})
    void aClientInAHurryIsNotLost() throws Exception {
        // Not allowed before 101 has come, yet seen; the bytes must not vanish.
        serve(script().readHead().send(SWITCH + "\r\n").then(UpgradeRules::echo));
        RawClient client = client();
        String frame = new String(WebSocketFrame.text(true, "early").bytes(), StandardCharsets.ISO_8859_1);
        client.send(head("GET", "/docs/socket", HANDSHAKE) + frame);
        RawResponse response = client.readHead();
        if (can(Capability.UPGRADE)) {
            assertThat(response.status()).isEqualTo(101);
            assertThat(read(client)).isEqualTo(WebSocketFrame.text(false, "early"));
        } else {
            assertThat(response.status()).isIn(501, 502);
        }
    }

    @Test
    @Spec({"RFC 6455 §5.5.1", "failure case 84"})
    void theZonesCloseArrivesWithCodeAndReason() throws Exception {
        serve(script().readHead()
                .send(SWITCH + "\r\n")
                .sendBytes(WebSocketFrame.close(false, 1012, "restart").bytes())
                .then(UpgradeRules::read)
                .close());
        RawClient client = handshake();
        if (client == null) {
            return;
        }
        assertThat(read(client)).isEqualTo(WebSocketFrame.close(false, 1012, "restart"));
        client.sendBytes(WebSocketFrame.close(true, 1012, "").bytes());
        assertThat(client.readUntilClosed()).isEmpty();
    }

    @Test
    @Spec({"RFC 6455 §7.1.1", "failure case 84"})
    void aZoneThatDiesClosesTheClient() throws Exception {
        serve(script().readHead().send(SWITCH + "\r\n").reset());
        RawClient client = handshake();
        if (client == null) {
            return;
        }
        assertThat(client.readUntilClosed()).isEmpty();
    }

    @Test
    @Spec({"RFC 6455 §7.1.1", "failure case 80", "failure case 84"})
    void aClientThatLeavesBeforeTheSwitchGivesItsPlaceBack() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        ScriptedOrigin zone = zones(
                script().readHead()
                        .await(left)
                        .send(SWITCH + "\r\n")
                        .awaitClose()
                        .signal(over),
                Script.answering(OK));
        start(Site.of(zone)
                .maxRequestsPerZone(1)
                .timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1)));
        RawClient client = client().send(head("GET", "/docs/socket", HANDSHAKE));
        zone.takeRequest();
        client.reset();
        left.countDown();
        await(over);
        long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        RawResponse next = get("/docs/a");
        while (next.status() == 503 && System.nanoTime() < until) {
            // The zone sees the close a little before the place is free.
            next = get("/docs/a");
        }
        assertThat(next.status()).isEqualTo(200);
    }

    @Test
    @Spec({"RFC 9110 §7.8", "failure case 84"})
    void aSlowZoneGetsAllThatAClientSaidBeforeItLeft() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        CompletableFuture<Integer> got = new CompletableFuture<>();
        serve(script().readHead()
                .send(SWITCH + "\r\n")
                .then(peer -> got.complete(readSlowly(peer.socket().getInputStream(), left))));
        RawClient client = handshake();
        if (client == null) {
            return;
        }
        client.sendBytes(MUCH).close();
        left.countDown();
        assertThat(got.get(RawClient.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(MUCH.length);
    }

    @Test
    @Spec({"RFC 9110 §7.8", "failure case 84"})
    void aClientThatHasSaidAllMayStillListen() throws Exception {
        CountDownLatch said = new CountDownLatch(1);
        serve(script().readHead().send(SWITCH + "\r\n").then(peer -> {
            int count = readSlowly(peer.socket().getInputStream(), said);
            peer.send(("got " + count).getBytes(StandardCharsets.US_ASCII));
            peer.socket().close();
        }));
        if (!can(Capability.HALF_CLOSED_UPGRADE)) {
            return;
        }
        RawClient client = handshake();
        if (client == null) {
            return;
        }
        client.sendBytes(MUCH).shutdownOutput();
        said.countDown();
        assertThat(client.readUntilClosed()).isEqualTo("got " + MUCH.length);
    }

    @Test
    @Spec({"RFC 9110 §7.8", "failure case 84"})
    void aSlowClientGetsAllThatAZoneSaidBeforeItClosed() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        serve(script().readHead().send(SWITCH + "\r\n").sendBytes(MUCH).close().signal(closed));
        RawClient client = handshake();
        if (client == null) {
            return;
        }
        assertThat(readSlowly(client.in(), closed)).isEqualTo(MUCH.length);
    }

    @Test
    @Spec({"RFC 9110 §7.8", "failure case 84"})
    void aZoneThatDoesNotReadHoldsItsClientBack() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        serve(script().readHead().send(SWITCH + "\r\n").await(read));
        RawClient client = handshake();
        if (client == null) {
            return;
        }
        AtomicInteger sent = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            try {
                while (sent.get() < 10 * MUCH.length) {
                    client.sendBytes(new byte[64 * 1024]);
                    sent.addAndGet(64 * 1024);
                    begun.countDown();
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
        writer.setDaemon(true);
        writer.start();
        await(begun);
        // Other requests are the only clock here.
        int before = -1;
        while (before != sent.get()) {
            before = sent.get();
            for (int i = 0; i < 100; i++) {
                assertLocal(get("/local"));
            }
        }
        read.countDown();
        assertThat(sent.get()).isLessThan(10 * MUCH.length);
    }

    /**
     * Reads little at a time until the other side has said all, so that everything on the way is full by then, and the rest.
     *
     * @return how much of it is {@link #MUCH}
     */
    private static int readSlowly(InputStream in, CountDownLatch said) throws IOException {
        byte[] part = new byte[64 * 1024];
        int count = 0;
        int n = in.read(part, 0, 256);
        while (n >= 0 && Arrays.equals(part, 0, n, MUCH, count, Math.min(count + n, MUCH.length))) {
            count += n;
            n = in.read(part, 0, said.getCount() > 0 ? 256 : part.length);
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Spec({"RFC 6455 §7.1.1", "failure case 80", "failure case 84"})
    void aClientThatLeavesClosesTheZone(boolean byReset) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        serve(script().readHead().send(SWITCH + "\r\n").awaitClose().signal(left));
        RawClient client = handshake();
        if (client == null) {
            return;
        }
        long leftAt = System.nanoTime();
        if (byReset) {
            client.reset();
        } else {
            client.close();
        }
        await(left);
        assertThat(Duration.ofNanos(System.nanoTime() - leftAt)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    @Spec({"RFC 7936", "RFC 7692 §5", "failure case 85"})
    void subprotocolAndExtensionsAreNegotiatedEndToEnd() throws Exception {
        ScriptedOrigin zone = serve(script().readHead()
                .send(String.join(
                        "\r\n",
                        SWITCH + "Sec-WebSocket-Protocol: graphql-ws",
                        "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover",
                        "",
                        ""))
                .then(peer -> {
                    // RSV1 says that the payload is compressed; nobody on the way may mind.
                    WebSocketFrame frame = read(peer);
                    peer.send(new WebSocketFrame(frame.first(), false, frame.payload()).bytes());
                }));
        RawClient client = client();
        String[] fields = Arrays.copyOf(HANDSHAKE, HANDSHAKE.length + 2);
        fields[HANDSHAKE.length] = "Sec-WebSocket-Protocol: graphql-ws, chat";
        fields[HANDSHAKE.length + 1] = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";
        client.send(head("GET", "/docs/socket", fields));
        RawResponse response = client.readHead();
        if (!can(Capability.UPGRADE)) {
            assertThat(response.status()).isIn(501, 502);
            return;
        }
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("Sec-WebSocket-Protocol")).containsExactly("graphql-ws, chat");
        assertThat(request.fields("Sec-WebSocket-Extensions"))
                .containsExactly("permessage-deflate; client_max_window_bits");
        assertThat(response.fields("Sec-WebSocket-Protocol")).containsExactly("graphql-ws");
        assertThat(response.fields("Sec-WebSocket-Extensions"))
                .containsExactly("permessage-deflate; server_no_context_takeover");
        WebSocketFrame compressed = new WebSocketFrame(0xc1, true, new byte[] {(byte) 0xf2, 0x48, (byte) 0xcd, 0});
        client.sendBytes(compressed.bytes());
        assertThat(read(client)).isEqualTo(new WebSocketFrame(0xc1, false, compressed.payload()));
    }

    @Test
    @Spec({"RFC 9110 §7.8", "failure case 84"})
    void anyOtherProtocolIsTunnelledToo() throws Exception {
        serve(script().readHead()
                .send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: made-up/7\r\n\r\nfirst")
                .readBodyUntil("ping")
                .send("pong"));
        RawClient client = client().send(head("GET", "/docs/a", "Connection: Upgrade", "Upgrade: made-up/7"));
        RawResponse response = client.readHead();
        if (!can(Capability.UPGRADE)) {
            assertThat(response.status()).isIn(501, 502);
            return;
        }
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.fields("Upgrade")).containsExactly("made-up/7");
        assertThat(new String(client.readBytes(5), StandardCharsets.US_ASCII)).isEqualTo("first");
        client.send("ping");
        assertThat(new String(client.readBytes(4), StandardCharsets.US_ASCII)).isEqualTo("pong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"401 Unauthorized", "404 Not Found", "200 OK", "426 Upgrade Required"})
    @Spec({"RFC 6455 §4.2.2", "failure case 87"})
    void aRefusedHandshakeIsPassedOn(String status) throws Exception {
        serve(response(status, "why not", "X-Reason: 7"));
        RawResponse response =
                client().send(head("GET", "/docs/socket", HANDSHAKE)).readResponse();
        assertThat(response.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
        assertThat(response.fields("X-Reason")).containsExactly("7");
        assertThat(response.body()).isEqualTo("why not");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/local", "/docsx", "/docs/../socket", "/docs/%2e%2e/socket"})
    @Spec({"RFC 9110 §7.8", "failure case 91"})
    void anUpgradeTakesTheSameDoorAsAnyRequest(String target) throws Exception {
        ScriptedOrigin zone = serve(script().readHead().send(SWITCH + "\r\n"));
        RawResponse response = client().send(head("GET", target, HANDSHAKE)).readResponse();
        assertThat(response.status()).isIn(200, 400);
        assertThat(zone.connectionCount()).isZero();
    }

    @Test
    @Spec("RFC 9110 §7.8")
    void aZoneCannotSwitchUnasked() throws Exception {
        serve(script().readHead().send(SWITCH + "\r\n"));
        assertThat(get("/docs/a").status()).isEqualTo(502);
    }

    @Test
    @Spec({"RFC 6455 §5", "failure case 104"})
    void manyQuietSocketsDoNotUseUpTheThreads() throws Exception {
        ScriptedOrigin zone = zone(script().readHead().send(SWITCH + "\r\n").then(UpgradeRules::echo));
        start(Site.of(zone).threads(8));
        if (handshake() == null) {
            return;
        }
        RawClient last = null;
        for (int i = 0; i < 20; i++) {
            last = handshake();
        }
        assertLocal(get("/local"));
        last.sendBytes(WebSocketFrame.text(true, "still here").bytes());
        assertThat(read(last).text()).isEqualTo("still here");
    }

    @Test
    @Spec("RFC 6455 §5")
    void bothSidesMaySpeakAtOnce() throws Exception {
        int count = 2000;
        byte[] block = WebSocketFrame.binary(false, new byte[8000]).bytes();
        byte[] masked = WebSocketFrame.binary(true, new byte[8000]).bytes();
        CountDownLatch zoneRead = new CountDownLatch(1);
        serve(script().readHead().send(SWITCH + "\r\n").then(peer -> {
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        peer.send(block);
                    }
                } catch (IOException e) {
                    // The client notices.
                }
            });
            writer.setDaemon(true);
            writer.start();
            for (int i = 0; i < count; i++) {
                read(peer);
            }
            zoneRead.countDown();
        }));
        RawClient client = handshake();
        if (client == null) {
            return;
        }
        Thread writer = new Thread(() -> {
            try {
                for (int i = 0; i < count; i++) {
                    client.sendBytes(masked);
                }
            } catch (IOException e) {
                // The zone notices.
            }
        });
        writer.setDaemon(true);
        writer.start();
        for (int i = 0; i < count; i++) {
            assertThat(read(client).payload()).hasSize(8000);
        }
        assertThat(zoneRead.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
