package dev.mfe.proxy;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.mfe.Spec;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // a text block would hide the line ends
class ExchangeTest extends TransportTestBase {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Nested
    class Request {

        @Test
        void isSentByteForByteInOneWrite() throws Exception {
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();
            Script script = script().then(peer -> seen.add(peer.readOnce())).send(OK);
            try (ScriptedOrigin origin = ScriptedOrigin.connections(script);
                    Exchange exchange = pool(origin).exchange("get", "/a//b;c=%2f%2E?&x=%zz&&y#")) {
                exchange.field("host", "h");
                exchange.field("X-Latin", "\u00e4\t\u00ff");
                exchange.send();
                assertThat(exchange.readHead().status()).isEqualTo(200);
                assertThat(seen.take())
                        .isEqualTo("get /a//b;c=%2f%2E?&x=%zz&&y# HTTP/1.1\r\n"
                                + "host: h\r\nX-Latin: \u00e4\t\u00ff\r\n\r\n");
            }
        }

        @Test
        void headAndFirstBytesOfTheBodyAreOneWrite() throws Exception {
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();
            Script script = script().then(peer -> seen.add(peer.readOnce())).send(OK);
            try (ScriptedOrigin origin = ScriptedOrigin.always(script)) {
                OriginPool pool = pool(origin);
                for (boolean stream : new boolean[] {true, false}) {
                    try (Exchange exchange = pool.exchange("POST", "/")) {
                        exchange.body(5);
                        byte[] bytes = "hello".getBytes(StandardCharsets.US_ASCII);
                        assertThat(
                                        stream
                                                ? exchange.copyBody(new ByteArrayInputStream(bytes))
                                                : exchange.write(bytes, 0, 5))
                                .isTrue();
                        assertThat(exchange.finish()).isTrue();
                        exchange.readHead();
                        assertThat(seen.take()).isEqualTo("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");
                    }
                }
            }
        }

        @Test
        void anEmptyBodyKeepsItsLength() throws Exception {
            try (ScriptedOrigin origin = ScriptedOrigin.always(answering(OK));
                    Exchange exchange = pool(origin).exchange("POST", "/")) {
                exchange.body(0);
                exchange.finish();
                assertThat(exchange.readHead().status()).isEqualTo(200);
                assertThat(origin.takeRequest().fields("content-length")).containsExactly("0");
            }
        }

        @Test
        void anEmptyBodyNeedsNoRoomBehindAHeadThatFillsTheBuffer() throws Exception {
            try (ScriptedOrigin origin = ScriptedOrigin.always(answering(OK));
                    Exchange exchange = pool(origin).exchange("POST", "/")) {
                int others = "POST / HTTP/1.1\r\nX: \r\nContent-Length: 0\r\n\r\n".length();
                exchange.field("X", "v".repeat(Workspace.OUT_SIZE - others));
                exchange.body(0);
                exchange.copyBody(InputStream.nullInputStream());
                exchange.finish();
                assertThat(exchange.readHead().status()).isEqualTo(200);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 100, 16_300, 16_384, 100_000, 5_000_000})
        void bodiesOfAnyLengthArriveUnchanged(int length) throws Exception {
            byte[] body = bytes(length);
            Script script = script().readHead().readBody(length).send(OK).repeat();
            try (ScriptedOrigin origin = ScriptedOrigin.always(script)) {
                OriginPool pool = pool(origin);
                for (int way = 0; way < 3; way++) {
                    try (Exchange exchange = pool.exchange("POST", "/")) {
                        exchange.body(length);
                        sendInWay(exchange, body, way);
                        exchange.finish();
                        assertThat(exchange.readHead().status()).isEqualTo(200);
                        assertThat(readText(exchange)).isEqualTo("ok");
                        assertThat(origin.takeRequest().rawBody()).isEqualTo(body);
                    }
                }
                assertThat(pool.stats().created()).isEqualTo(1);
            }
        }

        @ParameterizedTest
        @Spec("RFC 9112 §7.1")
        @ValueSource(ints = {1, 100, 16_300, 100_000})
        void bodiesOfUnknownLengthAreChunked(int length) throws Exception {
            byte[] body = bytes(length);
            Script script =
                    script().readHead().readBodyUntil("\r\n0\r\n\r\n").send(OK).repeat();
            try (ScriptedOrigin origin = ScriptedOrigin.always(script)) {
                OriginPool pool = pool(origin);
                for (int way = 0; way < 3; way++) {
                    try (Exchange exchange = pool.exchange("POST", "/")) {
                        exchange.body(Exchange.CHUNKED);
                        sendInWay(exchange, body, way);
                        exchange.finish();
                        assertThat(exchange.readHead().status()).isEqualTo(200);
                        OriginRequest request = origin.takeRequest();
                        assertThat(request.fields("Transfer-Encoding")).containsExactly("chunked");
                        assertThat(dechunk(request.bodyText()))
                                .isEqualTo(new String(body, StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }

        @Test
        @Spec("RFC 9110 §6.5")
        void trailersFollowAChunkedBody() throws Exception {
            Script script =
                    script().readHead().readBodyUntil("\r\n\r\n").send(OK).repeat();
            try (ScriptedOrigin origin = ScriptedOrigin.always(script);
                    Exchange exchange = pool(origin).exchange("POST", "/")) {
                HeaderFields trailers = new HeaderFields();
                trailers.add("X-Sum", "7");
                exchange.body(Exchange.CHUNKED);
                exchange.write("ab".getBytes(StandardCharsets.US_ASCII), 0, 2);
                exchange.finish(trailers);
                exchange.readHead();
                assertThat(origin.takeRequest().bodyText()).isEqualTo("2\r\nab\r\n0\r\nX-Sum: 7\r\n\r\n");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"a\r\nb", "a\nb", "a\rb", "a\0b", "\u010a", "a\u010d\u010aX: y", "\u20ac", "\u007f"})
        void textThatWouldBreakTheMessageIsRefused(String text) throws Exception {
            try (ScriptedOrigin origin = ScriptedOrigin.always(answering(OK))) {
                OriginPool pool = pool(origin);
                assertFails(ProxyFailure.BAD_REQUEST, () -> pool.exchange("GET", "/" + text));
                assertFails(ProxyFailure.BAD_REQUEST, () -> pool.exchange(text, "/"));
                try (Exchange exchange = pool.exchange("GET", "/")) {
                    assertFails(ProxyFailure.BAD_REQUEST, () -> exchange.field("X", text));
                    assertFails(ProxyFailure.BAD_REQUEST, () -> exchange.field(text, "x"));
                }
            }
        }

        @Test
        void framingIsNotTheCallersToWrite() throws Exception {
            try (ScriptedOrigin origin = ScriptedOrigin.always(answering(OK));
                    Exchange exchange = pool(origin).exchange("GET", "/")) {
                assertThatIllegalArgumentException().isThrownBy(() -> exchange.field("content-length", "1"));
                assertThatIllegalArgumentException().isThrownBy(() -> exchange.field("Transfer-Encoding", "x"));
                exchange.body(1);
                assertThatIllegalStateException().isThrownBy(() -> exchange.write(new byte[2], 0, 2));
            }
        }

        @Test
        void aBodyShorterThanSaidIsTheClientsFault() throws Exception {
            try (ScriptedOrigin origin =
                            ScriptedOrigin.always(script().readHead().awaitClose());
                    Exchange exchange = pool(origin).exchange("POST", "/")) {
                exchange.body(5);
                exchange.write(new byte[2], 0, 2);
                assertFails(ProxyFailure.CLIENT_GONE, exchange::finish);
            }
        }

        @Test
        void aClientThatBreaksOffIsNotAFailureOfTheOrigin() throws Exception {
            InputStream broken = new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new IOException("gone");
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    return read();
                }
            };
            try (ScriptedOrigin origin =
                            ScriptedOrigin.always(script().readHead().awaitClose());
                    Exchange exchange = pool(origin).exchange("POST", "/")) {
                exchange.body(5);
                assertFails(ProxyFailure.CLIENT_GONE, () -> exchange.copyBody(broken));
            }
        }

        @Test
        void aLongHeadFits() throws Exception {
            String value = "v".repeat(60_000);
            try (ScriptedOrigin origin = ScriptedOrigin.always(answering(OK))) {
                OriginPool pool = pool(origin);
                try (Exchange exchange = pool.exchange("GET", "/")) {
                    exchange.field("X", value);
                    exchange.send();
                    exchange.readHead();
                    assertThat(origin.takeRequest().fields("X")).containsExactly(value);
                }
                try (Exchange exchange = pool.exchange("GET", "/")) {
                    assertFails(ProxyFailure.BAD_REQUEST, () -> {
                        for (int i = 0; i < 10; i++) {
                            exchange.field("X", value);
                        }
                    });
                }
            }
        }

        private void sendInWay(Exchange exchange, byte[] body, int way) throws ProxyException {
            switch (way) {
                case 0 ->
                    assertThat(exchange.copyBody(new ByteArrayInputStream(body)))
                            .isTrue();
                case 1 -> assertThat(exchange.write(body, 0, body.length)).isTrue();
                default -> {
                    ByteBuffer direct =
                            ByteBuffer.allocateDirect(body.length).put(body).flip();
                    int half = body.length / 2;
                    assertThat(exchange.write(direct.duplicate().limit(half))).isTrue();
                    assertThat(exchange.write(direct.position(half))).isTrue();
                }
            }
        }
    }

    @Nested
    class Response {

        @Test
        void withLength() throws Exception {
            assertThat(one("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true))
                    .isEqualTo("200 ok");
        }

        @Test
        void withoutBody() throws Exception {
            assertThat(one("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true))
                    .isEqualTo("200 ");
        }

        @Test
        void inChunks() throws Exception {
            assertThat(one(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0\r\n\r\n",
                            true))
                    .isEqualTo("200 abc0123456789");
        }

        @Test
        @Spec("RFC 9112 §6.3")
        void untilTheConnectionCloses() throws Exception {
            try (ScriptedOrigin origin = ScriptedOrigin.always(
                    script().readHead().send("HTTP/1.1 200 OK\r\n\r\nabc").close())) {
                OriginPool pool = pool(origin);
                assertThat(getText(pool)).isEqualTo("200 abc");
                assertThat(pool.stats().idle()).isZero();
            }
        }

        @Test
        void ofHttp10() throws Exception {
            try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                    .send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nabc")
                    .close())) {
                assertThat(getText(pool(origin))).isEqualTo("200 abc");
            }
        }

        @ParameterizedTest
        @Spec("RFC 9112 §6.3")
        @ValueSource(strings = {"204 No Content", "304 Not Modified"})
        void thatNeverHasABody(String status) throws Exception {
            String response = "HTTP/1.1 " + status + "\r\nContent-Length: 5\r\n\r\n";
            assertThat(one(response, true)).isEqualTo(status.substring(0, 3) + " ");
        }

        @ParameterizedTest
        @Spec("RFC 9110 §8.6")
        @ValueSource(strings = {"GET", "HEAD"})
        void with204HasNoLength(String method) throws Exception {
            try (ScriptedOrigin origin =
                            ScriptedOrigin.always(answering("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"));
                    Exchange exchange = pool(origin).exchange(method, "/")) {
                exchange.send();
                ResponseHead head = exchange.readHead();
                assertThat(head.contentLength()).isEqualTo(-1);
                assertThat(head.fields().first(KnownField.CONTENT_LENGTH)).isNull();
            }
        }

        @Test
        @Spec("RFC 9110 §9.3.2")
        void toHeadKeepsItsLengthAndHasNoBody() throws Exception {
            try (ScriptedOrigin origin =
                    ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"))) {
                OriginPool pool = pool(origin);
                for (int i = 0; i < 2; i++) {
                    try (Exchange exchange = pool.exchange("HEAD", "/")) {
                        exchange.send();
                        assertThat(exchange.readHead().fields().first(KnownField.CONTENT_LENGTH))
                                .isEqualTo("5000");
                        assertThat(exchange.readBody()).isNull();
                    }
                }
                assertThat(pool.stats().created()).isEqualTo(1);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother",
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\r\n",
                    "HTTP/1.1 204 No\r\n\r\nx",
                    "HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nok",
                    "HTTP/1.1 304 No\r\nContent-Length: 2\r\n\r\nok",
                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nx",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nx"
                })
        void bytesBehindTheEndAreNeverTheNextAnswer(String response) throws Exception {
            try (ScriptedOrigin origin =
                    ScriptedOrigin.always(script().readHead().send(response).awaitClose())) {
                OriginPool pool = pool(origin);
                getText(pool);
                assertThat(pool.stats().idle()).isZero();
                assertThat(getText(pool)).doesNotContain("other");
                assertThat(pool.stats().created()).isEqualTo(2);
            }
        }

        @Test
        void bytesThatComeWhileIdleAreNeverTheNextAnswer() throws Exception {
            CountDownLatch go = new CountDownLatch(1);
            CountDownLatch sent = new CountDownLatch(1);
            Script split = script().readHead()
                    .send(OK)
                    .await(go)
                    .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother")
                    .signal(sent)
                    .awaitClose();
            try (ScriptedOrigin origin = ScriptedOrigin.connections(split, answering(OK))) {
                OriginPool pool = pool(origin);
                assertThat(getText(pool)).isEqualTo("200 ok");
                assertThat(pool.stats().idle()).isOne();
                go.countDown();
                sent.await();
                assertThat(getText(pool)).isEqualTo("200 ok");
                assertThat(pool.stats().stale()).isOne();
            }
        }

        @Test
        void isTheSameByteByByte() throws Exception {
            String response = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\na\r\n0123456789\r\n0\r\nX-Sum: 7\r\n\r\n";
            try (ScriptedOrigin origin = ScriptedOrigin.always(
                    script().readHead().sendByteByByte(response).repeat())) {
                OriginPool pool = pool(origin);
                for (int i = 0; i < 5; i++) {
                    try (Exchange exchange = get(pool)) {
                        assertThat(exchange.readHead().status()).isEqualTo(103);
                        assertThat(exchange.readHead().status()).isEqualTo(200);
                        assertThat(readText(exchange)).isEqualTo("abc0123456789");
                        assertThat(exchange.trailers()).hasToString("X-Sum: 7\n");
                    }
                }
                assertThat(pool.stats().created()).isOne();
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {16_000, 16_384, 65_536, 65_537, 1_000_000})
        void ofAnyLengthArrivesUnchanged(int length) throws Exception {
            byte[] body = bytes(length);
            String text = new String(body, StandardCharsets.ISO_8859_1);
            StringBuilder chunked = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int at = 0, size = 1; at < length; at += size, size = size * 3 % 70_001 + 1) {
                size = Math.min(size, length - at);
                chunked.append(Integer.toHexString(size)).append("\r\n");
                chunked.append(text, at, at + size).append("\r\n");
            }
            chunked.append("0\r\nX-Sum: 7\r\n\r\n");
            Script script = script().readHead()
                    .send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n")
                    .sendBytes(body)
                    .readHead()
                    .send(chunked.toString())
                    .readHead()
                    .send("HTTP/1.1 200 OK\r\n\r\n")
                    .sendBytes(body)
                    .close();
            try (ScriptedOrigin origin = ScriptedOrigin.connections(script)) {
                OriginPool pool = pool(origin);
                for (int i = 0; i < 3; i++) {
                    assertThat(getText(pool).equals("200 " + text)).isTrue();
                }
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "HTTP/1.1 200",
                    "HTTP/1.1 200 OK\r\nX: y\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n"
                })
        void thatIsCutOffNeverLooksComplete(String response) throws Exception {
            try (ScriptedOrigin origin =
                    ScriptedOrigin.always(script().readHead().send(response).close())) {
                OriginPool pool = pool(origin);
                assertFails(ProxyFailure.BAD_RESPONSE, () -> getText(pool));
                assertThat(pool.stats().active()).isZero();
            }
        }

        @Test
        void thatEndsInAResetNeverLooksComplete() throws Exception {
            CountDownLatch read = new CountDownLatch(1);
            try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                            .send("HTTP/1.1 200 OK\r\n\r\nabc")
                            .await(read)
                            .reset());
                    Exchange exchange = get(pool(origin))) {
                exchange.readHead();
                ByteBuffer part = exchange.readBody();
                assertThat(part).isNotNull();
                read.countDown();
                assertFails(ProxyFailure.BAD_RESPONSE, () -> readText(exchange));
            }
        }

        @Test
        void closedAboveItsEndTakesTheConnectionWithIt() throws Exception {
            CountDownLatch closed = new CountDownLatch(1);
            try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                    .send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
                    .awaitClose()
                    .signal(closed))) {
                OriginPool pool = pool(origin);
                try (Exchange exchange = get(pool)) {
                    exchange.readHead();
                }
                closed.await();
                assertThat(pool.stats().idle()).isZero();
                assertThat(pool.stats().active()).isZero();
            }
        }

        @Test
        void isHandedOutAsItArrives() throws Exception {
            CountDownLatch first = new CountDownLatch(1);
            try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                            .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")
                            .await(first)
                            .send("2\r\ncd\r\n0\r\n\r\n"));
                    Exchange exchange = get(pool(origin))) {
                exchange.readHead();
                assertThat(exchange.mayWait()).isFalse();
                ByteBuffer part = exchange.readBody();
                assertThat(StandardCharsets.ISO_8859_1.decode(part).toString()).isEqualTo("ab");
                // The end of the chunk is here, but nothing for the client.
                assertThat(exchange.mayWait()).isTrue();
                first.countDown();
                assertThat(readText(exchange)).isEqualTo("cd");
                assertThat(exchange.mayWait()).isFalse();
            }
        }

        private String one(String response, boolean reusable) throws Exception {
            try (ScriptedOrigin origin = ScriptedOrigin.always(answering(response))) {
                OriginPool pool = pool(origin);
                String first = getText(pool);
                assertThat(getText(pool)).isEqualTo(first);
                assertThat(pool.stats().reused()).isEqualTo(reusable ? 1 : 0);
                return first;
            }
        }
    }

    @Nested
    class Interim {

        @Test
        @Spec("RFC 9110 §15.2")
        void responsesComeOneByOne() throws Exception {
            try (ScriptedOrigin origin =
                            ScriptedOrigin.always(answering("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                                    + "HTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n" + OK));
                    Exchange exchange = get(pool(origin))) {
                assertThat(exchange.readHead().fields()).hasToString("Link: </a>\n");
                assertThat(exchange.readHead().fields()).hasToString("Link: </b>\n");
                assertThat(exchange.readHead().interim()).isFalse();
            }
        }

        @Test
        void responsesWithoutEndAreRefused() throws Exception {
            try (ScriptedOrigin origin = ScriptedOrigin.always(
                            script().readHead().send("HTTP/1.1 100 Continue\r\n\r\n".repeat(100)));
                    Exchange exchange = get(pool(origin))) {
                assertFails(ProxyFailure.BAD_RESPONSE, () -> {
                    while (true) {
                        assertThat(exchange.readHead().status()).isEqualTo(100);
                    }
                });
            }
        }

        @Test
        @Spec("RFC 9110 §10.1.1")
        void bodyWaitsForContinue() throws Exception {
            Script script = script().readHead()
                    .send("HTTP/1.1 100 Continue\r\n\r\n")
                    .readBody(5)
                    .send(OK)
                    .repeat();
            try (ScriptedOrigin origin = ScriptedOrigin.always(script)) {
                OriginPool pool = pool(origin);
                for (int i = 0; i < 2; i++) {
                    try (Exchange exchange = pool.exchange("PUT", "/")) {
                        exchange.field("Expect", "100-continue");
                        exchange.body(5);
                        assertThat(exchange.flush()).isTrue();
                        assertThat(exchange.readHead().status()).isEqualTo(100);
                        exchange.copyBody(new ByteArrayInputStream(new byte[5]));
                        exchange.finish();
                        assertThat(exchange.readHead().status()).isEqualTo(200);
                        assertThat(readText(exchange)).isEqualTo("ok");
                    }
                }
                assertThat(pool.stats().created()).isOne();
            }
        }

        @Test
        @Spec("RFC 9110 §10.1.1")
        void refusalInsteadOfContinueEndsTheExchange() throws Exception {
            CountDownLatch closed = new CountDownLatch(1);
            Script script = script().readHead()
                    .send("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n")
                    .awaitClose()
                    .signal(closed);
            try (ScriptedOrigin origin = ScriptedOrigin.always(script)) {
                OriginPool pool = pool(origin);
                try (Exchange exchange = pool.exchange("PUT", "/")) {
                    exchange.field("Expect", "100-continue");
                    exchange.body(5);
                    exchange.flush();
                    assertThat(exchange.readHead().status()).isEqualTo(417);
                }
                // The origin may still wait for the body, so nothing else may be sent on that connection.
                closed.await();
                assertThat(origin.takeRequest().rawBody()).isEmpty();
                assertThat(pool.stats().idle()).isZero();
            }
        }
    }

    @Nested
    class EarlyAnswer {

        private static final String DENIED = "HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno";

        @Test
        void endsAnUploadThatTheOriginDoesNotRead() throws Exception {
            CountDownLatch closed = new CountDownLatch(1);
            try (ScriptedOrigin origin =
                    ScriptedOrigin.always(script().readHead().send(DENIED).then(peer -> closed.await()))) {
                OriginPool pool = pool(origin);
                try (Exchange exchange = pool.exchange("POST", "/")) {
                    exchange.body(1L << 40);
                    // Endless: only the answer can end it, whether the write blocks or not.
                    assertThat(exchange.copyBody(InputStream.nullInputStream())).isTrue();
                    assertThat(exchange.copyBody(zeros())).isFalse();
                    assertThat(exchange.readHead().status()).isEqualTo(401);
                    assertThat(readText(exchange)).isEqualTo("no");
                }
                assertThat(pool.stats().idle()).isZero();
                closed.countDown();
            }
        }

        @Test
        void freesAWriteThatBlocks() throws Exception {
            CountDownLatch closed = new CountDownLatch(1);
            // One byte of the body is here: the write has begun, and the sockets cannot hold what it writes.
            try (ScriptedOrigin origin = ScriptedOrigin.always(
                            script().readHead().readBody(1).send(DENIED).then(peer -> closed.await()));
                    Exchange exchange = pool(origin).exchange("POST", "/")) {
                exchange.body(1L << 40);
                exchange.flush();
                assertThat(exchange.write(ByteBuffer.allocateDirect(64 << 20))).isFalse();
                assertThat(exchange.readHead().status()).isEqualTo(401);
                assertThat(readText(exchange)).isEqualTo("no");
                closed.countDown();
            }
        }

        @ParameterizedTest
        @Spec("RFC 9110 §15.2")
        @ValueSource(
                strings = {
                    "HTTP/1.1 100 Continue\r\n\r\n",
                    "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
                    "HTTP/1.1 103 Early Hints\r\nLi",
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"
                })
        void thatIsNoRefusalDoesNotCutABodyThatIsReadLater(String early) throws Exception {
            int length = 32 << 20;
            CountDownLatch said = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            String all = early.endsWith("Li") ? early + "nk: </a>\r\n\r\n" + OK : early + OK;
            String rest = early.endsWith("o") ? "k" : all.substring(early.length());
            ExecutorService executor = Executors.newSingleThreadExecutor();
            try (ScriptedOrigin busy = ScriptedOrigin.connections(script().readHead()
                            .readBody(1)
                            .send(early)
                            .signal(said)
                            .await(go)
                            .readBody(length - 1)
                            .send(rest));
                    ScriptedOrigin refusing = ScriptedOrigin.connections(
                            script().readHead().readBody(1).send(DENIED).then(peer -> done.await()));
                    Exchange upload = pool(busy).exchange("POST", "/");
                    Exchange refused = pool(refusing).exchange("POST", "/")) {
                upload.body(length);
                Future<Boolean> written = executor.submit(() -> upload.write(ByteBuffer.allocateDirect(length)));
                said.await();
                // Its end tells that the watchdog looks after writes that are stuck; it began later.
                refused.body(1L << 40);
                assertThat(refused.write(ByteBuffer.allocateDirect(64 << 20))).isFalse();
                done.countDown();
                go.countDown();
                assertThat(written.get()).isTrue();
                assertThat(upload.finish()).isTrue();
                ResponseHead head = upload.readHead();
                while (head.interim()) {
                    head = upload.readHead();
                }
                assertThat(head.status()).isEqualTo(200);
                assertThat(readText(upload)).isEqualTo("ok");
            } finally {
                executor.shutdown();
            }
        }

        @Test
        void thatIsNoHttpEndsAWriteThatBlocks() throws Exception {
            CountDownLatch done = new CountDownLatch(1);
            try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                            .readBody(1)
                            .send("SMTP ready\r\n\r\n")
                            .then(peer -> done.await()));
                    Exchange exchange = pool(origin).exchange("POST", "/")) {
                exchange.body(1L << 40);
                assertFails(ProxyFailure.BAD_RESPONSE, () -> exchange.write(ByteBuffer.allocateDirect(64 << 20)));
                done.countDown();
            }
        }

        @Test
        void isHeardBehindAnInterimOne() throws Exception {
            CountDownLatch sent = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                            .send("HTTP/1.1 100 Continue\r\n\r\n" + DENIED)
                            .signal(sent)
                            .then(peer -> done.await()));
                    Exchange exchange = pool(origin).exchange("POST", "/")) {
                exchange.body(2);
                exchange.flush();
                sent.await();
                assertThat(exchange.readHead().status()).isEqualTo(100);
                assertThat(exchange.write(new byte[1], 0, 1)).isFalse();
                assertThat(exchange.readHead().status()).isEqualTo(401);
                assertThat(readText(exchange)).isEqualTo("no");
                done.countDown();
            }
        }

        @Test
        void thatIsNoErrorLetsTheBodyGoOn() throws Exception {
            CountDownLatch sent = new CountDownLatch(1);
            Script duplex = script().readHead()
                    .readBody(1)
                    .send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no")
                    .signal(sent)
                    .readBody(2)
                    .send("k")
                    .repeat();
            try (ScriptedOrigin origin = ScriptedOrigin.always(duplex)) {
                OriginPool pool = pool(origin);
                try (Exchange exchange = pool.exchange("POST", "/")) {
                    exchange.body(3);
                    assertThat(exchange.write(new byte[1], 0, 1)).isTrue();
                    sent.await();
                    assertThat(exchange.write(new byte[1], 0, 1)).isTrue();
                    assertThat(exchange.write(new byte[1], 0, 1)).isTrue();
                    assertThat(exchange.finish()).isTrue();
                    ResponseHead head = exchange.readHead();
                    while (head.interim()) {
                        head = exchange.readHead();
                    }
                    assertThat(head.status()).isEqualTo(200);
                    assertThat(readText(exchange)).isEqualTo("ok");
                }
                assertThat(pool.stats().idle()).isOne();
            }
        }

        private InputStream zeros() {
            return new InputStream() {
                @Override
                public int read() {
                    return 0;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) {
                    return length;
                }

                @Override
                public int available() {
                    return 1;
                }
            };
        }
    }

    @Nested
    class Upgrade {

        private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\n";

        @Test
        @Spec("RFC 9110 §7.8")
        void turnsTheConnectionIntoATunnel() throws Exception {
            Script echo = script().readHead()
                    .send(SWITCH + "first")
                    .then(peer -> peer.send(
                            peer.readOnce().toUpperCase(java.util.Locale.ROOT).getBytes(StandardCharsets.US_ASCII)))
                    .close();
            try (ScriptedOrigin origin = ScriptedOrigin.connections(echo)) {
                OriginPool pool = pool(origin);
                Tunnel tunnel;
                try (Exchange exchange = upgrade(pool)) {
                    ResponseHead head = exchange.readHead();
                    assertThat(head.status()).isEqualTo(101);
                    assertThat(head.interim()).isFalse();
                    tunnel = exchange.detach();
                }
                try (tunnel) {
                    ByteBuffer in = ByteBuffer.allocate(5);
                    while (in.hasRemaining()) {
                        assertThat(tunnel.read(in)).isPositive();
                    }
                    assertThat(in.array()).asString(StandardCharsets.US_ASCII).isEqualTo("first");
                    tunnel.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
                    in.clear();
                    while (in.hasRemaining()) {
                        assertThat(tunnel.read(in)).isPositive();
                    }
                    assertThat(in.array()).asString(StandardCharsets.US_ASCII).isEqualTo("HELLO");
                    assertThat(tunnel.read(in.clear())).isEqualTo(-1);
                    assertThat(pool.stats().active()).isOne();
                }
                assertThat(pool.stats().active()).isZero();
            }
        }

        @ParameterizedTest
        @ValueSource(longs = {60, 0})
        void thatNobodyBeginsToUseGivesItsPlaceBack(long idleMillis) throws Exception {
            CountDownLatch closed = new CountDownLatch(1);
            try (ScriptedOrigin origin = ScriptedOrigin.connections(
                    script().readHead().send(SWITCH).awaitClose().signal(closed), answering(OK))) {
                OriginPool pool = pool(
                        origin,
                        PATIENT.withTimeouts(
                                        Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofMillis(idleMillis))
                                .withPool(1, Duration.ofSeconds(30)));
                Tunnel tunnel;
                try (Exchange exchange = upgrade(pool)) {
                    exchange.readHead();
                    tunnel = exchange.detach();
                }
                closed.await();
                while (pool.stats().active() > 0) {
                    Thread.onSpinWait();
                }
                // Whoever comes to use it after all finds it closed, and takes no second place with it.
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> tunnel.park(() -> {}));
                tunnel.close();
                assertThat(getText(pool)).isEqualTo("200 ok");
                assertThat(pool.stats().active()).isZero();
            }
        }

        @Test
        void thatHasSaidAllWithoutAnIdleTimeDoesNotWaitForEver() throws Exception {
            CountDownLatch over = new CountDownLatch(1);
            try (ScriptedOrigin origin =
                    ScriptedOrigin.connections(script().readHead().send(SWITCH).await(over))) {
                OriginPool pool = pool(
                        origin, PATIENT.withTimeouts(Duration.ofSeconds(30), Duration.ofMillis(250), Duration.ZERO));
                Tunnel tunnel;
                try (Exchange exchange = upgrade(pool)) {
                    exchange.readHead();
                    tunnel = exchange.detach();
                }
                try (tunnel) {
                    tunnel.write(ByteBuffer.wrap(new byte[1]));
                    tunnel.shutdownOutput();
                    while (tunnel.isOpen()) {
                        Thread.onSpinWait();
                    }
                }
                assertThat(pool.stats().active()).isZero();
            } finally {
                over.countDown();
            }
        }

        @Test
        void thatIsInUseWithoutAnIdleTimeStaysOpen() throws Exception {
            CountDownLatch go = new CountDownLatch(1);
            try (ScriptedOrigin origin = ScriptedOrigin.connections(
                            script().readHead().send(SWITCH).await(go).send("x"));
                    ScriptedOrigin slow =
                            ScriptedOrigin.always(script().readHead().awaitClose())) {
                OriginOptions options =
                        PATIENT.withTimeouts(Duration.ofSeconds(30), Duration.ofMillis(250), Duration.ZERO);
                CompletableFuture<Integer> read = new CompletableFuture<>();
                Tunnel tunnel;
                try (Exchange exchange = upgrade(pool(origin, options))) {
                    exchange.readHead();
                    tunnel = exchange.detach();
                }
                try (tunnel) {
                    tunnel.park(() -> {
                        try {
                            read.complete(tunnel.read(ByteBuffer.allocate(5)));
                        } catch (IOException e) {
                            read.completeExceptionally(e);
                        }
                    });
                    try (Exchange other = get(pool(slow, options))) {
                        assertFails(ProxyFailure.TIMEOUT, other::readHead);
                    }
                    go.countDown();
                    assertThat(read.get(30, TimeUnit.SECONDS)).isOne();
                }
            }
        }

        @Test
        void withoutBeingAskedIsRefused() throws Exception {
            try (ScriptedOrigin origin = ScriptedOrigin.always(answering(SWITCH));
                    Exchange exchange = get(pool(origin))) {
                assertFails(ProxyFailure.BAD_RESPONSE, exchange::readHead);
            }
        }

        @Test
        void thatIsRejectedIsAnOrdinaryResponse() throws Exception {
            try (ScriptedOrigin origin = ScriptedOrigin.always(answering(OK))) {
                OriginPool pool = pool(origin);
                try (Exchange exchange = upgrade(pool)) {
                    exchange.readHead();
                    assertThat(readText(exchange)).isEqualTo("ok");
                    assertThatIllegalStateException().isThrownBy(exchange::detach);
                }
                assertThat(pool.stats().idle()).isOne();
            }
        }

        private Exchange upgrade(OriginPool pool) throws ProxyException {
            Exchange exchange = pool.exchange("GET", "/");
            exchange.field("Connection", "Upgrade");
            exchange.field("Upgrade", "echo");
            exchange.send();
            return exchange;
        }
    }

    @Test
    void messagesOfFailuresHoldNothingFromTheWire() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nsecret token\r\n\r\n"))) {
            OriginPool pool = pool(origin);
            assertThatExceptionOfType(ProxyException.class)
                    .isThrownBy(() -> getText(pool))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    private static String dechunk(String raw) {
        StringBuilder data = new StringBuilder();
        int at = 0;
        while (true) {
            int line = raw.indexOf("\r\n", at);
            int size = Integer.parseInt(raw.substring(at, line), 16);
            if (size == 0) {
                assertThat(raw.substring(line)).isEqualTo("\r\n\r\n");
                return data.toString();
            }
            data.append(raw, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }
}
