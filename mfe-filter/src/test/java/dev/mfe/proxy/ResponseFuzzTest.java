package dev.mfe.proxy;

import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.testkit.ScriptedOrigin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged responses over a real socket: what we make of them must be what the grammar says, whatever the portions. */
class ResponseFuzzTest extends TransportTestBase {

    private static final int CASES = 3000;
    private static final List<String> BITS = List.of(
            "\r\n",
            "\n",
            "\r",
            " ",
            "\t",
            ":",
            ";",
            ",",
            "0",
            "5",
            "a",
            "x",
            "\0",
            "\u007f",
            "\u00e9",
            "\"",
            "\\",
            "=",
            "\r\n\r\n",
            "0\r\n\r\n",
            "Content-Length: 3\r\n",
            "Content-Length: 4\r\n",
            "Transfer-Encoding: chunked\r\n",
            "X: y\r\n",
            "+",
            "0x",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 103 Hints\r\n\r\n");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithTheGrammar(long seed) throws Exception {
        Random random = new Random(seed);
        BlockingQueue<String> next = new LinkedBlockingQueue<>();
        Random portions = new Random(seed);
        int accepted = 0;
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                .then(peer -> {
                    byte[] bytes = next.take().getBytes(StandardCharsets.ISO_8859_1);
                    int at = 0;
                    try {
                        while (at < bytes.length) {
                            int n = Math.min(1 + portions.nextInt(bytes.length), bytes.length - at);
                            peer.send(java.util.Arrays.copyOfRange(bytes, at, at + n));
                            at += n;
                        }
                        peer.socket().shutdownOutput();
                    } catch (java.io.IOException e) {
                        // Refused before its end.
                    }
                })
                .awaitClose())) {
            // Every case has a connection of its own, because the origin closes it.
            OriginPool pool = pool(origin, PATIENT.withPool(10, Duration.ofNanos(1)));
            for (int i = 0; i < CASES; i++) {
                String response = response(random);
                next.add(response);
                ReferenceResponse expected = ReferenceResponse.read(response);
                ReferenceResponse found = exchange(pool);
                assertThat(found == null)
                        .as("seed %s case %s: %s", seed, i, visible(response))
                        .isEqualTo(expected == null);
                if (expected != null && found != null) {
                    accepted++;
                    assertThat(found)
                            .as("seed %s case %s: %s", seed, i, visible(response))
                            .isEqualTo(new ReferenceResponse(
                                    expected.status(), expected.fields(), expected.body(), expected.trailers(), ""));
                }
            }
        }
        // Or the test would prove nothing.
        assertThat(accepted).isBetween(CASES / 10, CASES * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void theDecoderAgreesWithTheGrammar(long seed) {
        Random random = new Random(seed);
        int accepted = 0;
        // One decoder for all, as a connection has one.
        ResponseDecoder decoder = new ResponseDecoder(64 * 1024, 256);
        for (int i = 0; i < 10 * CASES; i++) {
            String response = response(random);
            ReferenceResponse expected = ReferenceResponse.read(response);
            ReferenceResponse found = decode(decoder, response.getBytes(StandardCharsets.ISO_8859_1), random);
            assertThat(found)
                    .as("seed %s case %s: %s", seed, i, visible(response))
                    .isEqualTo(expected);
            accepted += expected == null ? 0 : 1;
        }
        assertThat(accepted).isBetween(CASES, CASES * 9);
    }

    private static @Nullable ReferenceResponse decode(ResponseDecoder decoder, byte[] bytes, Random random) {
        decoder.begin(false, false);
        int status = 0;
        List<String> fields = List.of();
        StringBuilder body = new StringBuilder();
        ByteBuffer in = ByteBuffer.wrap(bytes).limit(0);
        boolean closed = false;
        try {
            while (true) {
                switch (decoder.next(in)) {
                    case HEAD -> {
                        status = decoder.head().status();
                        fields = list(decoder.head().fields());
                    }
                    case DATA -> {
                        int size = (int) Math.min(decoder.left(), in.remaining());
                        body.append(new String(bytes, in.position(), size, StandardCharsets.ISO_8859_1));
                        in.position(in.position() + size);
                        decoder.taken(size);
                    }
                    case END -> {
                        String rest = new String(
                                bytes, in.position(), bytes.length - in.position(), StandardCharsets.ISO_8859_1);
                        return new ReferenceResponse(status, fields, body.toString(), list(decoder.trailers()), rest);
                    }
                    case MORE -> {
                        if (closed || (in.limit() == bytes.length && !decoder.closed())) {
                            return null;
                        }
                        closed = in.limit() == bytes.length;
                        in.limit(Math.min(bytes.length, in.limit() + 1 + random.nextInt(bytes.length)));
                    }
                }
            }
        } catch (ProxyException e) {
            assertThat(e.failure()).isEqualTo(ProxyFailure.BAD_RESPONSE);
            return null;
        }
    }

    private static @Nullable ReferenceResponse exchange(OriginPool pool) {
        try (Exchange exchange = get(pool)) {
            ResponseHead head = exchange.readHead();
            while (head.interim()) {
                head = exchange.readHead();
            }
            int status = head.status();
            List<String> fields = list(head.fields());
            String body = readText(exchange);
            return new ReferenceResponse(status, fields, body, list(exchange.trailers()), "");
        } catch (ProxyException e) {
            assertThat(e.failure()).isEqualTo(ProxyFailure.BAD_RESPONSE);
            return null;
        }
    }

    private static List<String> list(HeaderFields fields) {
        List<String> list = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.known(i) != KnownField.CONTENT_LENGTH) {
                list.add(fields.name(i).toLowerCase(Locale.ROOT) + ": " + fields.value(i));
            }
        }
        return list;
    }

    private static String response(Random random) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(8) == 0) {
            text.append("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        }
        String[] lines = {"200 OK", "200 OK", "204 No Content", "304 Not Modified", "404 "};
        text.append("HTTP/1.").append(random.nextInt(10) == 0 ? 0 : 1).append(' ');
        text.append(lines[random.nextInt(lines.length)]).append("\r\n");
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(random.nextBoolean() ? "Content-Type: text/html" : "x-Own:\t a  b ")
                    .append("\r\n");
        }
        String body = "abcdefghij".substring(0, random.nextInt(11));
        switch (random.nextInt(3)) {
            case 0 ->
                text.append("Content-Length: ")
                        .append(body.length())
                        .append("\r\n\r\n")
                        .append(body);
            case 1 -> {
                text.append("Transfer-Encoding: chunked\r\n\r\n");
                for (int at = 0; at < body.length(); ) {
                    int n = 1 + random.nextInt(body.length() - at);
                    text.append(Integer.toHexString(n)).append(random.nextInt(4) == 0 ? ";a=\"b\"" : "");
                    text.append("\r\n").append(body, at, at + n).append("\r\n");
                    at += n;
                }
                text.append("0\r\n")
                        .append(random.nextBoolean() ? "X-Sum: 7\r\n" : "")
                        .append("\r\n");
            }
            default -> text.append("\r\n").append(body);
        }
        for (int damage = random.nextInt(3); damage > 0; damage--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, BITS.get(random.nextInt(BITS.size())));
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
                case 2 -> text.setLength(at);
                default -> {
                    if (at < text.length()) {
                        text.setCharAt(at, (char) random.nextInt(256));
                    }
                }
            }
            if (text.isEmpty()) {
                break;
            }
        }
        return text.isEmpty() ? "H" : text.toString();
    }

    private static String visible(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
    }
}
