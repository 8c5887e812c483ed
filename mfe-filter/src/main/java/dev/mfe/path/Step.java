package dev.mfe.path;

import java.util.List;

/**
 * One step of an expression, read from left to right. Characters and words are canonical, see {@link Canonical}. After
 * the last step every expression tolerates one delimiter.
 */
sealed interface Step {

    /** Exactly this character. */
    record Literal(char character) implements Step {}

    /** One of the ways a wildcard can be written. */
    sealed interface Pattern extends Step {}

    /** One or more characters but {@code / # ?}; without dots also no {@code .}, as in {@code /file.:ext}. */
    record Wildcard(boolean dots) implements Pattern {}

    /** One of these words. */
    record Alternatives(List<String> words) implements Pattern {}

    /** Any text on one line, slashes included, unless the rest of the path starts with one of these words. */
    record Exclusion(List<String> words) implements Pattern {}

    /** The pattern once or more (when optional also never), each time between prefix and suffix. */
    record Repeat(String prefix, Pattern pattern, String suffix, boolean optional) implements Step {}
}
