package dev.mfe.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sets of expressions that tempt an automaton to grow out of proportion: it stays small, and right. */
@Timeout(60)
class PathMatcherSizeTest {
    /** What may be kept for each character of the expressions, beside some for an exclusion's long alphabet. */
    private static final int BYTES_PER_CHARACTER = 250;

    private static final int BYTES_ANYWAY = 20_000;

    static Stream<Arguments> tempting() {
        return Stream.of(
                set("a wildcard before many words", 1_000, i -> "/:a/x" + i + "-:b"),
                set("a wildcard after many words", 1_000, i -> "/x" + i + "-:a/:b/y"),
                set("prefixes against suffixes", 500, i -> "/" + "p".repeat(i % 23) + ":x" + "s".repeat(i % 19)),
                set("many suffixes", 1_000, i -> "/:x-s" + i),
                set("exclusions in the middle", 300, i -> "/:p((?!x" + i + ").*)/q" + i + "/:b/:c/r"),
                set("the same exclusion before many words", 1_000, i -> "/a/:l((?!en|de).*)/p" + i),
                set("many exclusions", 300, i -> "/:l((?!en|de" + i + ").*)/p" + i),
                set("many alternatives", 1_000, i -> "/:l(en|de" + i + ")/p" + i),
                set("every combination of word and wildcard", 1 << 9, PathMatcherSizeTest::combination),
                set("one exclusion before many segments", 1, i -> "/:a((?!q).*)/x" + "/:b".repeat(30)),
                set("an exclusion in each segment", 1, i -> "/:a((?!ab|abc).*)".repeat(30)),
                set("a repeated exclusion", 3, i -> "/" + "x/".repeat(i) + ":a((?!aaaa|aaab|abab|bbbb|ba).*)*"),
                set("two exclusions in a segment", 1, i -> "/:a((?!aaaaaaaa|b/).*):b((?!aaaaaaaa|c/).*)"),
                set("mixed kinds", 1_000, MixedExpressions::text));
    }

    private static Arguments set(String name, int count, IntFunction<String> expression) {
        return Arguments.of(
                name, IntStream.range(0, count).mapToObj(expression).distinct().toList());
    }

    private static String combination(int i) {
        return IntStream.range(0, 9)
                .mapToObj(bit -> (i >> bit & 1) == 0 ? "/a" : "/:x")
                .collect(Collectors.joining());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tempting")
    void theCompiledFormGrowsWithTheTextsAndStaysRight(String name, List<String> texts) {
        List<PathExpression> expressions =
                texts.stream().map(PathExpression::parse).toList();
        PathMatcher matcher = PathMatcher.compile(expressions);
        long characters = texts.stream().mapToLong(String::length).sum();

        assertThat(matcher.automata()).isEqualTo(1);
        assertThat(matcher.bytes()).isLessThan(BYTES_ANYWAY + BYTES_PER_CHARACTER * characters);
        assertRight(matcher, expressions, name.hashCode());
    }

    @Test
    void whereOneAutomatonWouldBeTooLargeThereAreSeveral() {
        List<PathExpression> expressions = IntStream.range(0, 300)
                .mapToObj(i -> PathExpression.parse("/" + "a".repeat(i) + ":x-s" + i))
                .toList();
        PathMatcher matcher = PathMatcher.compile(expressions);

        assertThat(matcher.automata()).isBetween(2, 10);
        assertThat(matcher.bytes()).isLessThan(5_000_000);
        assertThat(matcher.first("/" + "a".repeat(200) + "x-s150")).isEqualTo(150);
        assertThat(matcher.first("/" + "a".repeat(150) + "-s150")).isEqualTo(-1);
        assertThat(matcher.firstAfter(149, "/" + "a".repeat(200) + "x-s15-s150"))
                .isEqualTo(150);
        assertRight(matcher, expressions, 3);
    }

    @Test
    void tenThousandMixedExpressionsTakeFewMegabytes() {
        PathMatcher matcher = PathMatcher.compile(MixedExpressions.of(10_000));

        assertThat(matcher.automata()).isEqualTo(1);
        assertThat(matcher.bytes()).isLessThan(4_000_000);
        assertThat(MixedExpressions.paths(10_000, 1_000, 1)).allMatch(path -> matcher.first(path) >= 0);
    }

    @Test
    void theAlphabetMayBeAsLargeAsUnicode() {
        List<PathExpression> expressions = IntStream.iterate(1, c -> c <= Character.MAX_VALUE, c -> c + 6)
                .mapToObj(c -> PathExpression.parse("/" + PathExpression.escape(String.valueOf((char) c)) + "x"))
                .toList();
        PathMatcher matcher = PathMatcher.compile(expressions);

        assertThat(matcher.first("/\u0001x")).isZero();
        assertThat(matcher.first("/\u8005x")).isEqualTo((0x8005 - 1) / 6);
        assertThat(matcher.first("/\u8006x")).isEqualTo(-1);
        assertThat(matcher.bytes()).isLessThan(3_000_000);
    }

    /** Against the reference, on paths made from the expressions and spoilt a little. */
    private static void assertRight(PathMatcher matcher, List<PathExpression> expressions, long seed) {
        List<ReferenceExpression> references =
                expressions.stream().map(e -> new ReferenceExpression(e.text())).toList();
        RandomPaths paths = new RandomPaths(new Random(seed));
        for (int n = 0; n < 60; n++) {
            String path =
                    paths.near(expressions.get(n * expressions.size() / 60).text());
            List<Integer> expected = IntStream.range(0, references.size())
                    .filter(i -> references.get(i).matches(path))
                    .boxed()
                    .toList();
            List<Integer> found = new ArrayList<>();
            for (int i = matcher.first(path); i >= 0; i = matcher.firstAfter(i, path)) {
                found.add(i);
            }
            assertThat(found).as("what matches \"%s\"", path).isEqualTo(expected);
        }
    }
}
