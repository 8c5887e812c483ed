package dev.mfe.flags;

import java.util.List;

/**
 * The flags of the app contradict each other or cannot be read. Thrown at start-up, with every problem at once.
 *
 * @since 0.1
 */
public final class InvalidFlagsException extends RuntimeException {
    private final List<String> problems;

    InvalidFlagsException(List<String> problems) {
        super((problems.size() == 1 ? "The feature flags have 1 problem:" : heading(problems.size()))
                + "\n  "
                + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    private static String heading(int count) {
        return "The feature flags have " + count + " problems:";
    }

    /** One text a problem: where it is, what is wrong, what to do. */
    public List<String> problems() {
        return problems;
    }
}
