package dev.mfe.path;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns an {@link Nfa} into states with one successor for each character (the subset construction).
 *
 * <p>Below a node where both many literal paths and a wildcard go on, the construction would repeat what follows the
 * wildcard under each literal. Where that costs much, the state becomes a fork: a list of states that are followed one
 * after the other. Nodes of a tree are never reached twice, so a path is at most followed once for each way the
 * expressions themselves allow.
 */
final class Determinizer {
    /** No way on from here. */
    static final int DEAD = 0;

    /** Repeating this many states is better than a fork. */
    private static final long CHEAP_REPETITION = 32;

    // usual sets stay near one; alphabets of thousands of characters would need their square
    private static final long TRANSITIONS_PER_STATE = 8;

    private final Nfa nfa;
    private final int budget;
    private long transitions;
    private final List<State> states = new ArrayList<>();
    private final Map<Threads, Integer> known = new HashMap<>();
    private final List<int[]> pending = new ArrayList<>();

    /** The transitions of a state: the characters it names in order, their successors, and that of all others. */
    static final class State {
        private static final State UNEXPANDED = new State(new char[0], new int[0], DEAD, new int[0], null);

        final char[] characters;
        final int[] successors;
        final int otherwise;
        final int[] accepted;
        /** Where not null, the rest says nothing: the path goes on from each of these states. */
        final int @Nullable [] fork;

        private State(char[] characters, int[] successors, int otherwise, int[] accepted, int @Nullable [] fork) {
            this.characters = characters;
            this.successors = successors;
            this.otherwise = otherwise;
            this.accepted = accepted;
            this.fork = fork;
        }

        int successor(char c) {
            int at = Arrays.binarySearch(characters, c);
            return at < 0 ? otherwise : successors[at];
        }
    }

    private static final class Threads {
        private final int[] ids;

        Threads(int[] ids) {
            this.ids = ids;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Threads that && Arrays.equals(ids, that.ids);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(ids);
        }
    }

    private Determinizer(Nfa nfa) {
        this.nfa = nfa;
        this.budget = 20_000 + 4 * nfa.nodeCount();
    }

    /**
     * The states, the first of which is dead and the second the start; null if they would be too many or too costly.
     */
    static @Nullable List<State> determinize(Nfa nfa) {
        try {
            return new Determinizer(nfa).run();
        } catch (Nfa.TooComplexException e) {
            return null;
        }
    }

    private @Nullable List<State> run() {
        stateOf(new int[0], false);
        stateOf(nfa.start(), true);
        TreeSet<Character> named = new TreeSet<>();
        Nfa.ThreadSet following = new Nfa.ThreadSet();
        for (int i = 0; i < pending.size(); i++) {
            if (pending.size() > budget || transitions > TRANSITIONS_PER_STATE * budget) {
                return null;
            }
            if (states.get(i).fork == null) {
                states.set(i, expand(pending.get(i), named, following));
            }
        }
        return states;
    }

    private State expand(int[] threads, SortedSet<Character> named, Nfa.ThreadSet following) {
        named.clear();
        for (int thread : threads) {
            nfa.addNamedCharacters(thread, named);
        }
        int otherwise = successor(threads, nfa.other(), following);
        char[] characters = new char[named.size()];
        int[] successors = new int[named.size()];
        int count = 0;
        for (char c : named) {
            int successor = successor(threads, c, following);
            if (successor != otherwise) {
                characters[count] = c;
                successors[count++] = successor;
            }
        }
        transitions += count;
        return new State(
                Arrays.copyOf(characters, count), Arrays.copyOf(successors, count), otherwise, accepted(threads), null);
    }

    private int successor(int[] threads, char c, Nfa.ThreadSet following) {
        following.clear();
        for (int thread : threads) {
            nfa.step(thread, c, following);
        }
        return stateOf(nfa.withoutRedundant(following.toArray()), c == '/');
    }

    private int[] accepted(int[] threads) {
        int[] accepted = {};
        for (int thread : threads) {
            int[] more = nfa.accepted(thread);
            if (accepted.length == 0) {
                accepted = more;
            } else if (more.length > 0) {
                accepted = IntStream.concat(Arrays.stream(accepted), Arrays.stream(more))
                        .sorted()
                        .distinct()
                        .toArray();
            }
        }
        return accepted;
    }

    private int stateOf(int[] threads, boolean mayFork) {
        Threads key = new Threads(threads);
        Integer number = known.get(key);
        if (number != null) {
            return number;
        }
        List<int[]> parts = mayFork && threads.length > 1 ? parts(threads) : List.of(threads);
        int state = states.size();
        known.put(key, state);
        pending.add(threads);
        states.add(State.UNEXPANDED);
        if (parts.size() > 1) {
            int[] fork = parts.stream().mapToInt(part -> stateOf(part, false)).toArray();
            states.set(state, new State(new char[0], new int[0], DEAD, new int[0], fork));
        }
        return state;
    }

    /** The threads, in as many parts as it takes to repeat little. */
    private List<int[]> parts(int[] threads) {
        Map<Nfa.Node, List<Integer>> byAnchor = new LinkedHashMap<>();
        for (int thread : threads) {
            byAnchor.computeIfAbsent(nfa.active(thread).node().anchor, anchor -> new ArrayList<>())
                    .add(thread);
        }
        List<Nfa.Node> largestFirst = new ArrayList<>(byAnchor.keySet());
        largestFirst.sort(Comparator.comparingInt(node -> -node.size));
        List<Part> parts = new ArrayList<>();
        for (Nfa.Node anchor : largestFirst) {
            Part fitting =
                    parts.stream().filter(part -> part.fits(anchor)).findFirst().orElse(null);
            if (fitting == null) {
                fitting = new Part();
                parts.add(fitting);
            }
            fitting.add(anchor, byAnchor.getOrDefault(anchor, List.of()));
        }
        return parts.stream()
                .map(part -> part.threads.stream()
                        .mapToInt(Integer::intValue)
                        .sorted()
                        .toArray())
                .toList();
    }

    private static final class Part {
        private final List<Integer> threads = new ArrayList<>();
        private long size;
        private long segments;

        boolean fits(Nfa.Node node) {
            long repeated = Math.max((segments + 1) * node.size, (node.segments + 1L) * size);
            return size == 0 || repeated <= CHEAP_REPETITION + 4 * Math.min(size, node.size);
        }

        void add(Nfa.Node node, List<Integer> more) {
            threads.addAll(more);
            size += node.size;
            segments += node.segments;
        }
    }
}
