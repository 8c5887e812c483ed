package dev.mfe.gateway;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Properties of the filter that cannot be used. Thrown at start-up, with every problem at once.
 *
 * @since 0.1
 */
public final class InvalidPropertiesException extends IllegalArgumentException {

    private final transient List<Problem> problems;

    /**
     * One of them.
     *
     * @param property its name
     * @param message what is wrong, and what to do
     */
    public record Problem(String property, String message) {

        /** Name and message on one line. */
        @Override
        public String toString() {
            return property + ": " + message;
        }
    }

    InvalidPropertiesException(List<Problem> problems) {
        super(problems.stream()
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining(
                        "",
                        problems.size() == 1
                                ? "There is a problem with the properties of the microfrontends filter:"
                                : "There are " + problems.size()
                                        + " problems with the properties of the microfrontends filter:",
                        "")));
        this.problems = List.copyOf(problems);
    }

    /**
     * All that is wrong.
     *
     * @return at least one problem
     */
    public List<Problem> problems() {
        return problems;
    }
}
