package dev.mfe.path;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All expressions of a set as one nondeterministic automaton over canonical characters. Expressions that begin with the
 * same steps share them, so its size is at most that of the texts and few nodes are active at a time.
 *
 * <p>A {@link Active} is a node plus the words that the rest of the path must not start with: {@code (?!a|b)} looks
 * ahead past the end of its own wildcard, so the ban travels along until it is decided.
 */
final class Nfa {
    static final String DELIMITERS = "/#?";
    private static final String LINE_TERMINATORS = "\n\r\u2028\u2029";
    private static final int[] NONE = {};

    /** What may be done, in visits of a thread, however short the expressions are: a fraction of a second. */
    private static final long LEAST_WORK = 2_000_000;

    private final List<Node> nodes = new ArrayList<>();
    private final List<Active> threads = new ArrayList<>();
    private final Map<Active, Integer> bannedThreads = new HashMap<>();
    private final TreeSet<Character> alphabet = new TreeSet<>();
    private final Node root;
    private final char other;
    private final long mostWork;
    private long work;

    /**
     * The expressions with these indexes of the list; the indexes are what a node accepts.
     *
     * @param workPerNode how much may be done for each node before {@link TooComplexException} says that the effort is
     *     in no proportion to the length of the expressions
     */
    Nfa(List<PathExpression> expressions, int[] indexes, int workPerNode) {
        root = newNode(null);
        for (int i = 0; i < DELIMITERS.length(); i++) {
            alphabet.add(DELIMITERS.charAt(i));
        }
        for (int index : indexes) {
            add(expressions.get(index).steps(), index);
        }
        char unnamed = '\ue000';
        while (alphabet.contains(unnamed)) {
            unnamed++;
        }
        other = unnamed;
        mostWork = LEAST_WORK + (long) workPerNode * nodes.size();
        measure();
        measureRests();
        // the way back of a repetition points to a node that only now is known
        measureRests();
    }

    private void measure() {
        for (int i = nodes.size() - 1; i > 0; i--) {
            Node node = nodes.get(i);
            Node parent = node.parent;
            if (parent != null) {
                parent.size += node.size;
                parent.segments += node.segments + (parent.literal('/') == node ? 1 : 0);
            }
        }
    }

    /** Looks at what may follow each node, from the ends backwards. */
    private void measureRests() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            Rest rest = node.rest;
            if (node.accepted.length > 0) {
                rest.empty = true;
                rest.addTail("", true);
            }
            for (int k = 0; k < node.characters.length; k++) {
                Rest behind = node.successors[k].rest;
                rest.addBehind(node.characters[k] == '/', behind);
                rest.addTailBehind(node.characters[k], behind);
            }
            for (Node free : node.reachedForFree) {
                rest.add(free.rest);
                rest.addTail(free.rest.tail, free.rest.tailIsAll);
            }
            if (node.entered != null) {
                rest.addBehind(false, node.entered.rest);
                rest.addTail(node.entered.rest.tail, false);
            }
            if (node.stay != Characters.NOTHING) {
                rest.addBehind(false, rest);
                rest.addTail(rest.tail, false);
            }
            if (node.afterDelimiter != null) {
                rest.endingInSlash |= 2;
            }
            if (node.manySlashes) {
                rest.addManySlashes();
            }
        }
    }

    /**
     * What the rest of a path can look like. Masks: bit n stands for n slashes, the last bit for all larger numbers.
     */
    static final class Rest {
        private static final int LONGEST_TAIL = 24;

        private boolean empty;
        private long endingInSlash;
        private long endingOtherwise;
        /** Plain text that every rest ends with, not counting the tolerated delimiter; null while no end is known. */
        private @Nullable String tail;

        private boolean tailIsAll;

        /** Whether the same text can be a rest of both kinds; where this says no, there is none. */
        boolean mayEqual(Rest other) {
            return ((empty && other.empty)
                            || (endingInSlash & other.endingInSlash) != 0
                            || (endingOtherwise & other.endingOtherwise) != 0)
                    && mayEndEqual(tail, other.tail);
        }

        private static boolean mayEndEqual(@Nullable String a, @Nullable String b) {
            return a == null || b == null || endsInDelimiter(a) || endsInDelimiter(b) || a.endsWith(b) || b.endsWith(a);
        }

        /** Such a tail can be equal to another one and the tolerated delimiter. */
        private static boolean endsInDelimiter(String tail) {
            return !tail.isEmpty() && DELIMITERS.indexOf(tail.charAt(tail.length() - 1)) >= 0;
        }

        private void addTail(@Nullable String more, boolean moreIsAll) {
            if (tail == null) {
                tail = more;
                tailIsAll = moreIsAll;
            } else if (more != null) {
                int common = 0;
                while (common < Math.min(tail.length(), more.length())
                        && tail.charAt(tail.length() - 1 - common) == more.charAt(more.length() - 1 - common)) {
                    common++;
                }
                tailIsAll &= moreIsAll && common == tail.length() && common == more.length();
                tail = tail.substring(tail.length() - common);
            }
        }

        private void addTailBehind(char c, Rest behind) {
            boolean longer = behind.tail != null && behind.tailIsAll && behind.tail.length() < LONGEST_TAIL;
            addTail(longer ? c + behind.tail : behind.tail, longer);
        }

        private void add(Rest other) {
            empty |= other.empty;
            endingInSlash |= other.endingInSlash;
            endingOtherwise |= other.endingOtherwise;
        }

        private void addBehind(boolean slash, Rest behind) {
            if (slash) {
                endingInSlash |= oneMore(behind.endingInSlash) | (behind.empty ? 2 : 0);
                endingOtherwise |= oneMore(behind.endingOtherwise);
            } else {
                endingInSlash |= behind.endingInSlash;
                endingOtherwise |= behind.endingOtherwise | (behind.empty ? 1 : 0);
            }
        }

        private static long oneMore(long counts) {
            return (counts << 1) | (counts & Long.MIN_VALUE);
        }

        private void addManySlashes() {
            long least = Long.lowestOneBit(endingInSlash | endingOtherwise | (empty ? 1 : 0));
            endingOtherwise |= -least;
            endingInSlash |= -least;
        }
    }

    /** What a wildcard consumes, or what a node consumes while staying where it is. */
    private enum Characters {
        NOTHING,
        /** {@code [^/#?]} */
        SEGMENT,
        /** {@code [^/#?.]} */
        SEGMENT_WITHOUT_DOTS,
        /** {@code .}, which is all but line terminators */
        LINE;

        boolean contains(char c) {
            return switch (this) {
                case NOTHING -> false;
                case SEGMENT -> DELIMITERS.indexOf(c) < 0;
                case SEGMENT_WITHOUT_DOTS -> c != '.' && DELIMITERS.indexOf(c) < 0;
                case LINE -> LINE_TERMINATORS.indexOf(c) < 0;
            };
        }
    }

    /** A place between two characters. Mutable while the automaton is built. */
    static final class Node {
        final int id;
        final @Nullable Node parent;
        /** The node that this one is a part of: both are entered by the same character and leave the same segment. */
        Node anchor = this;
        /** How many nodes, and how many slashes, follow; measures how costly it is to combine this node with others. */
        int size = 1;

        int segments;

        final Rest rest = new Rest();
        private boolean manySlashes;
        private char[] characters = {};
        private Node[] successors = {};
        private final List<Node> reachedForFree = new ArrayList<>(0);
        private Characters stay = Characters.NOTHING;
        private Characters enter = Characters.NOTHING;
        private @Nullable Node entered;
        private @Nullable Words ban;
        private int[] accepted = NONE;
        private @Nullable Node afterDelimiter;
        private @Nullable Map<Step, Node> wildcards;
        private @Nullable Node words;
        private int thread = -1;

        private Node(int id, @Nullable Node parent) {
            this.id = id;
            this.parent = parent;
        }

        private @Nullable Node literal(char c) {
            int at = Arrays.binarySearch(characters, c);
            return at < 0 ? null : successors[at];
        }

        private void putLiteral(char c, Node successor) {
            int at = -Arrays.binarySearch(characters, c) - 1;
            char[] longerCharacters = new char[characters.length + 1];
            Node[] longerSuccessors = new Node[characters.length + 1];
            System.arraycopy(characters, 0, longerCharacters, 0, at);
            System.arraycopy(successors, 0, longerSuccessors, 0, at);
            longerCharacters[at] = c;
            longerSuccessors[at] = successor;
            System.arraycopy(characters, at, longerCharacters, at + 1, characters.length - at);
            System.arraycopy(successors, at, longerSuccessors, at + 1, characters.length - at);
            characters = longerCharacters;
            successors = longerSuccessors;
        }
    }

    /** A node of the tree of words that are banned. */
    static final class Words {
        final int id;
        final TreeMap<Character, Words> next = new TreeMap<>();
        boolean complete;

        private Words(int id) {
            this.id = id;
        }
    }

    /** An active node and the bans that are not decided yet, in order of their ids. */
    record Active(Node node, List<Words> bans) {}

    private int wordsCount;
    private final Map<List<String>, Words> wordsByList = new HashMap<>();

    private Node newNode(@Nullable Node parent) {
        Node node = new Node(nodes.size(), parent);
        nodes.add(node);
        return node;
    }

    private void add(List<Step> steps, int index) {
        Node node = root;
        for (Step step : steps) {
            node = step instanceof Step.Literal literal
                    ? afterLiteral(node, literal.character())
                    : afterWildcard(node, step);
        }
        node.accepted = Arrays.copyOf(node.accepted, node.accepted.length + 1);
        node.accepted[node.accepted.length - 1] = index;
        if (node.afterDelimiter == null) {
            node.afterDelimiter = newNode(node);
        }
        node.afterDelimiter.accepted = node.accepted;
    }

    private Node afterLiteral(Node node, char c) {
        Node successor = node.literal(c);
        if (successor == null) {
            successor = newNode(node);
            node.putLiteral(c, successor);
            alphabet.add(c);
        }
        return successor;
    }

    private Node afterText(Node node, String text) {
        for (int i = 0; i < text.length(); i++) {
            node = afterLiteral(node, text.charAt(i));
        }
        return node;
    }

    private Node afterWildcard(Node node, Step step) {
        Map<Step, Node> wildcards = node.wildcards;
        if (wildcards == null) {
            wildcards = new HashMap<>();
            node.wildcards = wildcards;
        }
        Node known = wildcards.get(step);
        if (known != null) {
            return known;
        }
        Node start = startOf(node, step);
        Node end = step instanceof Step.Repeat repeat ? repeat(start, repeat) : pattern(start, (Step.Pattern) step);
        wildcards.put(step, end);
        return end;
    }

    /**
     * A node of its own for each wildcard, so that the determinizer can part them; but words share their beginnings.
     */
    private Node startOf(Node node, Step step) {
        if (step instanceof Step.Alternatives && node.words != null) {
            return node.words;
        }
        Node start = newNode(node);
        node.reachedForFree.add(start);
        // an exclusion goes on in the next segment, so it is a part of nothing
        start.anchor = step instanceof Step.Exclusion ? start : node.anchor;
        if (step instanceof Step.Alternatives) {
            node.words = start;
        }
        return start;
    }

    private Node pattern(Node start, Step.Pattern pattern) {
        if (pattern instanceof Step.Wildcard wildcard) {
            Characters characters = wildcard.dots() ? Characters.SEGMENT : Characters.SEGMENT_WITHOUT_DOTS;
            if (!wildcard.dots()) {
                alphabet.add('.');
            }
            Node end = newNode(start);
            start.enter = characters;
            start.entered = end;
            end.stay = characters;
            return end;
        }
        if (pattern instanceof Step.Alternatives alternatives) {
            List<Node> ends = new ArrayList<>();
            for (String word : alternatives.words()) {
                ends.add(afterText(start, word));
            }
            Node end = newNode(start);
            ends.forEach(last -> last.reachedForFree.add(end));
            return end;
        }
        Node end = newNode(start);
        start.reachedForFree.add(end);
        end.stay = Characters.LINE;
        end.manySlashes = true;
        end.ban = words(((Step.Exclusion) pattern).words());
        for (int i = 0; i < LINE_TERMINATORS.length(); i++) {
            alphabet.add(LINE_TERMINATORS.charAt(i));
        }
        return end;
    }

    /** {@code prefix pattern (suffix prefix pattern)* suffix}. */
    private Node repeat(Node start, Step.Repeat repeat) {
        Node beforePattern = newNode(afterText(start, repeat.prefix()));
        connect(beforePattern.parent, beforePattern);
        // what has gone round says nothing about how it ends
        beforePattern.rest.addTail("", false);
        beforePattern.manySlashes = (repeat.suffix() + repeat.prefix()).indexOf('/') >= 0;
        Node afterPattern = pattern(beforePattern, repeat.pattern());
        Node again = afterText(afterPattern, repeat.suffix() + repeat.prefix());
        connect(again, beforePattern);
        Node end = newNode(start);
        connect(afterText(afterPattern, repeat.suffix()), end);
        if (repeat.optional()) {
            connect(start, end);
        }
        return end;
    }

    private static void connect(@Nullable Node from, Node to) {
        if (from != null) {
            from.reachedForFree.add(to);
        }
    }

    private Words words(List<String> list) {
        return wordsByList.computeIfAbsent(list, words -> {
            Words tree = new Words(wordsCount++);
            for (String word : words) {
                Words node = tree;
                for (int i = 0; i < word.length(); i++) {
                    alphabet.add(word.charAt(i));
                    node = node.next.computeIfAbsent(word.charAt(i), c -> new Words(wordsCount++));
                }
                node.complete = true;
            }
            return tree;
        });
    }

    /** A character that no expression names, standing for all of them. */
    char other() {
        return other;
    }

    int nodeCount() {
        return nodes.size();
    }

    /** For each node, by its id, the values of all expressions that end at it or below it, combined. */
    int[] below(int nothing, IntUnaryOperator valueOf, IntBinaryOperator combine) {
        int[] values = new int[nodes.size()];
        Arrays.fill(values, nothing);
        // twice, as the way back of a repetition points to a node that only the first time makes known
        for (int pass = 0; pass < 2; pass++) {
            for (int i = nodes.size() - 1; i >= 0; i--) {
                Node node = nodes.get(i);
                int value = values[i];
                for (int index : node.accepted) {
                    value = combine.applyAsInt(value, valueOf.applyAsInt(index));
                }
                for (Node successor : node.successors) {
                    value = combine.applyAsInt(value, values[successor.id]);
                }
                for (Node free : node.reachedForFree) {
                    value = combine.applyAsInt(value, values[free.id]);
                }
                values[i] = node.entered == null ? value : combine.applyAsInt(value, values[node.entered.id]);
            }
        }
        return values;
    }

    /** Every character that some transition names. */
    SortedSet<Character> alphabet() {
        return alphabet;
    }

    Active active(int id) {
        return threads.get(id);
    }

    int[] accepted(int thread) {
        return threads.get(thread).node().accepted;
    }

    /** The threads before the first character. */
    int[] start() {
        ThreadSet set = new ThreadSet();
        close(root, List.of(), set);
        return set.toArray();
    }

    /** The characters on which this thread does something else than on {@link #other()}. */
    void addNamedCharacters(int thread, SortedSet<Character> named) {
        Active at = threads.get(thread);
        Node node = at.node();
        for (char c : node.characters) {
            named.add(c);
        }
        if (node.afterDelimiter != null || node.stay != Characters.NOTHING || node.enter != Characters.NOTHING) {
            for (int i = 0; i < DELIMITERS.length(); i++) {
                named.add(DELIMITERS.charAt(i));
            }
        }
        if (node.stay == Characters.SEGMENT_WITHOUT_DOTS || node.enter == Characters.SEGMENT_WITHOUT_DOTS) {
            named.add('.');
        }
        if (node.stay == Characters.LINE) {
            for (int i = 0; i < LINE_TERMINATORS.length(); i++) {
                named.add(LINE_TERMINATORS.charAt(i));
            }
        }
        for (Words ban : at.bans()) {
            named.addAll(ban.next.keySet());
        }
    }

    /** The threads that follow from this one by a character, added to {@code following}. */
    void step(int thread, char c, ThreadSet following) {
        Active at = threads.get(thread);
        Node node = at.node();
        Node successor = node.literal(c);
        boolean stays = node.stay.contains(c);
        boolean enters = node.enter.contains(c);
        boolean ends = node.afterDelimiter != null && DELIMITERS.indexOf(c) >= 0;
        if (successor == null && !stays && !enters && !ends) {
            return;
        }
        List<Words> bans = at.bans();
        addWork(1 + bans.size());
        if (!bans.isEmpty()) {
            List<Words> undecided = new ArrayList<>(bans.size());
            for (Words ban : bans) {
                Words longer = ban.next.get(c);
                if (longer != null && longer.complete) {
                    return;
                }
                if (longer != null) {
                    undecided.add(longer);
                }
            }
            undecided.sort((a, b) -> Integer.compare(a.id, b.id));
            bans = undecided.stream().distinct().toList();
        }
        if (successor != null) {
            close(successor, withBan(successor, bans), following);
        }
        if (stays) {
            // not an arrival: a ban is not renewed inside its own wildcard
            close(node, bans, following);
        }
        if (enters && node.entered != null) {
            close(node.entered, withBan(node.entered, bans), following);
        }
        if (ends && node.afterDelimiter != null) {
            following.add(id(node.afterDelimiter, bans));
        }
    }

    /** Adds a thread and all it reaches for free; without recursion, as wildcards can stand in a long row. */
    private void close(Node node, List<Words> bans, ThreadSet set) {
        int thread = id(node, bans);
        if (!set.add(thread) || node.reachedForFree.isEmpty()) {
            return;
        }
        Deque<Integer> open = new ArrayDeque<>();
        open.push(thread);
        while (!open.isEmpty()) {
            Active at = threads.get(open.pop());
            for (Node free : at.node().reachedForFree) {
                addWork(1 + at.bans().size());
                int reached = id(free, withBan(free, at.bans()));
                if (set.add(reached)) {
                    open.push(reached);
                }
            }
        }
    }

    /** The bans that hold on arrival at a node. */
    private static List<Words> withBan(Node node, List<Words> bans) {
        if (node.ban == null || bans.contains(node.ban)) {
            return bans;
        }
        List<Words> more = new ArrayList<>(bans);
        more.add(node.ban);
        more.sort((a, b) -> Integer.compare(a.id, b.id));
        return List.copyOf(more);
    }

    void addWork(long more) {
        work += more;
        if (work > mostWork) {
            throw new TooComplexException();
        }
    }

    /** The expressions are so intertwined that combining them would take too long. */
    static final class TooComplexException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooComplexException() {
            super("The path expressions are too intertwined", null, false, false);
        }
    }

    private int id(Node node, List<Words> bans) {
        if (bans.isEmpty()) {
            if (node.thread < 0) {
                node.thread = threads.size();
                threads.add(new Active(node, bans));
            }
            return node.thread;
        }
        Active thread = new Active(node, bans);
        Integer known = bannedThreads.get(thread);
        if (known == null) {
            known = threads.size();
            threads.add(thread);
            bannedThreads.put(thread, known);
        }
        return known;
    }

    /**
     * Drops every thread that cannot match what another one at the same node does not match as well: the one with more
     * bans. Without this, a repeated exclusion would make exponentially many sets.
     */
    int[] withoutRedundant(int[] set) {
        boolean banned = false;
        for (int id : set) {
            banned |= !threads.get(id).bans().isEmpty();
        }
        if (!banned) {
            return set;
        }
        Map<Node, List<Active>> byNode = new HashMap<>();
        for (int id : set) {
            Active thread = threads.get(id);
            byNode.computeIfAbsent(thread.node(), node -> new ArrayList<>()).add(thread);
        }
        return Arrays.stream(set)
                .filter(id -> {
                    Active thread = threads.get(id);
                    return byNode.getOrDefault(thread.node(), List.of()).stream()
                            .noneMatch(other -> hasMoreBans(thread, other));
                })
                .toArray();
    }

    private boolean hasMoreBans(Active thread, Active other) {
        addWork(1 + (long) thread.bans().size() * other.bans().size());
        return thread.bans().size() > other.bans().size() && thread.bans().containsAll(other.bans());
    }

    /** A set of thread ids, in the order of their numbers when read. */
    static final class ThreadSet {
        private int[] ids = new int[8];
        /**
         * Where an id stands in {@link #ids}; what is left of earlier contents does not matter, as it is looked up
         * there.
         */
        private int[] places = new int[64];

        private int count;

        boolean add(int id) {
            if (id >= places.length) {
                places = Arrays.copyOf(places, Math.max(id + 1, places.length * 2));
            }
            int place = places[id];
            if (place < count && ids[place] == id) {
                return false;
            }
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, count * 2);
            }
            places[id] = count;
            ids[count++] = id;
            return true;
        }

        boolean isEmpty() {
            return count == 0;
        }

        void clear() {
            count = 0;
        }

        int[] toArray() {
            int[] sorted = Arrays.copyOf(ids, count);
            Arrays.sort(sorted);
            return sorted;
        }
    }
}
