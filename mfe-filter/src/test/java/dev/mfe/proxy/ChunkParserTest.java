package dev.mfe.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mfe.Spec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Spec("RFC 9112 §7.1")
class ChunkParserTest {

    private final ChunkParser parser = new ChunkParser();

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "5, 5",
                "0, 0",
                "a, 10",
                "A, 10",
                "0005, 5",
                "00000000000000F, 15",
                "7fffffffffffff, 36028797018963967",
                "5;a, 5",
                "5;a=b, 5",
                "5 ; a = b ; c, 5",
                "5;a=\"b c\", 5",
                "5;a=\"b\\\"c;d\", 5"
            })
    void reads(String line, long size) throws ProxyException {
        String text = line + "\r\n";
        for (int split = 0; split < text.length(); split++) {
            parser.begin();
            ByteBuffer in = buffer(text);
            assertThat(parser.parse(in.limit(split))).isFalse();
            assertThat(parser.parse(in.limit(text.length()))).isTrue();
            assertThat(in.hasRemaining()).isFalse();
            assertThat(parser.size()).isEqualTo(size);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x10\r\n",
                "+5\r\n",
                "-5\r\n",
                "5_0\r\n",
                " 5\r\n",
                "\t5\r\n",
                "5 \r\n",
                "5\t\r\n",
                "5\n",
                "5\r5",
                "\r\n",
                "\n",
                ";a\r\n",
                "g\r\n",
                "0000000000000005\r\n",
                "8000000000000000\r\n",
                "ffffffffffffffff5\r\n",
                "5;\r\n",
                "5;;a\r\n",
                "5;=b\r\n",
                "5;a=\r\n",
                "5;a=\"b\r\nc\"\r\n",
                "5;a=\"b\0\"\r\n",
                "5;a=\"b\"c\r\n",
                "5;a\nb\r\n",
                "5;a\rb\r\n",
                "5 5\r\n",
                "5;a=b c\r\n"
            })
    void refuses(String line) {
        assertRefused(line);
    }

    @Test
    void dataEndsInCrLf() throws ProxyException {
        parser.begin();
        assertThat(parser.parse(buffer("1\r\n"))).isTrue();
        ByteBuffer in = buffer("\r\n2\r\n");
        assertThat(parser.parse(in.limit(1))).isFalse();
        assertThat(parser.parse(in.limit(5))).isTrue();
        assertThat(parser.size()).isEqualTo(2);
        for (String end : new String[] {"\n2\r\n", "xy", "\rx", "2\r\n"}) {
            parser.begin();
            assertThat(parser.parse(buffer("1\r\n"))).isTrue();
            assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> parser.parse(buffer(end)));
        }
    }

    @Test
    void boundsExtensions() throws ProxyException {
        assertRefused("5;" + "a".repeat(2000));
        assertRefused("5;" + "a".repeat(2000) + "\r\n");
        parser.begin();
        String line = "1;" + "a".repeat(900) + "\r\n";
        assertThat(parser.parse(buffer(line))).isTrue();
        assertThatExceptionOfType(ProxyException.class).isThrownBy(() -> {
            for (int i = 0; i < 20; i++) {
                parser.parse(buffer("\r\n" + line));
            }
        });
    }

    private void assertRefused(String line) {
        parser.begin();
        assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(() -> parser.parse(buffer(line)))
                .satisfies(e -> assertThat(e.failure()).isEqualTo(ProxyFailure.BAD_RESPONSE));
        parser.begin();
        ByteBuffer in = buffer(line);
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
