package dev.mfe.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mfe.Spec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldBytesTest {

    private final FieldBytes fields = new FieldBytes();

    private String text() {
        return new String(fields.bytes(), 0, fields.count(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void linesStandAsTheyGoOverTheWire() throws ProxyException {
        fields.field("Host", "a.test");
        fields.field("X-Empty", "");
        fields.field("X-Name", "caf\u00e9\t!");
        assertThat(text()).isEqualTo("Host: a.test\r\nX-Empty: \r\nX-Name: caf\u00e9\t!\r\n");
        fields.clear();
        fields.field("A", "b");
        assertThat(text()).isEqualTo("A: b\r\n");
    }

    @Test
    void anyNumberOfBytesFits() throws ProxyException {
        StringBuilder expected = new StringBuilder();
        for (int i = 1; i < 200; i++) {
            fields.field("X-" + i, "y".repeat(i * 7));
            expected.append("X-")
                    .append(i)
                    .append(": ")
                    .append("y".repeat(i * 7))
                    .append("\r\n");
        }
        assertThat(text()).isEqualTo(expected.toString());
        fields.clear();
        assertThat(fields.bytes()).hasSizeLessThan(8 * 1024);
    }

    @ParameterizedTest
    @CsvSource({"'a b', c", "'', c", "a:, c", "'a\nb', c", "a, 'b\r\nX: 1'", "a, '\u010a'", "a, '\u007f'", "a\u00e9, b"
    })
    @Spec("RFC 9110 §5")
    void whatIsNoFieldIsRefusedAndLeavesNothing(String name, String value) throws ProxyException {
        fields.field("Before", "1");
        assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(() -> fields.field(name, value))
                .satisfies(e -> assertThat(e.failure()).isEqualTo(ProxyFailure.BAD_REQUEST));
        assertThat(text()).isEqualTo("Before: 1\r\n");
    }
}
