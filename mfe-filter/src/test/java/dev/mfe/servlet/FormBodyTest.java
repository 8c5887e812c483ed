package dev.mfe.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormBodyTest {

    private static String rebuild(Map<String, String[]> parameters, @Nullable String query, int length) {
        return new String(FormBody.rebuild(parameters, query, null, length), StandardCharsets.US_ASCII);
    }

    private static Map<String, String[]> parameters(String name, String... values) {
        return new LinkedHashMap<>(Map.of(name, values));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=x+y%21", "a=x%20y!", "a=x%20y%21"})
    void theSpellingIsToldByItsLength(String body) {
        String rebuilt = rebuild(parameters("a", "x y!"), null, body.length());
        assertThat(rebuilt).hasSameSizeAs(body).isIn(body, "a=x+y%21");
    }

    @Test
    void whatStandsInTheQueryStaysThere() {
        assertThat(rebuild(parameters("a", "q1", "q2", "b"), "a=q1&x&a=q2", 3)).isEqualTo("a=b");
    }

    @Test
    void aNameWithoutAValueIsToldByTheLength() {
        assertThat(rebuild(parameters("a", ""), null, 1)).isEqualTo("a");
        assertThat(rebuild(parameters("a", ""), null, 2)).isEqualTo("a=");
    }

    @Test
    void charactersComeBackAsTheBytesTheyWere() {
        String body = "a=%C3%BC";
        assertThat(rebuild(parameters("a", "\u00fc"), null, body.length())).isEqualTo(body);
        // A container that took UTF-8 for ISO-8859-1.
        assertThat(rebuild(parameters("a", "\u00c3\u00bc"), null, body.length()))
                .isEqualTo(body);
        assertThat(rebuild(parameters("a", "\u20ac"), null, 11)).isEqualTo("a=%E2%82%AC");
    }

    @Test
    void aSpellingOfAnotherKindStillSaysTheSame() {
        assertThat(rebuild(parameters("a", "x y"), null, 99)).isEqualTo("a=x+y");
    }
}
