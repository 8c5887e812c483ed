package dev.mfe.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mfe.path.PathExpressionException.Reason;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which expressions the routing file allows, and what is said about the others. */
class PathExpressionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/docs",
                "/docs/:path",
                "/docs/:path*",
                "/docs/:path+",
                "/v:version/api",
                "/:name.js",
                "/file.:ext",
                "/:lang(en|de)/about",
                "/:path(a|b)*",
                "/city/:name((?!berlin|paris).*)",
                "/:path((?!api).*)/edit",
                "/a\\:b",
                "/caf\u00e9",
                "/a//b",
                "/\\("
            })
    void whatTheRoutingFileAllowsIsAccepted(String text) {
        assertThat(PathExpression.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "docs NO_LEADING_SLASH",
                ":path NO_LEADING_SLASH",
                "/docs/ TRAILING_SLASH",
                "/:path/ TRAILING_SLASH",
                "// TRAILING_SLASH",
                "/docs{/edit} OPTIONAL_PART",
                "/:path? OPTIONAL_PART",
                "/:a:b UNPARSABLE",
                "/:a-:b SEVERAL_WILDCARDS_IN_SEGMENT",
                "/(a|b) UNNAMED_WILDCARD",
                "/:a(.*) UNSUPPORTED_REGEX",
                "/:a(\\d+) UNSUPPORTED_REGEX",
                "/:a(en) UNSUPPORTED_REGEX",
                "/:a(en|d.) REGEX_IN_ALTERNATIVE",
                "/:a(en|d\\d) REGEX_IN_ALTERNATIVE",
                "/:a((?!en|d*).*) REGEX_IN_ALTERNATIVE",
                "/:a*/b MODIFIER_NOT_LAST",
                "/:a+/:b MODIFIER_NOT_LAST",
                "/x-:a* CANNOT_REPEAT",
                "/: UNPARSABLE",
                "/a* UNPARSABLE",
                "/(?:a) UNPARSABLE",
                "/:a(b UNPARSABLE",
                "/:a() UNPARSABLE",
                "/:a((b|c)) UNPARSABLE",
                "/a} UNPARSABLE"
            })
    void whatTheRoutingFileDoesNotAllowIsRefusedByItsRule(String text, Reason rule) {
        assertThat(refusal(text).reason()).isEqualTo(rule);
    }

    @Test
    void aRefusalSaysWhatIsWrongAndWhatToDo() {
        assertThat(refusal("docs")).hasMessage("\"docs\" does not start with a slash; write \"/docs\"");
        assertThat(refusal("/docs/"))
                .hasMessage(
                        "\"/docs/\" ends with a slash; remove it, a path with a slash at its end matches all the same");
        assertThat(refusal("/:a-:b")).hasMessage("\"/:a-:b\" has two wildcards in one segment; keep one");
        assertThat(refusal("/(a|b)"))
                .hasMessage("\"/(a|b)\" has a wildcard without a name; write \":path\" in front of it");
        assertThat(refusal("/:a*/b"))
                .hasMessage(
                        "\"/:a*/b\" has \"*\" before the end; only the last wildcard may repeat; remove what follows"
                                + " or the \"*\"");
        assertThat(refusal("/x-:a+"))
                .hasMessage("\"/x-:a+\" repeats a wildcard that is only a part of its segment; start a segment with it:"
                        + " \"/:a+\"");
        assertThat(refusal("/:a(en|d.)"))
                .hasMessage(
                        "\"/:a(en|d.)\" has the regular expression \".\" inside an alternative; write \"\\\\.\" for the"
                                + " plain character, or list the words it stands for");
    }

    @Test
    void aRefusalSaysAtWhichCharacterReadingFailed() {
        assertThat(refusal("/a/:"))
                .hasMessage(
                        "\"/a/:\" has a colon without a name (at character 4); write \":name\", or \"\\\\:\" for a plain"
                                + " colon");
        assertThat(refusal("/a*").problem()).isEqualTo("has \"*\" where no wildcard ends (at character 3)");
        assertThat(refusal("/:a(b").problem()).isEqualTo("has a parenthesis that is not closed (at character 4)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:b", "a*b+c?", "(x)", "{x}", "\\", "\\\\:", "a/b#c", "\u00e9", "."})
    void escapedTextStandsForExactlyItself(String plain) {
        String path = "/" + plain + "/end";
        PathMatcher matcher =
                PathMatcher.compile(List.of(PathExpression.parse("/" + PathExpression.escape(plain) + "/end")));
        assertThat(matcher.first(path)).isZero();
        assertThat(matcher.first("/" + plain + "x/end")).isNegative();
    }

    @Test
    void expressionsAreEqualWhenTheirTextsAre() {
        PathExpression docs = PathExpression.parse("/docs/:path*");
        assertThat(docs)
                .isEqualTo(PathExpression.parse("/docs/:path*"))
                .hasSameHashCodeAs(PathExpression.parse("/docs/:path*"))
                .hasToString("/docs/:path*")
                .isNotEqualTo(PathExpression.parse("/docs/:rest*"))
                .isNotEqualTo("/docs/:path*");
    }

    @Test
    void manyWordsTakeNoStack() {
        String words = IntStream.range(0, 50_000).mapToObj(i -> "w" + i).collect(Collectors.joining("|"));
        assertThatCode(() -> {
                    PathExpression.parse("/:a(" + words + ")");
                    PathExpression.parse("/:a((?!" + words + ").*)");
                })
                .doesNotThrowAnyException();
        assertThat(refusal("/:a(" + words + "|(?!x))").reason()).isEqualTo(Reason.UNSUPPORTED_REGEX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "\\:", "/:a", "/:a(b|c)", "(?!", "/:a((?!x|y/).*)", "/\\\\{/", "|", ":a(b|"})
    void veryLongExpressionsAreReadOrRefused(String piece) {
        String text = "/" + piece.repeat(100_000 / piece.length());
        try {
            assertThat(PathExpression.parse(text).text()).isEqualTo(text);
        } catch (PathExpressionException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    private static PathExpressionException refusal(String text) {
        return catchThrowableOfType(PathExpressionException.class, () -> PathExpression.parse(text));
    }
}
