package dev.mfe.path;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The states of a {@link Determinizer} in flat arrays, and the loop that walks them. A state is one number:
 *
 * <ul>
 *   <li>negative: a run, plain text with one way on; what deviates continues in the run's fallback state
 *   <li>from 0: a branch, which is the place of its row in {@link #table}
 *   <li>from {@link #firstWildcard}: a wildcard, which stays where it is up to the next delimiter
 *   <li>from {@link #firstFork}: a fork, several states to follow one after the other
 * </ul>
 *
 * Immutable. Walking allocates nothing, unless more than {@link #MOST_NESTED_FORKS} forks lie behind each other; behind
 * an exclusion in the middle of an expression each segment of a path can be one.
 */
final class Machine {
    static final int NONE = Integer.MAX_VALUE;

    /** The column of all characters that a row does not name. */
    private static final int OTHER = 0;
    /** The column that says what a branch accepts. */
    private static final int END = 1;

    private static final int FIRST_CHARACTER = 2;
    private static final int ASCII = 0x80;

    /**
     * So many forks are followed way by way, which is fastest; ways of deeper ones could multiply with each segment.
     */
    private static final int MOST_NESTED_FORKS = 4;

    private final char[] asciiColumns = new char[ASCII];
    private final char[] characters;
    private final char[] characterColumns;

    /** The rows of all branches, laid over each other; an entry is the row it belongs to, and its content. */
    private final long[] table;

    /** Per run: first and last+1 of its text, what follows, the fallback. */
    private final int[] runs;

    /** What the runs read, as columns. */
    private final char[] text;
    /** Per wildcard: what follows on a slash, on a number sign, on a question mark; what it accepts. */
    private final int[] wildcards;

    private final int[][] forks;
    private final int[][] accepted;
    private final int start;
    private final int firstWildcard;
    private final int firstFork;

    Machine(List<Determinizer.State> states, SortedSet<Character> alphabet) {
        TreeSet<Character> spelled = new TreeSet<>();
        Map<Character, Character> columns = new HashMap<>();
        for (char c : alphabet) {
            columns.put(c, (char) (columns.size() + FIRST_CHARACTER));
        }
        boolean beyondAscii = !alphabet.isEmpty() && alphabet.last() >= ASCII;
        for (int c = 0; c < (beyondAscii ? Character.MAX_VALUE + 1 : ASCII); c++) {
            Character column = columns.get(Canonical.of((char) c));
            if (column != null && c < ASCII) {
                asciiColumns[c] = column;
            } else if (column != null) {
                spelled.add((char) c);
            }
        }
        characters = new char[spelled.size()];
        characterColumns = new char[spelled.size()];
        int count = 0;
        for (char c : spelled) {
            characters[count] = c;
            characterColumns[count++] = columns.getOrDefault(Canonical.of(c), (char) OTHER);
        }

        Layout layout = new Layout(states, columns);
        layout.fill();
        table = layout.table;
        runs = layout.runs();
        text = layout.text.toString().toCharArray();
        wildcards = layout.wildcards();
        forks = layout.forks();
        accepted = layout.accepted.toArray(int[][]::new);
        firstWildcard = table.length;
        firstFork = firstWildcard + wildcards.length / 4;
        start = layout.start();
    }

    /** The smallest accepted index greater than {@code after}, or {@link #NONE}. */
    int first(String path, int after) {
        return walk(path, 0, start, after, 0);
    }

    private int walk(String path, int position, int from, int after, int nested) {
        int length = path.length();
        int state = from;
        int i = position;
        while (true) {
            if (state < 0) {
                int run = ~state << 2;
                int at = runs[run];
                int end = runs[run + 1];
                while (at < end && i < length && text[at] == columnOf(path.charAt(i))) {
                    at++;
                    i++;
                }
                state = at == end ? runs[run + 2] : runs[run + 3];
            } else if (state < firstWildcard) {
                if (i == length) {
                    return firstAfter(accepted[(int) table[state + END]], after);
                }
                long entry = table[state + columnOf(path.charAt(i++))];
                state = (int) ((int) (entry >>> 32) == state ? entry : table[state]);
                if (state == Determinizer.DEAD) {
                    return NONE;
                }
            } else if (state < firstFork) {
                int wildcard = (state - firstWildcard) << 2;
                char c = 0;
                while (i < length && (c = path.charAt(i)) != '/' && c != '#' && c != '?') {
                    i++;
                }
                if (i == length) {
                    return firstAfter(accepted[wildcards[wildcard + 3]], after);
                }
                i++;
                state = wildcards[c == '/' ? wildcard : c == '#' ? wildcard + 1 : wildcard + 2];
            } else {
                return nested == MOST_NESTED_FORKS
                        ? walkTogether(path, i, state, after)
                        : walkApart(path, i, state, after, nested + 1);
            }
        }
    }

    private int walkApart(String path, int position, int fork, int after, int nested) {
        int first = NONE;
        for (int way : forks[fork - firstFork]) {
            first = Math.min(first, walk(path, position, way, after, nested));
        }
        return first;
    }

    /** Follows all ways at once, a character at a time, so that ways that meet go on as one. */
    private int walkTogether(String path, int position, int fork, int after) {
        Ways ways = new Ways();
        Ways following = new Ways();
        addWay(fork, ways);
        for (int i = position; i < path.length(); i++) {
            char c = path.charAt(i);
            for (int k = 0; k < ways.size(); k++) {
                step(ways.state(k), ways.textPosition(k), c, following);
            }
            Ways read = ways;
            ways = following;
            following = read;
            following.clear();
        }
        int first = NONE;
        for (int k = 0; k < ways.size(); k++) {
            first = Math.min(first, firstAfter(acceptedAt(ways.state(k)), after));
        }
        return first;
    }

    private void step(int state, int textPosition, char c, Ways following) {
        int from = state;
        if (from < 0) {
            int run = ~from << 2;
            if (text[textPosition] == columnOf(c)) {
                if (textPosition + 1 < runs[run + 1]) {
                    following.add(from, textPosition + 1);
                } else {
                    addWay(runs[run + 2], following);
                }
                return;
            }
            from = runs[run + 3];
        }
        if (from < firstWildcard) {
            long entry = table[from + columnOf(c)];
            addWay((int) ((int) (entry >>> 32) == from ? entry : table[from]), following);
        } else {
            int delimiter = Nfa.DELIMITERS.indexOf(c);
            addWay(delimiter < 0 ? from : wildcards[((from - firstWildcard) << 2) + delimiter], following);
        }
    }

    private void addWay(int state, Ways ways) {
        if (state >= firstFork) {
            for (int way : forks[state - firstFork]) {
                addWay(way, ways);
            }
        } else if (state != Determinizer.DEAD) {
            ways.add(state, state < 0 ? runs[~state << 2] : 0);
        }
    }

    private int[] acceptedAt(int state) {
        // a run accepts what its fallback accepts
        int end = state < 0 ? runs[(~state << 2) + 3] : state;
        return accepted[end < firstWildcard ? (int) table[end + END] : wildcards[((end - firstWildcard) << 2) + 3]];
    }

    private int columnOf(char c) {
        if (c < ASCII) {
            return asciiColumns[c];
        }
        int at = Arrays.binarySearch(characters, c);
        return at < 0 ? OTHER : characterColumns[at];
    }

    private static int firstAfter(int[] indexes, int after) {
        for (int index : indexes) {
            if (index > after) {
                return index;
            }
        }
        return NONE;
    }

    /** What the arrays take, in bytes. */
    long bytes() {
        long bytes = 2L * (asciiColumns.length + characters.length + characterColumns.length + text.length)
                + 8L * table.length
                + 4L * (runs.length + wildcards.length);
        for (int[] fork : forks) {
            bytes += 16 + 4L * fork.length;
        }
        for (int[] indexes : accepted) {
            bytes += 16 + 4L * indexes.length;
        }
        return bytes;
    }

    /** Tells the kinds of states apart, gives them their numbers, and packs the rows. */
    private static final class Layout {
        private static final int START = 1;
        private static final int NO_RUN = -1;
        /** How far behind the last row a gap is looked for. */
        private static final int FARTHEST_GAP = 512;
        // states can lead back to themselves
        private static final int LONGEST_RUN = 4_096;

        private final List<Determinizer.State> states;
        private final Map<Character, Character> columns;
        /**
         * For a state that only reads plain text: the character and what follows; its fallback is its successor
         * otherwise.
         */
        private final char[] runCharacter;

        private final int[] runSuccessor;
        /** Of each state its place among its kind, or -1 while it was not reached. */
        private final int[] places;

        private final IntList runs = new IntList();
        private final IntList branchStates = new IntList();
        private final IntList wildcardStates = new IntList();
        private final IntList forkStates = new IntList();
        private final StringBuilder text = new StringBuilder();
        private final Map<List<Integer>, Integer> acceptedNumbers = new HashMap<>();
        private final List<int[]> accepted = new ArrayList<>();
        private final int[] rows;
        private final long[] table;

        Layout(List<Determinizer.State> states, Map<Character, Character> columns) {
            this.states = states;
            this.columns = columns;
            runCharacter = new char[states.size()];
            runSuccessor = new int[states.size()];
            places = new int[states.size()];
            Arrays.fill(places, -1);
            Arrays.fill(runSuccessor, NO_RUN);
            for (int state = 0; state < states.size(); state++) {
                findRun(state);
            }
            reach(Determinizer.DEAD);
            reach(START);
            reachAll();
            rows = new int[branchStates.size()];
            table = pack();
        }

        private void findRun(int number) {
            Determinizer.State state = states.get(number);
            if (state.fork != null || state.otherwise == number) {
                return;
            }
            Determinizer.State fallback = states.get(state.otherwise);
            if (fallback.fork != null
                    || fallback.otherwise != state.otherwise
                    || !Arrays.equals(fallback.accepted, state.accepted)) {
                return;
            }
            int differences = 0;
            char[] own = state.characters;
            char[] others = fallback.characters;
            for (int i = 0; i < own.length && differences < 2; i++) {
                if (fallback.successor(own[i]) != state.successors[i]) {
                    differences++;
                    runCharacter[number] = own[i];
                    runSuccessor[number] = state.successors[i];
                }
            }
            for (int i = 0; i < others.length && differences < 2; i++) {
                if (Arrays.binarySearch(own, others[i]) < 0 && state.otherwise != fallback.successors[i]) {
                    differences++;
                    runCharacter[number] = others[i];
                    runSuccessor[number] = state.otherwise;
                }
            }
            if (differences != 1) {
                runSuccessor[number] = NO_RUN;
            }
        }

        private boolean isWildcard(int number) {
            Determinizer.State state = states.get(number);
            return number != Determinizer.DEAD
                    && state.otherwise == number
                    && new String(state.characters).chars().allMatch(c -> Nfa.DELIMITERS.indexOf(c) >= 0);
        }

        private void reach(int number) {
            if (places[number] >= 0) {
                return;
            }
            if (states.get(number).fork != null) {
                places[number] = forkStates.size();
                forkStates.add(number);
            } else if (runSuccessor[number] != NO_RUN) {
                places[number] = runs.size() / 4;
                addRun(number);
            } else if (isWildcard(number)) {
                places[number] = wildcardStates.size();
                wildcardStates.add(number);
            } else {
                places[number] = branchStates.size();
                branchStates.add(number);
            }
        }

        private void addRun(int first) {
            int fallback = states.get(first).otherwise;
            int begin = text.length();
            int state = first;
            do {
                text.append((char) column(runCharacter[state]));
                state = runSuccessor[state];
            } while (text.length() - begin < LONGEST_RUN
                    && runSuccessor[state] != NO_RUN
                    && states.get(state).otherwise == fallback
                    && places[state] < 0);
            runs.add(begin);
            runs.add(text.length());
            runs.add(state);
            runs.add(fallback);
        }

        /** Breadth first by kind, without recursion: paths can be long. */
        private void reachAll() {
            int run = 0;
            int branch = 0;
            int wildcard = 0;
            int fork = 0;
            while (true) {
                if (run < runs.size()) {
                    reach(runs.get(run + 2));
                    reach(runs.get(run + 3));
                    run += 4;
                } else if (branch < branchStates.size()) {
                    reachSuccessors(states.get(branchStates.get(branch++)));
                } else if (wildcard < wildcardStates.size()) {
                    reachSuccessors(states.get(wildcardStates.get(wildcard++)));
                } else if (fork < forkStates.size()) {
                    for (int way : forkOf(fork++)) {
                        reach(way);
                    }
                } else {
                    return;
                }
            }
        }

        private void reachSuccessors(Determinizer.State state) {
            reach(state.otherwise);
            for (int successor : state.successors) {
                reach(successor);
            }
        }

        private int[] forkOf(int i) {
            int[] fork = states.get(forkStates.get(i)).fork;
            return fork == null ? new int[0] : fork;
        }

        private int number(int state) {
            int place = places[state];
            if (states.get(state).fork != null) {
                return table.length + wildcardStates.size() + place;
            }
            if (runSuccessor[state] != NO_RUN) {
                return ~place;
            }
            return isWildcard(state) ? table.length + place : rows[place];
        }

        int start() {
            return number(START);
        }

        int[] runs() {
            int[] numbered = runs.toArray();
            for (int i = 0; i < numbered.length; i += 4) {
                numbered[i + 2] = number(numbered[i + 2]);
                numbered[i + 3] = number(numbered[i + 3]);
            }
            return numbered;
        }

        int[] wildcards() {
            int[] wildcards = new int[4 * wildcardStates.size()];
            for (int i = 0; i < wildcards.length; i += 4) {
                Determinizer.State state = states.get(wildcardStates.get(i / 4));
                for (int k = 0; k < Nfa.DELIMITERS.length(); k++) {
                    wildcards[i + k] = number(state.successor(Nfa.DELIMITERS.charAt(k)));
                }
                wildcards[i + 3] = acceptedNumber(state.accepted);
            }
            return wildcards;
        }

        int[][] forks() {
            int[][] forks = new int[forkStates.size()][];
            for (int i = 0; i < forks.length; i++) {
                forks[i] = Arrays.stream(forkOf(i)).map(this::number).toArray();
            }
            return forks;
        }

        private int column(char c) {
            return columns.getOrDefault(c, (char) OTHER);
        }

        private int acceptedNumber(int[] indexes) {
            return acceptedNumbers.computeIfAbsent(
                    Arrays.stream(indexes).boxed().toList(), list -> {
                        accepted.add(indexes);
                        return accepted.size() - 1;
                    });
        }

        /**
         * Puts each row where its entries hit free places of the table. An entry names its row, so other rows miss it.
         */
        private long[] pack() {
            BitSet taken = new BitSet();
            int lowest = 0;
            for (int i = 0; i < rows.length; i++) {
                int[] named = columnsOf(states.get(branchStates.get(i)).characters);
                int row = taken.nextClearBit(lowest);
                while (!fits(row, named, taken)) {
                    row = taken.nextClearBit(row + 1);
                }
                rows[i] = row;
                taken.set(row, row + FIRST_CHARACTER);
                for (int column : named) {
                    taken.set(row + column);
                }
                // a row that does not fit low down rarely does later; moving on keeps the packing linear
                lowest = taken.nextClearBit(Math.max(lowest, row - FARTHEST_GAP));
            }
            long[] packed = new long[taken.length() + FIRST_CHARACTER + columns.size()];
            Arrays.fill(packed, -1L);
            return packed;
        }

        private int[] columnsOf(char[] characters) {
            int[] columnsOf = new int[characters.length];
            for (int i = 0; i < characters.length; i++) {
                columnsOf[i] = column(characters[i]);
            }
            return columnsOf;
        }

        private static boolean fits(int row, int[] named, BitSet taken) {
            if (taken.get(row + END)) {
                return false;
            }
            for (int column : named) {
                if (taken.get(row + column)) {
                    return false;
                }
            }
            return true;
        }

        /** Fills the packed table; only now every state has its number. */
        void fill() {
            for (int i = 0; i < rows.length; i++) {
                Determinizer.State state = states.get(branchStates.get(i));
                put(rows[i], OTHER, number(state.otherwise));
                put(rows[i], END, acceptedNumber(state.accepted));
                for (int k = 0; k < state.characters.length; k++) {
                    put(rows[i], column(state.characters[k]), number(state.successors[k]));
                }
            }
        }

        private void put(int row, int column, int content) {
            table[row + column] = ((long) row << 32) | (content & 0xffff_ffffL);
        }
    }

    /** States, and where they stand in the text if they are runs, each but once. */
    private static final class Ways {
        private long[] ways = new long[8];
        private int[] places = new int[32];
        private int size;

        int size() {
            return size;
        }

        int state(int way) {
            return (int) (ways[way] >>> 32);
        }

        int textPosition(int way) {
            return (int) ways[way];
        }

        void add(int state, int textPosition) {
            long way = ((long) state << 32) | textPosition;
            int place = place(way);
            if (places[place] != 0) {
                return;
            }
            if (size == ways.length) {
                ways = Arrays.copyOf(ways, size * 2);
                places = new int[places.length * 2];
                for (int i = 0; i < size; i++) {
                    places[place(ways[i])] = i + 1;
                }
                place = place(way);
            }
            ways[size] = way;
            places[place] = ++size;
        }

        private int place(long way) {
            long mixed = way * 0x9e37_79b9_7f4a_7c15L;
            int place = (int) (mixed >>> 32) & (places.length - 1);
            while (places[place] != 0 && ways[places[place] - 1] != way) {
                place = (place + 1) & (places.length - 1);
            }
            return place;
        }

        void clear() {
            Arrays.fill(places, 0);
            size = 0;
        }
    }

    private static final class IntList {
        private int[] values = new int[64];
        private int size;

        void add(int value) {
            put(size, value);
        }

        void put(int at, int value) {
            if (at >= values.length) {
                values = Arrays.copyOf(values, Math.max(at + 1, values.length * 2));
            }
            values[at] = value;
            size = Math.max(size, at + 1);
        }

        int get(int at) {
            return values[at];
        }

        int size() {
            return size;
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
