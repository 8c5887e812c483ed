package dev.mfe.config;

import java.util.List;

/**
 * A routing file that cannot be used. The message lists the problems, one a line, each as
 * {@code microfrontends.json:12:9 /applications/docs/routing/0/paths/1: what is wrong; what to do}.
 *
 * @since 0.1
 */
public final class InvalidConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    // A log line is no place for a thousand problems; problems() has them all
    private static final int LISTED = 100;

    private final transient List<Problem> problems;

    InvalidConfigException(String source, List<Problem> problems) {
        super(describe(Printable.line(source), problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the text; at least one. */
    public List<Problem> problems() {
        return problems;
    }

    private static String describe(String source, List<Problem> problems) {
        int count = problems.size();
        StringBuilder text =
                new StringBuilder(source).append(count == 1 ? " has 1 problem:" : " has " + count + " problems:");
        for (Problem problem : problems.subList(0, Math.min(count, LISTED))) {
            text.append('\n').append(source).append(':').append(problem);
        }
        if (count > LISTED) {
            text.append("\n… and ").append(count - LISTED).append(" more");
        }
        return text.toString();
    }
}
