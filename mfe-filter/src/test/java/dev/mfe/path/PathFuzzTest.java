package dev.mfe.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random expressions and paths against the {@link ReferenceExpression}; a failure names the seed that repeats it. */
@Timeout(60)
class PathFuzzTest {
    private static final int ROUNDS = 400;

    static LongStream seeds() {
        return LongStream.of(1, 2, 3, new Random().nextLong());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyTextIsAnExpressionOrRefused(long seed) {
        RandomPaths random = new RandomPaths(new Random(seed));
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = i % 2 == 0 ? random.noise() : random.expression();
            try {
                PathExpression.parse(text);
                accepted++;
            } catch (PathExpressionException e) {
                assertThat(e.problem()).isNotBlank();
                assertThat(e.remedy()).isNotBlank();
                refused++;
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(printable(text), e);
            }
        }
        assertThat(accepted).isGreaterThan(2_000);
        assertThat(refused).isGreaterThan(2_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void pathsFindTheSameExpressionsAsInTheReference(long seed) {
        Random numbers = new Random(seed);
        RandomPaths random = new RandomPaths(numbers);
        int hits = 0;
        int misses = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<PathExpression> expressions = allowed(random, 1 + numbers.nextInt(round % 10 == 0 ? 60 : 6));
            List<ReferenceExpression> references = expressions.stream()
                    .map(expression -> new ReferenceExpression(expression.text()))
                    .toList();
            PathMatcher together = PathMatcher.compile(expressions);
            List<PathMatcher> alone = expressions.stream()
                    .map(expression -> PathMatcher.compile(List.of(expression)))
                    .toList();
            for (int n = 0; n < 25; n++) {
                String path = random.near(
                        expressions.get(numbers.nextInt(expressions.size())).text());
                List<Integer> expected =
                        where(expressions, i -> references.get(i).matches(path));
                List<Integer> foundAlone = where(expressions, i -> alone.get(i).first(path) == 0);
                assertThat(foundAlone)
                        .as("alone, %s of %s", printable(path), printable(expressions.toString()))
                        .isEqualTo(expected);
                assertThat(all(together, path))
                        .as("together, %s of %s", printable(path), printable(expressions.toString()))
                        .isEqualTo(expected);
                hits += expected.isEmpty() ? 0 : 1;
                misses += expected.isEmpty() ? 1 : 0;
            }
        }
        assertThat(hits).isGreaterThan(ROUNDS);
        assertThat(misses).isGreaterThan(ROUNDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void overlapsHaveAWitnessAndNothingElseOverlaps(long seed) {
        Random numbers = new Random(seed);
        RandomPaths random = new RandomPaths(numbers);
        int overlapping = 0;
        int apart = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<PathExpression> expressions = allowed(random, 2 + numbers.nextInt(4));
            int[] owners = IntStream.range(0, expressions.size())
                    .map(i -> numbers.nextInt(3))
                    .toArray();
            List<ReferenceExpression> references = expressions.stream()
                    .map(expression -> new ReferenceExpression(expression.text()))
                    .toList();
            Set<List<Integer>> found = new LinkedHashSet<>();
            for (Overlaps.Overlap overlap : Overlaps.find(expressions, owners, Integer.MAX_VALUE)) {
                assertThat(owners[overlap.first()]).isNotEqualTo(owners[overlap.second()]);
                assertThat(references.get(overlap.first()).matches(overlap.witness())
                                && references.get(overlap.second()).matches(overlap.witness()))
                        .as("%s in %s", overlap, printable(expressions.toString()))
                        .isTrue();
                assertThat(overlap.witness()).doesNotContainPattern("[?#\\p{Cntrl}]");
                found.add(List.of(overlap.first(), overlap.second()));
            }
            for (int n = 0; n < 60; n++) {
                String path = random.near(
                        expressions.get(numbers.nextInt(expressions.size())).text());
                if (!path.matches("[^?#\\p{Cntrl}]*")) {
                    continue;
                }
                List<Integer> matching =
                        where(expressions, i -> references.get(i).matches(path));
                for (int first : matching) {
                    for (int second : matching) {
                        if (first < second && owners[first] != owners[second]) {
                            assertThat(found)
                                    .as("%s is a witness in %s", printable(path), printable(expressions.toString()))
                                    .contains(List.of(first, second));
                        }
                    }
                }
            }
            overlapping += found.isEmpty() ? 0 : 1;
            apart += found.isEmpty() ? 1 : 0;
        }
        assertThat(overlapping).isGreaterThan(ROUNDS / 20);
        assertThat(apart).isGreaterThan(ROUNDS / 20);
    }

    private static List<PathExpression> allowed(RandomPaths random, int count) {
        List<PathExpression> expressions = new ArrayList<>();
        while (expressions.size() < count) {
            try {
                expressions.add(PathExpression.parse(random.expression()));
            } catch (PathExpressionException e) {
                // the next one may be allowed
            }
        }
        return expressions;
    }

    private static List<Integer> where(List<PathExpression> expressions, IntPredicate matches) {
        return IntStream.range(0, expressions.size()).filter(matches).boxed().toList();
    }

    private static List<Integer> all(PathMatcher matcher, String path) {
        List<Integer> found = new ArrayList<>();
        for (int i = matcher.first(path); i >= 0; i = matcher.firstAfter(i, path)) {
            found.add(i);
        }
        return found;
    }

    /** With everything but plain ASCII as an escape, so that the failure can be copied. */
    private static String printable(String text) {
        return text.chars()
                .mapToObj(c -> c >= ' ' && c <= '~' ? Character.toString(c) : String.format("\\u%04x", c))
                .collect(Collectors.joining());
    }
}
