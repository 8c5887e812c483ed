package dev.mfe.contract;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a zone sends arrives when it is sent. */
abstract class StreamRules extends Rules {

    private static final String EVENTS = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Content-Type: text/event-stream",
            "Cache-Control: no-cache",
            "X-Accel-Buffering: no",
            "");

    StreamRules(ContainerUnderTest container) {
        super(container);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked\r\n\r\n", "Content-Length: 1000000\r\n\r\n", "\r\n"})
    @Spec({"HTML §9.2", "failure case 77", "failure case 78", "failure case 82"})
    void eachEventArrivesBeforeTheNextIsSent(String framing) throws Exception {
        boolean chunked = framing.startsWith("Transfer");
        Semaphore next = new Semaphore(0);
        long[] sentAt = new long[1];
        serve(script().readHead().send(EVENTS + framing).then(peer -> {
            for (int i = 0; i < 10; i++) {
                next.acquire();
                String event = "data: " + i + "\n\n";
                sentAt[0] = System.nanoTime();
                peer.send((chunked ? chunk(event) : event).getBytes(StandardCharsets.US_ASCII));
            }
        }));
        RawClient client = client().send(head("GET", "/docs/a", "Accept: text/event-stream"));
        RawResponse response = client.readHead();
        assertThat(response.fields("Content-Type")).containsExactly("text/event-stream");
        assertThat(response.fields("X-Accel-Buffering")).containsExactly("no");
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            next.release();
            StringBuilder event = new StringBuilder();
            while (!event.toString().endsWith("\n\n")) {
                String part = response.nextPart();
                assertThat(part).as("the stream goes on").isNotNull();
                event.append(part);
            }
            fastest = Math.min(fastest, System.nanoTime() - sentAt[0]);
            assertThat(event.toString()).isEqualTo("data: " + i + "\n\n");
        }
        // The fastest of ten: a busy machine delays some, a timer somewhere on the way would delay all.
        assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked\r\n\r\n", "Content-Length: 9\r\n\r\n", "\r\n"})
    @Spec("failure case 78")
    void theHeadArrivesBeforeTheBody(String framing) throws Exception {
        CountDownLatch headSeen = new CountDownLatch(1);
        serve(script().readHead()
                .send("HTTP/1.1 200 OK\r\nX-Head: 1\r\n" + framing)
                .await(headSeen)
                .send(framing.startsWith("T") ? chunk("body body") + "0\r\n\r\n" : "body body")
                .close());
        RawResponse response = client().send(head("GET", "/docs/a")).readHead();
        assertThat(response.fields("X-Head")).containsExactly("1");
        headSeen.countDown();
        assertThat(response.readBody().body()).isEqualTo("body body");
    }

    @Test
    @Spec("failure case 82")
    void eachPartOfAnUploadArrivesBeforeTheNextIsSent() throws Exception {
        SynchronousQueue<String> arrived = new SynchronousQueue<>();
        serve(script().readHead()
                .then(peer -> {
                    for (int i = 0; i < 3; i++) {
                        peer.readBodyUntil("part " + i);
                        arrived.put("part " + i);
                    }
                    peer.readBodyUntil("0\r\n\r\n");
                })
                .send(OK));
        RawClient client = client().send(head("POST", "/docs/a", "Transfer-Encoding: chunked"));
        for (int i = 0; i < 3; i++) {
            client.send(chunk("part " + i));
            assertThat(arrived.poll(20, TimeUnit.SECONDS)).isEqualTo("part " + i);
        }
        client.send("0\r\n\r\n");
        assertThat(client.readResponse().body()).isEqualTo("ok");
    }

    @Test
    @Spec("failure case 79")
    void aStreamWithHeartbeatsOutlivesTheTimeouts() throws Exception {
        Duration timeout = Duration.ofMillis(400);
        ScriptedOrigin zone = zone(script().readHead()
                .send(EVENTS + "Transfer-Encoding: chunked\r\n\r\n")
                .then(peer -> beat(peer, 12))
                .send("0\r\n\r\n"));
        start(Site.of(zone).timeouts(Duration.ofSeconds(10), timeout, timeout));
        RawResponse response = get("/docs/a");
        assertThat(response.ending()).isEqualTo(RawResponse.Ending.COMPLETE);
        assertThat(response.body()).isEqualTo(":\n\n".repeat(12));
    }

    /** A heart that beats every 100 ms. */
    static void beat(Script.Peer peer, int times) throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < times; i++) {
            peer.send(chunk(":\n\n").getBytes(StandardCharsets.US_ASCII));
            never.await(100, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    @Spec("failure case 101")
    void aStreamThatFallsSilentIsCut() throws Exception {
        ScriptedOrigin zone =
                zone(script().readHead().send(EVENTS + "Transfer-Encoding: chunked\r\n\r\n" + chunk("data: 1\n\n")));
        start(Site.of(zone).timeouts(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(300)));
        RawResponse response = get("/docs/a");
        assertThat(response.body()).isEqualTo("data: 1\n\n");
        assertCut(response);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Spec({"RFC 9110 §7.7", "failure case 80"})
    void aClientThatLeavesAnInfiniteStreamIsNoticed(boolean byReset) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        serve(script().readHead()
                .send(EVENTS + "Transfer-Encoding: chunked\r\n\r\n")
                .then(peer -> {
                    CountDownLatch never = new CountDownLatch(1);
                    try {
                        while (true) {
                            peer.send(chunk(":\n\n").getBytes(StandardCharsets.US_ASCII));
                            never.await(20, TimeUnit.MILLISECONDS);
                        }
                    } catch (IOException e) {
                        left.countDown();
                    }
                }));
        RawClient client = client().send(head("GET", "/docs/a"));
        client.readHead().nextPart();
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
    @Spec("failure case 81")
    void aZoneThatDiesInAStreamCutsItAndNothingElse() throws Exception {
        ScriptedOrigin zone = zones(
                script().readHead()
                        .send(EVENTS + "Transfer-Encoding: chunked\r\n\r\n" + chunk("data: 1\n\n"))
                        .reset(),
                answering(OK));
        start(Site.of(zone));
        assertCut(get("/docs/a"));
        assertThat(get("/docs/b").body()).isEqualTo("ok");
        assertLocal(get("/local"));
    }

    @Test
    @Spec("RFC 9112 §9.3")
    void connectionsAreKeptOnBothSides() throws Exception {
        ScriptedOrigin zone = serve(OK);
        RawClient client = client();
        for (int i = 0; i < 5; i++) {
            assertThat(client.send(head("GET", "/docs/" + i)).readResponse().body())
                    .isEqualTo("ok");
        }
        assertThat(zone.connectionCount()).isEqualTo(1);
    }

    @Test
    @Spec("RFC 9112 §9.3.2")
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        serve(script().readHead()
                .then(peer -> peer.send(ok(peer.request().target()).getBytes(StandardCharsets.US_ASCII)))
                .repeat());
        RawClient client = client().send(head("GET", "/docs/1")
                + head("GET", "/local")
                + head("GET", "/docs/2")
                + head("GET", "/docs/3"));
        assertThat(client.readResponse().body()).isEqualTo("/docs/1");
        assertLocal(client.readResponse());
        assertThat(client.readResponse().body()).isEqualTo("/docs/2");
        assertThat(client.readResponse().body()).isEqualTo("/docs/3");
    }

    @Test
    @Spec("RFC 9112 §9.3")
    void anOldClientGetsABodyThatEndsWithTheConnection() throws Exception {
        serve("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("hello") + "0\r\n\r\n");
        RawClient client = client().send("GET /docs/a HTTP/1.0\r\nHost: " + HOST + "\r\n\r\n");
        RawResponse response = client.readResponse();
        assertThat(response.fields("Transfer-Encoding")).isEmpty();
        assertThat(response.body()).isEqualTo("hello");
    }
}
