package dev.mfe.flags;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Flags are named, by a path group for example, that nobody answers. Thrown at start-up; the message says for each flag how
 * to add it.
 *
 * @since 0.1
 */
public final class MissingFlagException extends RuntimeException {
    private final List<String> flags;

    MissingFlagException(List<String> flags) {
        super((flags.size() == 1 ? "1 feature flag is missing:" : flags.size() + " feature flags are missing:")
                + flags.stream().map(flag -> "\n  " + problem(flag)).collect(Collectors.joining()));
        this.flags = List.copyOf(flags);
    }

    /** What is wrong with one missing flag, and the two ways to add it. */
    static String problem(String flag) {
        String name = Flag.printable(flag);
        return "\"" + name + "\" has no provider; set the property " + Rollout.PROPERTY_PREFIX + name
                + "=true (or false, or a share such as 25%), or register one: FlagProvider.of(\"" + name
                + "\", request -> ...)";
    }

    /** The names of the missing flags, in the order they were asked for. */
    public List<String> flags() {
        return flags;
    }
}
