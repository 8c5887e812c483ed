package dev.mfe.proxy;

import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mfe.Spec;
import dev.mfe.config.Origin;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Deadlines strike on a real clock here, so they are short; nothing asserts how fast anything was. */
class DeadlineTest extends TransportTestBase {

    private static final Duration SHORT = Duration.ofMillis(60);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void connecting() throws Exception {
        // A listener whose queue is full does not answer any more.
        List<SocketChannel> queue = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 16; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()));
                queue.add(channel);
            }
            OriginPool pool = transport.pool(
                    Origin.parse("http://127.0.0.1:" + full.getLocalPort()),
                    PATIENT.withTimeouts(SHORT, LONG, LONG).withPool(1, LONG));
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(ProxyException.class)
                        .isThrownBy(() -> get(pool))
                        .satisfies(e -> assertThat(e.failure()).isEqualTo(ProxyFailure.TIMEOUT))
                        .satisfies(e -> assertThat(e.requestSent()).isFalse());
            }
        } finally {
            for (SocketChannel channel : queue) {
                channel.close();
            }
        }
    }

    @Test
    void noAnswer() throws Exception {
        assertResponseTimesOut(script().readHead().awaitClose());
    }

    @Test
    void halfAHead() throws Exception {
        assertResponseTimesOut(script().readHead().send("HTTP/1.1 200 OK\r\nX-").awaitClose());
    }

    @Test
    void onlyAnInterimAnswer() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                        .send("HTTP/1.1 103 Early Hints\r\n\r\n")
                        .awaitClose()
                        .signal(closed));
                Exchange exchange = get(pool(origin, PATIENT.withTimeouts(LONG, SHORT, LONG)))) {
            assertThat(exchange.readHead().status()).isEqualTo(103);
            assertFails(ProxyFailure.TIMEOUT, exchange::readHead);
            closed.await();
        }
    }

    @Test
    @Spec("RFC 9110 §10.1.1")
    void noAnswerToABodyThatWasSentWithoutA100() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead().awaitClose());
                Exchange exchange =
                        pool(origin, PATIENT.withTimeouts(LONG, SHORT, LONG)).exchange("POST", "/")) {
            exchange.field("Expect", "100-continue");
            exchange.body(5);
            exchange.flush();
            assertFails(ProxyFailure.TIMEOUT, () -> {
                exchange.awaitReadable(1);
                exchange.copyBody(new ByteArrayInputStream(new byte[5]));
                exchange.finish();
                exchange.readHead();
            });
        }
    }

    @Test
    @Spec("RFC 9110 §10.1.1")
    void noTimePassesWhileTheClientIsSlowAfterAWaitForA100() throws Exception {
        try (ScriptedOrigin slow = ScriptedOrigin.always(script().readHead().awaitClose());
                ScriptedOrigin origin = ScriptedOrigin.always(
                        script().readHead().readBody(1).send("HTTP/1.1 204 No Content\r\n\r\n"))) {
            OriginOptions options = PATIENT.withTimeouts(LONG, Duration.ofMillis(250), LONG);
            try (Exchange exchange = pool(origin, options).exchange("POST", "/")) {
                exchange.field("Expect", "100-continue");
                exchange.body(1);
                exchange.flush();
                assertThat(exchange.awaitReadable(1)).isFalse();
                letTheWatchdogStrike(slow, options);
                assertThat(exchange.write(new byte[1], 0, 1)).isTrue();
                exchange.finish();
                assertThat(exchange.readHead().status()).isEqualTo(204);
            }
        }
    }

    @Test
    void strikesAlsoAfterAnErrorInTheWatchdog() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead().awaitClose())) {
            OriginPool pool = pool(origin);
            // As long as it has a request in flight, the pool is looked after.
            try (Exchange other = get(pool)) {
                Connection failing = pool.open(SocketChannel.open());
                failing.owner(() -> {
                    if (failed.getCount() > 0) {
                        failed.countDown();
                        throw new LinkageError("Meant to fail");
                    }
                });
                failing.arm(1);
                failed.await();
                assertThat(other.awaitReadable(1)).as("answered").isFalse();
            }
            try (Exchange exchange = get(pool(origin, PATIENT.withTimeouts(LONG, SHORT, LONG)))) {
                assertFails(ProxyFailure.TIMEOUT, exchange::readHead);
            }
        }
    }

    private void assertResponseTimesOut(Script script) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(script.signal(closed))) {
            OriginPool pool = pool(origin, PATIENT.withTimeouts(LONG, SHORT, LONG));
            try (Exchange exchange = get(pool)) {
                assertFails(ProxyFailure.TIMEOUT, exchange::readHead);
            }
            closed.await();
            assertThat(pool.stats().active()).isZero();
        }
    }

    @Test
    void silenceInsideABody() throws Exception {
        for (String framing : List.of("Content-Length: 9\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3\r\n", "\r\n")) {
            try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                            .send("HTTP/1.1 200 OK\r\n" + framing + "abc")
                            .awaitClose());
                    Exchange exchange = get(pool(origin, PATIENT.withTimeouts(LONG, LONG, SHORT)))) {
                exchange.readHead();
                assertFails(ProxyFailure.TIMEOUT, () -> readText(exchange));
            }
        }
    }

    @Test
    void aWriteThatNobodyReads() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead().then(peer -> over.await()));
                Exchange exchange =
                        pool(origin, PATIENT.withTimeouts(LONG, LONG, SHORT)).exchange("POST", "/")) {
            exchange.body(64 << 20);
            assertFails(ProxyFailure.TIMEOUT, () -> exchange.write(ByteBuffer.allocateDirect(64 << 20)));
            over.countDown();
        }
    }

    @Test
    void noTimePassesWhileTheClientIsSlow() throws Exception {
        CountDownLatch watched = new CountDownLatch(1);
        try (ScriptedOrigin slow = ScriptedOrigin.always(script().readHead().awaitClose());
                ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                        .readBody(2)
                        .send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
                        .await(watched)
                        .send("cd"))) {
            OriginOptions options = PATIENT.withTimeouts(LONG, SHORT, SHORT);
            OriginPool pool = pool(origin, options);
            try (Exchange exchange = pool.exchange("POST", "/")) {
                exchange.body(2);
                exchange.write(new byte[1], 0, 1);
                letTheWatchdogStrike(slow, options);
                exchange.write(new byte[1], 0, 1);
                exchange.finish();
                exchange.readHead();
                assertThat(exchange.readBody()).isNotNull();
                letTheWatchdogStrike(slow, options);
                watched.countDown();
                assertThat(readText(exchange)).isEqualTo("cd");
            }
        }
    }

    /** A whole timeout passes elsewhere on the same transport. */
    private void letTheWatchdogStrike(ScriptedOrigin slow, OriginOptions options) throws Exception {
        try (Exchange other = get(pool(slow, options))) {
            assertFails(ProxyFailure.TIMEOUT, other::readHead);
        }
    }

    @Test
    void zeroMeansNever() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedOrigin slow = ScriptedOrigin.always(script().readHead().awaitClose());
                ScriptedOrigin origin = ScriptedOrigin.always(
                        script().readHead().await(go).send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))) {
            try (Exchange exchange =
                    get(pool(origin, PATIENT.withTimeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO)))) {
                letTheWatchdogStrike(slow, PATIENT.withTimeouts(LONG, SHORT, SHORT));
                go.countDown();
                assertThat(exchange.readHead().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void abortEndsAWaitingRead() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (ScriptedOrigin origin = ScriptedOrigin.always(
                script().readHead().signal(arrived).awaitClose().signal(closed))) {
            OriginPool pool = pool(origin);
            try (Exchange exchange = get(pool)) {
                Future<?> waiting = executor.submit(() -> assertFails(ProxyFailure.CLIENT_GONE, exchange::readHead));
                arrived.await();
                exchange.abort(ProxyFailure.CLIENT_GONE);
                waiting.get();
                closed.await();
            }
            assertThat(pool.stats().active()).isZero();
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void abortAfterTheEndHarmsNobody() throws Exception {
        try (ScriptedOrigin origin =
                ScriptedOrigin.always(Script.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))) {
            OriginPool pool = pool(origin);
            try (Exchange first = get(pool)) {
                first.readHead();
                readText(first);
                try (Exchange second = get(pool)) {
                    first.abort(ProxyFailure.CLIENT_GONE);
                    assertThat(second.readHead().status()).isEqualTo(200);
                    assertThat(readText(second)).isEqualTo("ok");
                }
            }
            assertThat(pool.stats().created()).isOne();
        }
    }

    @Test
    void anInterruptIsACancellation() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (ScriptedOrigin origin = ScriptedOrigin.always(
                        script().readHead().signal(arrived).awaitClose());
                Exchange exchange = get(pool(origin))) {
            Future<?> waiting = executor.submit(() -> assertFails(ProxyFailure.CANCELLED, exchange::readHead));
            arrived.await();
            executor.shutdownNow();
            waiting.get();
        }
    }

    @Test
    void aShortWaitForBytesLeavesTheConnectionWhole() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                .await(go)
                .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                .readHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"))) {
            OriginPool pool = pool(origin);
            try (Exchange exchange = get(pool)) {
                assertThat(exchange.awaitReadable(5)).isFalse();
                go.countDown();
                assertThat(exchange.awaitReadable(20_000)).isTrue();
                assertThat(exchange.readHead().status()).isEqualTo(200);
                assertThat(readText(exchange)).isEqualTo("ok");
            }
            assertThat(getText(pool)).isEqualTo("200 OK");
            assertThat(pool.stats().created()).isOne();
        }
    }
}
