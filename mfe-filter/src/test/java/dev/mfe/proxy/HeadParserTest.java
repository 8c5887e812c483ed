package dev.mfe.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mfe.Spec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {

    private static final String HEAD = """
            HTTP/1.1 200 OK
            Content-Type: text/html; charset=utf-8
            content-length: 12
            SET-COOKIE: a=b
            X-Own:\t odd  value \t
            X-Empty:

            """.replace("\n", "\r\n");

    private final HeadParser parser = new HeadParser(4096, 20);

    @Test
    void readsTheSameHeadWhereverItIsSplit() throws ProxyException {
        byte[] bytes = (HEAD + "body").getBytes(StandardCharsets.ISO_8859_1);
        int headLength = HEAD.length();
        for (int first = 0; first <= headLength; first++) {
            for (int second = first; second <= headLength; second++) {
                parser.beginHead();
                ByteBuffer in = ByteBuffer.allocate(bytes.length).put(bytes).flip();
                boolean done = parser.parse(in.limit(first));
                done = done || parser.parse(in.limit(second));
                assertThat(done).isEqualTo(second == headLength);
                if (!done) {
                    assertThat(parser.parse(in.limit(bytes.length))).isTrue();
                }
                assertThat(in.position()).isEqualTo(headLength);
                ResponseHead head = parser.head();
                assertThat(head.status()).isEqualTo(200);
                assertThat(head.contentLength()).isEqualTo(12);
                assertThat(head.fields()).hasToString("""
                                Content-Type: text/html; charset=utf-8
                                content-length: 12
                                SET-COOKIE: a=b
                                X-Own: odd  value
                                X-Empty:\s
                                """);
            }
        }
    }

    @Test
    void knowsUsualNamesInAnyCase() throws ProxyException {
        parse("HTTP/1.1 200 OK\r\nContent-Type: a\r\ncontent-type: a\r\nCONTENT-type: a\r\nX-Own: a\r\n\r\n");
        HeaderFields fields = parser.head().fields();
        assertThat(fields.name(0)).isSameAs(KnownField.CONTENT_TYPE.canonicalName());
        assertThat(fields.known(0)).isEqualTo(KnownField.CONTENT_TYPE);
        assertThat(fields.known(1)).isEqualTo(KnownField.CONTENT_TYPE);
        assertThat(fields.known(2)).isEqualTo(KnownField.CONTENT_TYPE);
        assertThat(fields.name(2)).isEqualTo("CONTENT-type");
        assertThat(fields.known(3)).isNull();
    }

    @Test
    void everyKnownNameIsFound() {
        for (KnownField field : KnownField.values()) {
            String name = field.canonicalName();
            byte[] bytes = name.toUpperCase(java.util.Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
            int hash = 0;
            for (byte b : bytes) {
                hash = KnownField.hash(hash, b);
            }
            assertThat(KnownField.of(name)).isEqualTo(field);
            assertThat(KnownField.of(hash, bytes, 0, bytes.length)).isEqualTo(field);
            assertThat(KnownField.of(name + "x")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200\r\n\r\n",
                "HTTP/1.1 200 \r\n\r\n",
                "HTTP/1.0 404 Not Found\r\n\r\n",
                "HTTP/1.1 999 Odd\r\n\r\n",
                "HTTP/1.1 200 Sch\u00f6n \t ok\r\n\r\n"
            })
    void acceptsStatusLine(String head) throws ProxyException {
        parse(head);
        assertThat(parser.head().status()).isEqualTo(Integer.parseInt(head.substring(9, 12)));
    }

    @ParameterizedTest
    @Spec({"RFC 9112 §2.2", "RFC 9112 §4"})
    @ValueSource(
            strings = {
                "HTTP/1.2 200 OK\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/0.9 200 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "HTTP/1.1\t200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 200OK\r\n\r\n",
                "HTTP/1.1 200 O\0K\r\n\r\n",
                "HTTP/1.1 200 OK\n\r\n",
                "HTTP/1.1 200 OK\r\r\n\r\n",
                "HTTP/1.1 200 OK\rX\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\n\r\n",
                "\nHTTP/1.1 200 OK\r\n\r\n",
                " HTTP/1.1 200 OK\r\n\r\n"
            })
    void refusesStatusLine(String head) {
        assertRefused(head);
    }

    @ParameterizedTest
    @Spec({"RFC 9112 §5", "RFC 9110 §5.5"})
    @ValueSource(
            strings = {
                "X: a\n\r\n",
                "X: a\nY: b\r\n\r\n",
                "X: a\r\n\n",
                "X: a\r\n\rX",
                "X: a\rb\r\n\r\n",
                "X: a\r\r\n\r\n",
                "X: a\r\n b\r\n\r\n",
                "X: a\r\n\tb\r\n\r\n",
                " X: a\r\n\r\n",
                "\tX: a\r\n\r\n",
                "X : a\r\n\r\n",
                "X\t: a\r\n\r\n",
                "X\r\n\r\n",
                "X a\r\n\r\n",
                ": a\r\n\r\n",
                "X(y): a\r\n\r\n",
                "X\"y: a\r\n\r\n",
                "X\u00e4: a\r\n\r\n",
                "X\0: a\r\n\r\n",
                "X: a\0b\r\n\r\n",
                "X: a\u0001b\r\n\r\n",
                "X: a\u007fb\r\n\r\n",
                "X: a\u000bb\r\n\r\n"
            })
    void refusesFieldLine(String line) {
        assertRefused("HTTP/1.1 200 OK\r\n" + line);
    }

    @ParameterizedTest
    @Spec({"RFC 9110 §8.6", "RFC 9112 §6.3"})
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5\r\ncontent-length: 05x",
                "Content-Length: 5, 6",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 5_0",
                "Content-Length: 0x10",
                "Content-Length: 5 5",
                "Content-Length: 5,",
                "Content-Length: ,5",
                "Content-Length:",
                "Content-Length: 5.0",
                "Content-Length: \u0665",
                "Content-Length: 9223372036854775808",
                "Content-Length: 99999999999999999999999999"
            })
    void refusesContentLength(String line) {
        assertRefused("HTTP/1.1 200 OK\r\n" + line + "\r\n\r\n");
    }

    @ParameterizedTest
    @Spec("RFC 9110 §8.6")
    @ValueSource(
            strings = {
                "Content-Length: 5",
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 005",
                "Content-Length: 5, 5",
                "Content-Length: 5 ,\t5\r\nContent-Length: 5"
            })
    void equalContentLengthsAreOne(String lines) throws ProxyException {
        parse("HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\n");
        assertThat(parser.head().contentLength()).isEqualTo(5);
        assertThat(parser.head().fields().size()).isOne();
        assertThat(parser.head().fields().value(0)).isEqualTo("5");
    }

    @ParameterizedTest
    @Spec("RFC 9112 §6.1")
    @ValueSource(
            strings = {
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding:",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 5\r\nTransfer-Encoding: chunked"
            })
    void refusesTransferEncoding(String lines) {
        assertRefused("HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\n");
    }

    @Test
    @Spec("RFC 9112 §6.1")
    void refusesTransferEncodingOfHttp10() {
        assertRefused("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    @Test
    @Spec("RFC 9112 §9.3")
    void knowsWhenTheConnectionEnds() throws ProxyException {
        assertThat(closes("HTTP/1.1 200 OK\r\n\r\n")).isFalse();
        assertThat(closes("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n")).isFalse();
        assertThat(closes("HTTP/1.1 200 OK\r\nConnection: X-Closed\r\n\r\n")).isFalse();
        assertThat(closes("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")).isTrue();
        assertThat(closes("HTTP/1.1 200 OK\r\nConnection: x , CLOSE\r\n\r\n")).isTrue();
        assertThat(closes("HTTP/1.1 200 OK\r\nConnection: x\r\nConnection: close\r\n\r\n"))
                .isTrue();
        assertThat(closes("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n")).isTrue();
    }

    @Test
    void understandsTheTimeoutOfKeepAlive() throws ProxyException {
        parse("HTTP/1.1 200 OK\r\nKeep-Alive: max=7, timeout=5\r\n\r\n");
        assertThat(parser.keepAliveNanos()).isEqualTo(5_000_000_000L);
        parse("HTTP/1.1 200 OK\r\n\r\n");
        assertThat(parser.keepAliveNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void boundsTheHead() {
        String line = "X: " + "a".repeat(95) + "\r\n";
        assertRefused("HTTP/1.1 200 OK\r\n" + line.repeat(50));
        assertRefused("HTTP/1.1 200 OK\r\nX: " + "a".repeat(5000));
        assertRefused("HTTP/1.1 200 OK\r\n" + "a".repeat(5000));
        assertRefused("HTTP/1.1 200 " + "a".repeat(5000));
        assertRefused("HTTP/1.1 200 OK\r\n" + "X: a\r\n".repeat(21) + "\r\n");
    }

    @Test
    void acceptsAHeadUpToTheBounds() throws ProxyException {
        parse("HTTP/1.1 200 OK\r\n" + "X: a\r\n".repeat(20) + "\r\n");
        assertThat(parser.head().fields().size()).isEqualTo(20);
        parse("HTTP/1.1 200 OK\r\nX: " + "a".repeat(4096 - 17 - 3 - 4) + "\r\n\r\n");
        assertThat(parser.head().fields().size()).isEqualTo(1);
    }

    @Test
    @Spec("RFC 9110 §6.5.1")
    void trailersCannotFrameOrAuthenticate() throws ProxyException {
        parser.beginTrailers();
        ByteBuffer in = buffer("Content-Length: 5\r\nX-Sum: 7\r\nSet-Cookie: a=b\r\nTransfer-Encoding: x\r\n\r\n");
        assertThat(parser.parse(in)).isTrue();
        assertThat(parser.trailers()).hasToString("X-Sum: 7\n");
    }

    @Test
    void valuesOfTheResponseBeforeDoNotLeakIntoTheNext() throws ProxyException {
        parse("HTTP/1.1 200 OK\r\nX-One: abc\r\nX-Two: def\r\n\r\n");
        parse("HTTP/1.1 200 OK\r\nX-One: abd\r\n\r\n");
        assertThat(parser.head().fields()).hasToString("X-One: abd\n");
    }

    private boolean closes(String head) throws ProxyException {
        parse(head);
        return parser.close();
    }

    private void parse(String head) throws ProxyException {
        parser.beginHead();
        ByteBuffer in = buffer(head);
        assertThat(parser.parse(in)).isTrue();
        assertThat(in.hasRemaining()).isFalse();
    }

    private void assertRefused(String head) {
        // In one go and byte by byte: a refusal must not depend on how the bytes arrive.
        parser.beginHead();
        assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(() -> parser.parse(buffer(head)))
                .satisfies(e -> assertThat(e.failure()).isEqualTo(ProxyFailure.BAD_RESPONSE));
        parser.beginHead();
        ByteBuffer in = buffer(head);
        int length = in.limit();
        assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> {
            for (int i = 1; i <= length; i++) {
                parser.parse(in.limit(i));
            }
        });
    }

    private static ByteBuffer buffer(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(bytes.length).put(bytes).flip();
    }
}
