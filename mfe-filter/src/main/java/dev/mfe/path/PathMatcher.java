package dev.mfe.path;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds, among many path expressions, the first that matches a path.
 *
 * <p>All expressions are compiled into one automaton: a path is read once, from left to right, whatever the number of
 * expressions, and without allocating. For sets whose automaton would be too large, some expressions get an automaton
 * of their own (then the path is read once for each). Where wildcards and exclusions compete in one segment after
 * another, a path is followed in several ways at once, still in time that grows with its length only, and that takes a
 * little memory.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @since 0.1
 */
public final class PathMatcher {
    /** Mixed expressions take about a tenth. */
    private static final int WORK_PER_NODE = 50;

    private final Machine[] machines;

    private PathMatcher(List<Machine> machines) {
        this.machines = machines.toArray(Machine[]::new);
    }

    /**
     * Compiles expressions, taking time and memory in proportion to the length of their texts.
     *
     * @throws IllegalArgumentException if a single expression is too complex, which takes long nested exclusions
     */
    public static PathMatcher compile(List<PathExpression> expressions) {
        List<Machine> machines = new ArrayList<>();
        compile(expressions, IntStream.range(0, expressions.size()).toArray(), machines);
        return new PathMatcher(machines);
    }

    private static void compile(List<PathExpression> expressions, int[] indexes, List<Machine> machines) {
        Nfa nfa = new Nfa(expressions, indexes, WORK_PER_NODE);
        List<Determinizer.State> states = Determinizer.determinize(nfa);
        if (states != null) {
            machines.add(new Machine(states, nfa.alphabet()));
            return;
        }
        if (indexes.length == 1) {
            throw new IllegalArgumentException("The path expression \"" + expressions.get(indexes[0])
                    + "\" is too complex; use fewer or shorter excluded words");
        }
        // What goes on behind an exclusion is what makes an automaton large, as the exclusion spans any number of
        // segments
        int[] harmless = Arrays.stream(indexes)
                .filter(i -> !continuesAfterExclusion(expressions.get(i)))
                .toArray();
        int[] suspects = Arrays.stream(indexes)
                .filter(i -> continuesAfterExclusion(expressions.get(i)))
                .toArray();
        if (harmless.length == 0 || suspects.length == 0) {
            harmless = Arrays.copyOfRange(indexes, 0, indexes.length / 2);
            suspects = Arrays.copyOfRange(indexes, indexes.length / 2, indexes.length);
        }
        compile(expressions, harmless, machines);
        compile(expressions, suspects, machines);
    }

    private static boolean continuesAfterExclusion(PathExpression expression) {
        List<Step> steps = expression.steps();
        return steps.subList(0, steps.size() - 1).stream().anyMatch(Step.Exclusion.class::isInstance);
    }

    /**
     * The index of the first expression that matches, or -1.
     *
     * @param path the path as text; nothing in it is decoded, and a query is not cut off
     */
    public int first(String path) {
        return firstAfter(-1, path);
    }

    /** The index of the first expression that matches and stands behind {@code index}, or -1. */
    public int firstAfter(int index, String path) {
        int first = Machine.NONE;
        for (Machine machine : machines) {
            first = Math.min(first, machine.first(path, index));
        }
        return first == Machine.NONE ? -1 : first;
    }

    /** What the compiled form takes, in bytes. */
    public long bytes() {
        return Arrays.stream(machines).mapToLong(Machine::bytes).sum();
    }

    /** How many times a path is read: 1 unless the set would have made too large an automaton. */
    public int automata() {
        return machines.length;
    }
}
