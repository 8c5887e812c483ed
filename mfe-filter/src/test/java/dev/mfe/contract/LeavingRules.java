package dev.mfe.contract;

import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that leaves while its zone says nothing takes the zone's request with it, and nothing else is taken for leaving. */
abstract class LeavingRules extends Rules {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration NOTICED = Duration.ofSeconds(1);

    /** Longer than it takes until a client that waits is watched. */
    private static final Duration WHILE = Duration.ofMillis(400);

    private static final String EVENTS =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** How a client leaves. */
    enum Way {
        CLOSE,
        RESET,
        /** It could still read, but other servers take it for leaving too, for nobody can tell the two apart. */
        CLOSE_OWN_DIRECTION;

        void leave(RawClient client) throws IOException {
            switch (this) {
                case CLOSE -> client.close();
                case RESET -> client.reset();
                case CLOSE_OWN_DIRECTION -> client.shutdownOutput();
            }
        }
    }

    LeavingRules(ContainerUnderTest container) {
        super(container);
    }

    /** A site whose limits are no help. */
    private Site patient(ScriptedOrigin zone) {
        return Site.of(zone).timeouts(LONG, LONG, LONG);
    }

    private static void aWhile() throws InterruptedException {
        new CountDownLatch(1).await(WHILE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Script silentAfter(String bytes, CountDownLatch asked, CountDownLatch left) {
        return script().readHead().send(bytes).signal(asked).awaitClose().signal(left);
    }

    private static void assertNoticed(CountDownLatch left, long since, Site site, long clients) throws Exception {
        await(left);
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(NOTICED);
        while (!site.failures().containsKey(ProxyFailure.CLIENT_GONE)
                || site.failures().get(ProxyFailure.CLIENT_GONE) < clients) {
            Thread.onSpinWait();
        }
        assertThat(site.failures()).isEqualTo(Map.of(ProxyFailure.CLIENT_GONE, clients));
    }

    // ---- noticed

    @ParameterizedTest
    @EnumSource(Way.class)
    @Spec({"design §8", "RFC 9112 §9.5", "failure case 80", "failure case 96"})
    void aClientThatLeavesBeforeTheHeadIsNoticed(Way way) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        Site site = patient(zone(silentAfter("", asked, left)));
        start(site);
        RawClient client = client().send(head("GET", "/docs/a"));
        await(asked);
        long since = System.nanoTime();
        way.leave(client);
        assertNoticed(left, since, site, 1);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Spec({"design §8", "RFC 9112 §9.5", "failure case 80"})
    void aClientThatLeavesASilentStreamIsNoticed(Way way) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        Site site = patient(zone(silentAfter(EVENTS + chunk(":\n\n"), asked, left)));
        start(site);
        RawClient client = client().send(head("GET", "/docs/a"));
        client.readHead().nextPart();
        aWhile();
        long since = System.nanoTime();
        way.leave(client);
        assertNoticed(left, since, site, 1);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Spec({"design §8", "RFC 9112 §9.5"})
    void aClientThatLeavesInsideABodyIsNoticed(Way way) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        Site site = patient(zone(silentAfter("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", asked, left)));
        start(site);
        RawClient client = client().send(head("GET", "/docs/a"));
        assertThat(client.readHead().nextPart()).isEqualTo("half");
        long since = System.nanoTime();
        way.leave(client);
        assertNoticed(left, since, site, 1);
    }

    @Test
    @Spec({"design §8", "RFC 9112 §9.5"})
    void clientsThatLeaveACrowdAreNoticedAndTheOthersAreNot() throws Exception {
        CountDownLatch asked = new CountDownLatch(24);
        CountDownLatch left = new CountDownLatch(12);
        CountDownLatch answer = new CountDownLatch(1);
        Site site = patient(zone(script().readHead().signal(asked).then(peer -> {
            if (peer.request().target().equals("/docs/leaves")) {
                peer.awaitClose();
                left.countDown();
            } else {
                answer.await(LONG.toSeconds(), TimeUnit.SECONDS);
                peer.send(OK.getBytes(StandardCharsets.US_ASCII));
            }
        })));
        start(site);
        List<RawClient> leaving = new ArrayList<>();
        List<RawClient> staying = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            staying.add(client().send(head("GET", "/docs/stays")));
            leaving.add(client().send(head("GET", "/docs/leaves")));
        }
        await(asked);
        aWhile();
        long since = System.nanoTime();
        for (RawClient client : leaving) {
            client.close();
        }
        assertNoticed(left, since, site, 12);
        answer.countDown();
        for (RawClient client : staying) {
            assertThat(client.readResponse().body()).isEqualTo("ok");
        }
    }

    @Test
    @Spec({"design §8", "RFC 9112 §9.5"})
    void aClientThatLeavesAfterItsUploadIsNoticed() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Site site = patient(
                zone(script().readHead().readBody(3).signal(asked).awaitClose().signal(left)));
        start(site);
        RawClient client = client().send(head("POST", "/docs/a", "Content-Length: 3") + "abc");
        await(asked);
        long since = System.nanoTime();
        client.close();
        assertNoticed(left, since, site, 1);
    }

    @Test
    @Spec({"design §8", "RFC 9112 §9.5"})
    void aClientThatLeavesIsNoticedWithoutAsyncToo() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        Site site = patient(zone(silentAfter("", asked, left)))
                .withoutAsync()
                .earlier((request, response, chain) -> chain.doFilter(request, response));
        start(site);
        RawClient client = client().send(head("GET", "/docs/a"));
        await(asked);
        long since = System.nanoTime();
        client.close();
        assertNoticed(left, since, site, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", EVENTS, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"})
    @Spec({"RFC 9112 §8", "failure case 43"})
    void whoClosesItsOwnDirectionGetsNothingThatLooksWhole(String bytes) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        Site site = patient(zone(silentAfter(bytes, asked, left)));
        start(site);
        RawClient client = client().send(head("GET", "/docs/a"));
        await(asked);
        client.shutdownOutput();
        await(left);
        String got = client.readUntilClosed();
        if (bytes.isEmpty()) {
            assertThat(got).doesNotStartWith("HTTP/1.1 2");
        } else {
            assertThat(got).startsWith("HTTP/1.1 200").doesNotContain("0\r\n\r\n");
        }
    }

    // ---- not taken for leaving

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Spec("RFC 9112 §9.3.2")
    void theNextRequestOfAClientThatWaitsIsNotTakenForLeaving(boolean atOnce) throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Site site = patient(zone(script().readHead()
                .then(peer -> {
                    asked.countDown();
                    answer.await(LONG.toSeconds(), TimeUnit.SECONDS);
                    peer.send(ok(peer.request().target()).getBytes(StandardCharsets.US_ASCII));
                })
                .repeat()));
        start(site);
        RawClient client = client().send(head("GET", "/docs/1"));
        await(asked);
        if (!atOnce) {
            aWhile();
        }
        client.send(head("GET", "/docs/2") + head("GET", "/docs/3"));
        aWhile();
        answer.countDown();
        assertThat(client.readResponse().body()).isEqualTo("/docs/1");
        assertThat(client.readResponse().body()).isEqualTo("/docs/2");
        assertThat(client.readResponse().body()).isEqualTo("/docs/3");
        assertThat(site.failures()).isEmpty();
    }

    @Test
    @Spec("RFC 9112 §9.3")
    void aConnectionThatWasWatchedIsAsGoodAsAnyOther() throws Exception {
        Site site = patient(zone(script().readHead()
                .then(peer -> {
                    if (peer.request().target().startsWith("/docs/slow")) {
                        aWhile();
                    }
                    peer.send(ok(peer.request().target()).getBytes(StandardCharsets.US_ASCII));
                })
                .repeat()));
        start(site);
        RawClient client = client();
        for (String target : List.of("/docs/slow1", "/docs/2", "/docs/slow3", "/docs/slow4", "/docs/5", "/docs/6")) {
            assertThat(client.send(head("GET", target)).readResponse().body()).isEqualTo(target);
        }
        assertLocal(client.send(head("GET", "/local")).readResponse());
        assertThat(site.failures()).isEmpty();
    }

    @Test
    @Spec("RFC 9112 §9.6")
    void aConnectionThatWasWatchedClosesWhenTheClientSaysSo() throws Exception {
        start(patient(zone(script().readHead().then(peer -> aWhile()).send(OK))));
        RawClient client = client().send(head("GET", "/docs/a", "Connection: close"));
        assertThat(client.readResponse().body()).isEqualTo("ok");
        assertThat(client.readOnce()).isEmpty();
    }

    @Test
    @Spec("RFC 9110 §7.8")
    void aConnectionThatWasWatchedCanLeaveHttp() throws Exception {
        if (!can(Capability.UPGRADE)) {
            return;
        }
        String handshake = head("GET", "/docs/socket", "Connection: Upgrade", "Upgrade: echo");
        start(patient(zone(script().readHead()
                .then(peer -> aWhile())
                .send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
                .readBody(4)
                .send("pong")
                .close())));
        RawClient client = client().send(handshake);
        assertThat(client.readHead().status()).isEqualTo(101);
        client.send("ping");
        assertThat(new String(client.readBytes(4), StandardCharsets.US_ASCII)).isEqualTo("pong");
        assertThat(client.readOnce()).isEmpty();
    }
}
