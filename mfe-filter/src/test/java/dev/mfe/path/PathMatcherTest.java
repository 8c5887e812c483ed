package dev.mfe.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import dev.mfe.Spec;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an expression matches, and that the path decides nothing but the answer. */
@Timeout(60)
class PathMatcherTest {
    @ParameterizedTest
    @CsvSource({
        "/docs, /docs, true",
        "/docs, /docs/, true",
        "/docs, /docs//, false",
        "/docs, /docs#, true",
        "/docs, /docs?, true",
        "/docs, /docs?x, false",
        "/docs, /DOCS, true",
        "/docs, docs, false",
        "/docs, /%64ocs, false",
        "/, /, true",
        "/, //, true",
        "/, '', false",
    })
    @Spec("path-to-regexp 6.3.0")
    void textMatchesItselfInBothCasesAndOneDelimiterAtTheEnd(String expression, String path, boolean matches) {
        assertThat(matches(expression, path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "/:a, /x, true",
        "/:a, /, false",
        "/:a, /x/y, false",
        "/:a, /x#y, false",
        "/:a, /.., true",
        "/x/:a/y, /x//y, false",
        "/v:n/api, /v2/api, true",
        "/v:n/api, /v/api, false",
        "/:n.js, /a.b.js, true",
        "/:n.js, /.js, false",
        "/f.:ext, /f.js, true",
        "/f.:ext, /f.min.js, false",
    })
    @Spec("path-to-regexp 6.3.0")
    void aWildcardIsOneSegmentOrAPartOfIt(String expression, String path, boolean matches) {
        assertThat(matches(expression, path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "/d/:p*, /d, true",
        "/d/:p*, /d/, true",
        "/d/:p*, /d/a/b/c/, true",
        "/d/:p*, /d/a//c, false",
        "/d/:p*, /d/a//, false",
        "/d/:p+, /d, false",
        "/d/:p+, /d/a, true",
        "/:p(a|b)*, /a/b/a, true",
        "/:p(a|b)*, /a/c, false",
        "/f.:p*, /f, true",
        "/f.:p*, /f.a.b, true",
        "/f.:p+, /f, false",
    })
    @Spec("path-to-regexp 6.3.0")
    void aRepeatedWildcardIsAnyNumberOfSegmentsWithoutEmptyOnes(String expression, String path, boolean matches) {
        assertThat(matches(expression, path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "/:l(en|de)/x, /de/x, true",
        "/:l(en|de)/x, /DE/x, true",
        "/:l(en|de)/x, /den/x, false",
        "/:l(en|d\\.e)/x, /d.e/x, true",
        "/:l(en|d/e)/x, /d/e/x, true",
    })
    void alternativesAreWordsThatMayHoldSlashes(String expression, String path, boolean matches) {
        assertThat(matches(expression, path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "/c/:n((?!berlin|paris).*), /c/rome, true",
        "/c/:n((?!berlin|paris).*), /c/berlin, false",
        "/c/:n((?!berlin|paris).*), /c/Berlin-Mitte, false",
        "/c/:n((?!berlin|paris).*), /c/ber, true",
        "/c/:n((?!berlin|paris).*), /c/rome/berlin//x, true",
        "/c/:n((?!berlin|paris).*), /c/, true",
        "/c/:n((?!berlin|paris).*), /c, false",
        // the ban looks past its own wildcard
        "/:n((?!api\\/v2).*)/v2, /api/v2, false",
        "/:n((?!api\\/v2).*)/v2, /api/x/v2, true",
        "/:n((?!a).*)b, /b, true",
        "/:n((?!b).*)b, /b, false",
        "/:n((?!b).*)b, /ab, true",
    })
    @Spec("path-to-regexp 6.3.0")
    void anExclusionBansStartsOfTheRestAndSpansSlashes(String expression, String path, boolean matches) {
        assertThat(matches(expression, path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\u2028", "\u2029"})
    @Spec("ECMA-262 §12.3 Line Terminators")
    void anExclusionEndsAtALineTerminator(String terminator) {
        assertThat(matches("/:n((?!a).*)", "/x" + terminator + "y")).isFalse();
        assertThat(matches("/:n", "/x" + terminator + "y")).isTrue();
        // unlike Java, where "." also stops at a next line character and "$" before the last line terminator
        assertThat(matches("/:n((?!a).*)", "/x\u0085y")).isTrue();
        assertThat(matches("/x", "/x" + terminator)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "\u00e9, \u00c9, true", // é É
        "\u00b5, \u03bc, true", // micro sign and mu have the same capital
        "\u00b5, \u039c, true",
        "\u03c2, \u03c3, true", // the two small sigmas
        "\u01c5, \u01c6, true", // ǅ ǆ
        "\u017f, s, false", // long s would become ASCII
        "\u017f, S, false",
        "\u212a, k, false", // Kelvin has a small form, but no capital of its own
        "\u212b, \u00e5, false", // Ångström likewise
        "\u00df, SS, false", // ß grows
        "\u00df, \u1e9e, false",
        "\u0130, i, false", // İ
        "\u0131, I, false", // ı would become ASCII
        "\ud801\udc28, \ud801\udc00, false", // beyond the first plane nothing folds without the flag u
        "\ud83d\ude00, \ud83d\ude00, true",
    })
    @Spec("ECMA-262 §22.2.2.7.3 Canonicalize")
    void lettersAreComparedAsInEcmaScriptWithoutUnicodeMode(String one, String other, boolean equal) {
        assertThat(matches("/" + one, "/" + other)).isEqualTo(equal);
        assertThat(matches("/" + other, "/" + one)).isEqualTo(equal);
        assertThat(matches("/:a(x|x" + one + ")", "/x" + other)).isEqualTo(equal);
        assertThat(matches("/:a((?!x|x" + one + ").*)", "/y" + other)).isTrue();
    }

    @Test
    @Spec("ECMA-262 §22.2.2.7.3 Canonicalize")
    void aWildcardMayEndInTheMiddleOfASurrogatePair() {
        assertThat(matches("/\ud83d:low", "/\ud83d\ude00")).isTrue();
        assertThat(matches("/:high\ude00", "/\ud83d\ude00")).isTrue();
    }

    @Test
    void aBackslashAtTheVeryEndIsDropped() {
        assertThat(matches("/a\\", "/a")).isTrue();
        assertThat(matches("/a\\", "/a\\")).isFalse();
    }

    @Test
    void aBraceAfterAnEscapedBackslashOpensAGroup() {
        // the package looks for an unescaped brace without seeing that the backslash itself is escaped
        String group = "/a\\\\{/:b.}*";
        assertThat(matches(group, "/a\\")).isTrue();
        assertThat(matches(group, "/a\\/x.")).isTrue();
        assertThat(matches(group, "/a\\/x./y.")).isTrue();
        assertThat(matches(group, "/a\\/x./y")).isFalse();
        assertThat(matches(group, "/a\\{")).isFalse();
    }

    @Test
    void theFirstExpressionWinsAndTheNextOnesCanBeAskedFor() {
        PathMatcher matcher = compile("/b", "/:x", "/a", "/:p*", "/a");

        assertThat(matcher.first("/a")).isEqualTo(1);
        assertThat(matcher.firstAfter(1, "/a")).isEqualTo(2);
        assertThat(matcher.firstAfter(2, "/a")).isEqualTo(3);
        assertThat(matcher.firstAfter(3, "/a")).isEqualTo(4);
        assertThat(matcher.firstAfter(4, "/a")).isEqualTo(-1);
        assertThat(matcher.first("/b")).isZero();
        assertThat(matcher.first("/a//")).isEqualTo(-1);
    }

    @Test
    void withoutExpressionsNothingMatches() {
        assertThat(PathMatcher.compile(List.of()).first("/")).isEqualTo(-1);
        assertThat(PathMatcher.compile(List.of()).first("")).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/:p*",
                "/:a((?!x).*)",
                "/:a((?!x).*)/y",
                "/:a((?!q).*)/x/:b/:c/:d/:e/:f/:g/:h((?!q).*)/x/:i/:j/:k/:l/:m/:n/end",
                "/:a(x|y)*"
            })
    void aVeryLongPathTakesNoStack(String expression) {
        PathMatcher matcher = compile(expression, "/:a", "/x");
        String path = "/x".repeat(50_000);

        assertThat(matcher.first(path)).isEqualTo(matches(expression, "/x".repeat(50)) ? 0 : -1);
        assertThat(matcher.first(path + "?y")).isEqualTo(-1);
    }

    @Test
    void aVeryLongExpressionMatchesItsPath() {
        String text = "/x".repeat(50_000);
        PathMatcher matcher = compile(text, "/:a".repeat(30_000));

        assertThat(matcher.first(text)).isZero();
        assertThat(matcher.first("/y".repeat(30_000))).isEqualTo(1);
        assertThat(matcher.first(text + "/x")).isEqualTo(-1);
    }

    /** Backtracking would take the number of segments to the power of the number of exclusions. */
    @Test
    void exclusionsInTheMiddleDoNotMultiply() {
        String step = "/:a((?!q).*)/x/:b/:c/:d/:e/:f/:g/:h/:i";
        PathMatcher matcher = compile(step.repeat(6) + "/end");

        assertThat(matcher.first("/x".repeat(4_000))).isEqualTo(-1);
        assertThat(matcher.first("/x".repeat(4_000) + "/end")).isZero();
        assertThat(matcher.first("/q" + "/x".repeat(4_000) + "/end")).isEqualTo(-1);
        assertThat(matcher.first("/x".repeat(59) + "/end")).isEqualTo(-1);
        assertThat(matcher.first("/x".repeat(60) + "/end")).isZero();
    }

    @Test
    void decidingAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assumeThat(threads.isThreadAllocatedMemorySupported()).isTrue();
        PathMatcher matcher = PathMatcher.compile(MixedExpressions.of(1_000));
        List<String> paths = new ArrayList<>(List.of(
                "/unknown/page/of/the/local/app", "/", "", "/caf\u00e9", "/de/unknown", "/assets/unknown-1.css"));
        MixedExpressions.paths(1_000, 100, 7).forEach(paths::add);
        String[] all = paths.toArray(String[]::new);
        assertThat(decide(matcher, all)).isGreaterThan(90);
        for (int i = 0; i < 2_000; i++) {
            decide(matcher, all);
        }

        // the JIT may still throw away a frame in between, so the best of some rounds counts
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            decide(matcher, all);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(least).isZero();
    }

    private static int decide(PathMatcher matcher, String[] paths) {
        int hits = 0;
        for (String path : paths) {
            int first = matcher.first(path);
            hits += first >= 0 && matcher.firstAfter(first, path) < first ? 1 : 0;
        }
        return hits;
    }

    @Test
    void anExpressionThatIsTooComplexIsRefusedByName() {
        String manyExclusions = "/" + ":a((?!aaaaaaaaaa|b/).*)".repeat(200);

        assertThatThrownBy(() -> compile("/x", manyExclusions))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(manyExclusions)
                .hasMessageEndingWith("is too complex; use fewer or shorter excluded words");
    }

    private static PathMatcher compile(String... expressions) {
        return PathMatcher.compile(
                List.of(expressions).stream().map(PathExpression::parse).toList());
    }

    private static boolean matches(String expression, String path) {
        return compile(expression).first(path) == 0;
    }
}
