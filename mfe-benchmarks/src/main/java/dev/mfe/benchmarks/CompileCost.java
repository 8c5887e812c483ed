package dev.mfe.benchmarks;

import dev.mfe.path.Overlaps;
import dev.mfe.path.PathExpression;
import dev.mfe.path.PathMatcher;
import java.util.List;
import java.util.stream.IntStream;

/** Time and memory that the expressions of a file take at start-up: in a fresh JVM, then once the code is warm. */
public final class CompileCost {
    private static final int WARM_UPS = 10;
    private static final int ZONES = 97;

    private CompileCost() {}

    /** Prints a table; takes the number of expressions that is compiled first, while everything is cold. */
    public static void main(String[] arguments) {
        int first = arguments.length == 0 ? 10_000 : Integer.parseInt(arguments[0]);
        System.out.println("expressions  compile ms  check for overlaps ms  bytes compiled  automata");
        measure(first, "cold");
        for (int i = 0; i < WARM_UPS; i++) {
            PathMatcher.compile(mixed(1_000));
        }
        for (int count : new int[] {10, 100, 1_000, 10_000}) {
            measure(count, "warm");
        }
    }

    private static void measure(int count, String state) {
        List<PathExpression> expressions = mixed(count);
        List<PathExpression> apart = apart(count);
        int[] owners = IntStream.range(0, count).map(i -> i % ZONES).toArray();
        long start = System.nanoTime();
        PathMatcher matcher = PathMatcher.compile(expressions);
        long compiled = System.nanoTime();
        int overlaps = Overlaps.find(apart, owners, 1).size();
        long checked = System.nanoTime();
        if (overlaps > 0) {
            throw new IllegalStateException("The zones are meant to be apart");
        }
        System.out.printf(
                "%,11d  %10d  %21d  %,14d  %8d  %s%n",
                count,
                (compiled - start) / 1_000_000,
                (checked - compiled) / 1_000_000,
                matcher.bytes(),
                matcher.automata(),
                state);
    }

    private static List<PathExpression> mixed(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> PathExpression.parse(Expressions.mfe(i)))
                .toList();
    }

    /** Expressions of the kinds of which no two share a path, so that the check has to look everywhere. */
    private static List<PathExpression> apart(int count) {
        return IntStream.iterate(0, i -> i + 1)
                .filter(i -> List.of(0, 2, 3, 5, 8).contains(i % 10))
                .limit(count)
                .mapToObj(i -> PathExpression.parse(Expressions.mfe(i)))
                .toList();
    }
}
