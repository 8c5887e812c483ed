package dev.mfe.proxy;

import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock") // a text block would hide the line ends
class WaitSelectorTest extends TransportTestBase {

    private static final Duration SHORT = Duration.ofMillis(60);
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Reads a response to its end without ever waiting in a call. */
    private static final class Reader implements Runnable {

        final CompletableFuture<String> result = new CompletableFuture<>();
        private final Exchange exchange;
        private final StringBuilder text = new StringBuilder();
        private boolean headRead;

        Reader(Exchange exchange) {
            this.exchange = exchange;
        }

        /** For an exchange whose head was read already. */
        Reader startInBody() throws ProxyException {
            headRead = true;
            return start();
        }

        Reader start() throws ProxyException {
            exchange.park(this);
            return this;
        }

        @Override
        public void run() {
            try {
                if (read()) {
                    exchange.close();
                    result.complete(text.toString());
                } else {
                    exchange.park(this);
                }
            } catch (ProxyException e) {
                exchange.close();
                result.completeExceptionally(e);
            }
        }

        private boolean read() throws ProxyException {
            while (!headRead) {
                ResponseHead head = exchange.pollHead();
                if (head == null) {
                    return false;
                }
                headRead = !head.interim();
                text.append(head.status()).append(' ');
            }
            @Nullable ByteBuffer part = exchange.readBody();
            while (part != null) {
                if (!part.hasRemaining()) {
                    return false;
                }
                text.append(StandardCharsets.ISO_8859_1.decode(part));
                part = exchange.readBody();
            }
            return true;
        }

        String await() throws Exception {
            return result.get(30, TimeUnit.SECONDS);
        }

        ProxyFailure awaitFailure() throws Exception {
            return result.<ProxyFailure>handle((text, e) -> {
                        assertThat(e).as("got %s", text).isInstanceOf(ProxyException.class);
                        return ((ProxyException) e).failure();
                    })
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aSlowAnswerIsReadWithoutAThreadAndTheConnectionIsUsedAgain() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                .await(go)
                .sendByteByByte("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3;x\r\ncde\r\n0\r\nX: y\r\n\r\n")
                .repeat())) {
            OriginPool pool = pool(origin);
            Reader reader = new Reader(get(pool)).start();
            go.countDown();
            assertThat(reader.await()).isEqualTo("103 200 abcde");
            awaitIdle(pool);
            try (Exchange exchange = get(pool)) {
                exchange.readHead();
                exchange.readHead();
                assertThat(readText(exchange)).isEqualTo("abcde");
            }
            assertThat(pool.stats().created()).isOne();
        }
    }

    @Test
    void whatOthersReadMeanwhileDoesNotChangeAStreamThatWaits() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        Script stream = script().readHead().send(head).await(go).send("2\r\nab\r\n0\r\n\r\n");
        Script cutOff = script().readHead().send(head + "5\r\nxy").awaitClose();
        try (ScriptedOrigin origin = ScriptedOrigin.connections(stream, cutOff)) {
            OriginPool pool = pool(origin);
            Exchange waiting = get(pool);
            waiting.readHead();
            Reader reader = new Reader(waiting).startInBody();
            try (Exchange other = get(pool)) {
                other.readHead();
                assertThat(other.readBody()).isNotNull();
            }
            go.countDown();
            assertThat(reader.await()).isEqualTo("ab");
        }
    }

    @Test
    void manyStreamsWaitAtOnce() throws Exception {
        int streams = 500;
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch more = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                .send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
                .await(go)
                .send("data: 1\n\n")
                .await(more)
                .send("data: 2\n\n")
                .close())) {
            OriginPool pool = pool(origin);
            List<Reader> readers = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                readers.add(new Reader(get(pool)).start());
            }
            assertThat(pool.stats().active()).isEqualTo(streams);
            go.countDown();
            more.countDown();
            for (Reader reader : readers) {
                assertThat(reader.await()).isEqualTo("200 data: 1\n\ndata: 2\n\n");
            }
            assertThat(pool.stats().active()).isZero();
        }
    }

    @Test
    void deadlinesStrikeWhileWaiting() throws Exception {
        CountDownLatch closed = new CountDownLatch(2);
        Script silent = script().readHead().awaitClose().signal(closed);
        Script stalling = script().readHead()
                .send("HTTP/1.1 200 OK\r\n\r\nabc")
                .awaitClose()
                .signal(closed);
        try (ScriptedOrigin origin = ScriptedOrigin.connections(silent, stalling)) {
            OriginPool pool = pool(origin, PATIENT.withTimeouts(LONG, SHORT, SHORT));
            assertThat(new Reader(get(pool)).start().awaitFailure()).isEqualTo(ProxyFailure.TIMEOUT);
            assertThat(new Reader(get(pool)).start().awaitFailure()).isEqualTo(ProxyFailure.TIMEOUT);
            closed.await();
            assertThat(pool.stats().active()).isZero();
        }
    }

    @Test
    void abortEndsTheWait() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(
                script().readHead().signal(arrived).awaitClose().signal(closed))) {
            OriginPool pool = pool(origin);
            Exchange exchange = get(pool);
            Reader reader = new Reader(exchange).start();
            arrived.await();
            exchange.abort(ProxyFailure.CLIENT_GONE);
            assertThat(reader.awaitFailure()).isEqualTo(ProxyFailure.CLIENT_GONE);
            closed.await();
        }
    }

    @Test
    void anErrorInACallbackHarmsNobodyElse() throws Exception {
        try (ScriptedOrigin origin =
                ScriptedOrigin.always(Script.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))) {
            OriginPool pool = pool(origin);
            try (Exchange failing = get(pool)) {
                CountDownLatch failed = new CountDownLatch(1);
                failing.park(() -> {
                    failed.countDown();
                    throw new LinkageError("Meant to fail");
                });
                failed.await();
                assertThat(new Reader(get(pool)).start().await()).isEqualTo("200 ok");
            }
        }
    }

    @Test
    void anOriginThatDiesEndsTheWait() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
                .close())) {
            assertThat(new Reader(get(pool(origin))).start().awaitFailure()).isEqualTo(ProxyFailure.BAD_RESPONSE);
        }
    }

    @Test
    void closingTheTransportEndsEveryWait() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (ScriptedOrigin origin =
                ScriptedOrigin.always(script().readHead().signal(arrived).awaitClose())) {
            Reader reader = new Reader(get(pool(origin))).start();
            arrived.await();
            transport.close(Duration.ZERO);
            assertThat(reader.awaitFailure()).isEqualTo(ProxyFailure.CANCELLED);
        }
    }

    @Test
    void aTunnelWaitsWithoutAThread() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                .send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")
                .await(go)
                .send("hello")
                .close())) {
            OriginPool pool = pool(origin);
            Exchange exchange = pool.exchange("GET", "/");
            exchange.field("Upgrade", "x");
            exchange.send();
            exchange.readHead();
            CompletableFuture<String> received = new CompletableFuture<>();
            try (Tunnel tunnel = exchange.detach()) {
                exchange.close();
                tunnel.park(() -> {
                    ByteBuffer in = ByteBuffer.allocate(100);
                    try {
                        tunnel.read(in);
                        received.complete(
                                StandardCharsets.US_ASCII.decode(in.flip()).toString());
                    } catch (java.io.IOException e) {
                        received.completeExceptionally(e);
                    }
                });
                go.countDown();
                assertThat(received.get(30, TimeUnit.SECONDS)).isEqualTo("hello");
            }
            assertThat(pool.stats().active()).isZero();
        }
    }

    /** The connection goes back on the selector's own thread, a moment after the response is complete. */
    private static void awaitIdle(OriginPool pool) {
        while (pool.stats().idle() == 0) {
            Thread.onSpinWait();
        }
    }
}
