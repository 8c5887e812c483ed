package dev.mfe.flags;

import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Flags are named, by a path group for example, that nobody answers. Thrown at start-up; the message says for each flag
 * how to add it.
 *
 * @since 0.1
 */
public final class MissingFlagException extends RuntimeException {
    private final List<String> flags;

    MissingFlagException(List<String> flags, UnaryOperator<String> propertyNames) {
        super((flags.size() == 1 ? "1 feature flag is missing:" : flags.size() + " feature flags are missing:")
                + flags.stream()
                        .map(flag -> "\n  " + problem(flag, propertyNames))
                        .collect(Collectors.joining()));
        this.flags = List.copyOf(flags);
    }

    /** What is wrong with one missing flag, and the two ways to add it. */
    static String problem(String flag, UnaryOperator<String> propertyNames) {
        String name = Flag.printable(flag);
        return "\"" + name + "\" has no provider; set the property " + propertyNames.apply(Rollout.property(name))
                + "=true (or false, or a share such as 25%), or register one: FlagProvider.of(\"" + name
                + "\", request -> ...)";
    }

    /**
     * Lists flags that nobody answers.
     *
     * @param flags their names
     * @return a sentence, and a line for each
     */
    public static String listing(Collection<String> flags) {
        return flags.stream()
                .map(flag -> "\n  \"" + flag + "\"")
                .collect(Collectors.joining(
                        "",
                        flags.size() == 1
                                ? "The routing file names a feature flag that nothing answers:"
                                : "The routing file names feature flags that nothing answers:",
                        ""));
    }

    /**
     * Writes the code that answers flags where a framework knows {@link FeatureFlag}.
     *
     * @param annotation what makes a class a bean, such as {@code @Component}
     * @param flags their names
     * @return a class to copy, indented by four spaces, with a method for each flag
     */
    public static String bean(String annotation, Collection<String> flags) {
        return flags.stream()
                .map(flag -> """

                            @FeatureFlag("%s")
                            boolean %s(FlagRequest request) {
                                return false;
                            }
                    """.formatted(escaped(flag), methodName(flag)))
                .collect(Collectors.joining("", "    " + annotation + "\n    class Rollouts {\n", "    }\n"));
    }

    private static String escaped(String flag) {
        return flag.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** {@code newDocs} for {@code new-docs}. */
    private static String methodName(String flag) {
        StringBuilder name = new StringBuilder();
        boolean upper = false;
        for (int i = 0; i < flag.length(); i++) {
            char c = flag.charAt(i);
            if (!Character.isJavaIdentifierPart(c)) {
                upper = name.length() > 0;
            } else if (name.length() > 0 || Character.isJavaIdentifierStart(c)) {
                name.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return name.length() == 0 ? "flag" : name.toString();
    }

    /** The names of the missing flags, in the order they were asked for. */
    public List<String> flags() {
        return flags;
    }
}
