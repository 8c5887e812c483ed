package dev.mfe.path;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Finds expressions of different owners that share a path. Exact: the automaton of all expressions is walked by two
 * readers at once, breadth first, so that the first path on which both can end is a shortest one. Pairs of places are
 * left out where nothing can be found: below both only one owner is left, or what is to come never agrees in its number
 * of slashes or in the plain text at its end.
 *
 * @since 0.1
 */
public final class Overlaps {
    private static final int NOBODY = -1;
    private static final int SEVERAL = -2;
    /** What a wildcard reads in a witness where any character would do. */
    private static final String ANY_CHARACTER = "xyzwvutsrqponmlkjihgfedcba0123456789-_~";

    /** Beyond this, which takes about 200 MB, the check gives up. Files with 10,000 expressions stay far below. */
    private static final int MOST_PAIRS = 6_000_000;

    private static final int WORK_PER_NODE = 1_000;

    private final Nfa nfa;
    private final int[] owners;
    private final int limit;
    private final int[] ownerBelow;
    private PairQueue pairs = new PairQueue();
    private boolean plainOnly;
    private final List<Overlap> found = new ArrayList<>();
    private final Set<Long> reported = new HashSet<>();

    private Overlaps(List<PathExpression> expressions, int[] owners, int limit) {
        this.nfa = new Nfa(expressions, IntStream.range(0, expressions.size()).toArray(), WORK_PER_NODE);
        this.owners = owners.clone();
        this.limit = limit;
        this.ownerBelow = nfa.below(NOBODY, index -> owners[index], (a, b) -> {
            if (a == NOBODY || a == b) {
                return b;
            }
            return b == NOBODY ? a : SEVERAL;
        });
    }

    /**
     * Two expressions, by their indexes, and a shortest path that both match. The path holds no {@code ?}, {@code #}
     * and no control character.
     */
    public record Overlap(int first, int second, String witness) {}

    /**
     * The overlaps between expressions of different owners, ordered by index.
     *
     * @param owners for each expression a number from 0 that stands for its owner
     * @param limit how many overlaps to find at most; there may be more where the result is as long
     * @throws IllegalArgumentException if the expressions are too many and too intertwined to be checked
     */
    public static List<Overlap> find(List<PathExpression> expressions, int[] owners, int limit) {
        if (owners.length != expressions.size()) {
            throw new IllegalArgumentException("There must be as many owners as expressions");
        }
        try {
            return new Overlaps(expressions, owners, limit).search();
        } catch (Nfa.TooComplexException e) {
            throw new IllegalArgumentException(
                    "The path expressions are too many and too intertwined to find out whether any two of them share a path",
                    e);
        }
    }

    private List<Overlap> search() {
        // A path without empty segments tells more, so those that need one are searched afterwards
        plainOnly = true;
        walk();
        plainOnly = false;
        walk();
        found.sort(Comparator.comparingInt(Overlap::first).thenComparingInt(Overlap::second));
        return List.copyOf(found);
    }

    private void walk() {
        pairs = new PairQueue();
        int[] start = nfa.start();
        meet(start, start, PairQueue.NO_PAIR, '^');
        TreeSet<Character> characters = new TreeSet<>();
        Nfa.ThreadSet one = new Nfa.ThreadSet();
        Nfa.ThreadSet other = new Nfa.ThreadSet();
        for (int pair = 0; pair < pairs.size() && found.size() < limit; pair++) {
            int left = pairs.left(pair);
            int right = pairs.right(pair);
            characters.clear();
            nfa.addNamedCharacters(left, characters);
            nfa.addNamedCharacters(right, characters);
            int any = unnamed(characters);
            for (char c : characters) {
                boolean control = c < ' ' || c == 0x7f;
                if (!control && c != '?' && c != '#' && !(c == '/' && plainOnly && pairs.afterSlash(pair))) {
                    step(pair, left, right, c, c, one, other);
                }
            }
            if (any >= 0) {
                step(pair, left, right, nfa.other(), (char) any, one, other);
            }
        }
    }

    /** A character that is none of these, or -1. */
    private static int unnamed(Set<Character> named) {
        for (int i = 0; i < ANY_CHARACTER.length(); i++) {
            if (!named.contains(Canonical.of(ANY_CHARACTER.charAt(i)))) {
                return ANY_CHARACTER.charAt(i);
            }
        }
        for (int c = '\u0101'; c <= Character.MAX_VALUE; c++) {
            if (!named.contains(Canonical.of((char) c))) {
                return c;
            }
        }
        return -1;
    }

    private void step(int pair, int left, int right, char c, char shown, Nfa.ThreadSet one, Nfa.ThreadSet other) {
        one.clear();
        nfa.step(left, c, one);
        if (one.isEmpty()) {
            return;
        }
        int[] lefts = one.toArray();
        if (left == right) {
            meet(lefts, lefts, pair, shown);
            return;
        }
        other.clear();
        nfa.step(right, c, other);
        if (!other.isEmpty()) {
            meet(lefts, other.toArray(), pair, shown);
        }
    }

    private void meet(int[] lefts, int[] rights, int from, char by) {
        for (int left : lefts) {
            for (int right : rights) {
                if ((lefts != rights || left <= right) && mayEndTogether(left, right)) {
                    int pair = pairs.add(left, right, from, by);
                    if (pairs.size() > MOST_PAIRS) {
                        throw new Nfa.TooComplexException();
                    }
                    if (pair != PairQueue.KNOWN && !(plainOnly && by == '/' && pairs.hasOrigin(from))) {
                        report(left, right, pair);
                    }
                }
            }
        }
    }

    private boolean mayEndTogether(int left, int right) {
        Nfa.Node a = nfa.active(left).node();
        Nfa.Node b = nfa.active(right).node();
        int owner = ownerBelow[a.id];
        return a.rest.mayEqual(b.rest) && (owner == SEVERAL || owner != ownerBelow[b.id]);
    }

    private void report(int left, int right, int pair) {
        for (int first : nfa.accepted(left)) {
            for (int second : nfa.accepted(right)) {
                long key = ((long) Math.min(first, second) << 32) | Math.max(first, second);
                if (owners[first] != owners[second] && found.size() < limit && reported.add(key)) {
                    found.add(new Overlap(Math.min(first, second), Math.max(first, second), pairs.path(pair)));
                }
            }
        }
    }

    /** Pairs of threads in the order they were met, each but once, with the way that led to them. */
    private static final class PairQueue {
        static final int NO_PAIR = -1;
        static final int KNOWN = -2;
        private static final int AFTER_SLASH = 1 << 31;

        private long[] pairs = new long[1024];
        private int[] origins = new int[1024];
        private char[] characters = new char[1024];
        private int[] places = new int[4096];
        private int size;

        int size() {
            return size;
        }

        /** Whether the pair is not the first, so that a slash which led from it is not the whole path. */
        boolean hasOrigin(int pair) {
            return pair != NO_PAIR && origins[pair] != NO_PAIR;
        }

        boolean afterSlash(int pair) {
            return characters[pair] == '/';
        }

        int left(int pair) {
            return (int) (pairs[pair] >>> 32) & ~AFTER_SLASH;
        }

        int right(int pair) {
            return (int) pairs[pair];
        }

        int add(int left, int right, int from, char by) {
            int first = Math.min(left, right) | (by == '/' ? AFTER_SLASH : 0);
            long pair = ((long) first << 32) | Math.max(left, right);
            int place = place(pair);
            if (places[place] != 0) {
                return KNOWN;
            }
            if (size == pairs.length) {
                pairs = Arrays.copyOf(pairs, size * 2);
                origins = Arrays.copyOf(origins, size * 2);
                characters = Arrays.copyOf(characters, size * 2);
            }
            pairs[size] = pair;
            origins[size] = from;
            characters[size] = by;
            places[place] = ++size;
            if (size * 3L > places.length * 2L) {
                places = new int[places.length * 2];
                for (int i = 0; i < size; i++) {
                    places[place(pairs[i])] = i + 1;
                }
            }
            return size - 1;
        }

        private int place(long pair) {
            long mixed = pair * 0x9e37_79b9_7f4a_7c15L;
            int place = (int) (mixed >>> 32) & (places.length - 1);
            while (places[place] != 0 && pairs[places[place] - 1] != pair) {
                place = (place + 1) & (places.length - 1);
            }
            return place;
        }

        String path(int pair) {
            StringBuilder reversed = new StringBuilder();
            for (int i = pair; origins[i] != NO_PAIR; i = origins[i]) {
                reversed.append(characters[i]);
            }
            return Canonical.usual(reversed.reverse());
        }
    }
}
