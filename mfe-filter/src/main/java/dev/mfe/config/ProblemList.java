package dev.mfe.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects problems of one text. */
final class ProblemList {
    // A text with more is not what it is taken for
    private static final int MAX = 1000;

    private static final Comparator<Problem> IN_TEXT =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    private final SourceText source;
    private final List<Problem> problems = new ArrayList<>();

    ProblemList(SourceText source) {
        this.source = source;
    }

    void add(int offset, Pointer pointer, String message, String remedy) {
        if (problems.size() < MAX) {
            problems.add(source.problem(offset, pointer.toString(), message, remedy));
        }
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** The problems in the order of the text; those of one place in the order they were found. */
    List<Problem> inOrder() {
        return problems.stream().sorted(IN_TEXT).toList();
    }
}
