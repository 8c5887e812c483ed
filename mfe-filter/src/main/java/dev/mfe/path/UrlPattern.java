package dev.mfe.path;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The pathname of a URL pattern (URL Pattern Standard) that browsers understand in place of a path expression.
 *
 * <p>The two languages are close relatives, but URL patterns compare letters exactly and see the URL as the browser
 * writes it: other characters than those below arrive percent-encoded, whereas path expressions are compared as text.
 *
 * @param pathname what stands in {@code {"pathname": …}}
 * @param regexp whether it has groups with regular expressions, which not everyone who reads URL patterns takes
 * @since 0.1
 */
public record UrlPattern(String pathname, boolean regexp) {

    /** What the URL Standard leaves alone in a path and HTTP servers take (RFC 3986 §3.3). */
    private static final String UNCHANGED_IN_URLS = "-._~!$&'()*+,;=:@%";

    private static final String SPECIAL_IN_PATTERNS = "\\*+?:{}()";
    private static final String SPECIAL_IN_REGEXPS = "\\^$.*+?()[]{}|";
    private static final String SEGMENT = "[^\\/]+";

    /** One slash at the end is tolerated. */
    private static final String END = "{/}?";

    /**
     * A pattern for URLs that the expression matches too: all of those whose letters are written as in the expression.
     *
     * <p>Where the expression has an exclusion, {@link #hasEncodedUnreserved} has to be excluded besides.
     *
     * @return empty when there is none
     */
    public static Optional<UrlPattern> within(PathExpression expression) {
        return new Writer(false).write(expression.stepsAsWritten());
    }

    /**
     * A pattern for every URL that the expression matches, in whatever case, except those with percent-encoded
     * unreserved characters; see {@link #hasEncodedUnreserved}.
     *
     * @return empty when there is none
     */
    public static Optional<UrlPattern> around(PathExpression expression) {
        return new Writer(true).write(expression.withUnreservedDecoded().steps());
    }

    /** A pattern for URLs that mfe reads in another way than a URL pattern does (RFC 3986 §6.2.2.2). */
    public static UrlPattern hasEncodedUnreserved() {
        return new UrlPattern("/(.*%(?:2[dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF]|7[eE]).*)", true);
    }

    /** Whether an expression has a part that leaves words out. */
    public static boolean excludes(PathExpression expression) {
        return expression.steps().stream()
                .anyMatch(step -> step instanceof Step.Exclusion
                        || (step instanceof Step.Repeat repeat && repeat.pattern() instanceof Step.Exclusion));
    }

    /** Writes one pattern, segment by segment. */
    private static final class Writer {
        private final boolean anyCase;
        private final StringBuilder pathname = new StringBuilder();
        private boolean regexp;
        private boolean impossible;
        private int names;

        /** The segment so far: as plain text, as a regular expression, and what it consists of. */
        private final StringBuilder text = new StringBuilder();

        private final StringBuilder expression = new StringBuilder();
        private boolean plain = true;
        private boolean wildcard;

        Writer(boolean anyCase) {
            this.anyCase = anyCase;
        }

        Optional<UrlPattern> write(List<Step> steps) {
            for (Step step : steps) {
                if (step instanceof Step.Literal literal && literal.character() == '/') {
                    endSegment();
                    pathname.append('/');
                } else if (step instanceof Step.Literal literal) {
                    checked(String.valueOf(literal.character()));
                    text.append(literal.character());
                    expression.append(regexp(String.valueOf(literal.character()), anyCase));
                } else if (step instanceof Step.Repeat repeat) {
                    repeat(repeat);
                } else if (step instanceof Step.Pattern pattern) {
                    wildcard = expression.isEmpty() && pattern.equals(new Step.Wildcard(true));
                    plain = false;
                    expression.append(regexp(pattern));
                }
            }
            endSegment();
            return impossible
                    ? Optional.empty()
                    : Optional.of(new UrlPattern(pathname.append(END).toString(), regexp));
        }

        private void repeat(Step.Repeat repeat) {
            endSegment();
            // Only a slash belongs to the name behind it in both languages.
            impossible |= !repeat.prefix().equals("/") || !repeat.suffix().isEmpty();
            pathname.append('/');
            if (repeat.pattern().equals(new Step.Wildcard(true))) {
                name();
            } else {
                group(regexp(repeat.pattern()));
            }
            pathname.append(repeat.optional() ? '*' : '+');
        }

        private void endSegment() {
            boolean letters = text.chars().anyMatch(Character::isLetter);
            if (plain && (!anyCase || !letters)) {
                // A browser resolves these, and with them the segment before.
                String segment = RequestPath.decodeUnreserved(text.toString());
                impossible |= segment.equals(".") || segment.equals("..");
                escape(text, SPECIAL_IN_PATTERNS, pathname);
            } else if (wildcard && text.isEmpty() && expression.toString().equals(SEGMENT)) {
                name();
            } else {
                group(expression.toString());
            }
            text.setLength(0);
            expression.setLength(0);
            plain = true;
            wildcard = false;
        }

        private void name() {
            pathname.append(":p").append(names++);
        }

        private void group(String content) {
            regexp = true;
            pathname.append('(').append(content).append(')');
        }

        private String regexp(Step.Pattern pattern) {
            if (pattern instanceof Step.Wildcard any) {
                return any.dots() ? SEGMENT : "[^\\/.]+";
            }
            if (pattern instanceof Step.Alternatives alternatives) {
                return "(?:" + words(alternatives.words(), anyCase) + ")";
            }
            return "(?!" + words(((Step.Exclusion) pattern).words(), true) + ").*";
        }

        private String words(List<String> words, boolean inAnyCase) {
            words.forEach(this::checked);
            return String.join(
                    "|", words.stream().map(word -> regexp(word, inAnyCase)).toList());
        }

        private static String regexp(String text, boolean inAnyCase) {
            StringBuilder written = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                String c = text.substring(i, i + 1);
                String lower = c.toLowerCase(Locale.ROOT);
                String upper = c.toUpperCase(Locale.ROOT);
                if (inAnyCase && !lower.equals(upper)) {
                    written.append('[').append(lower).append(upper).append(']');
                } else {
                    escape(c, SPECIAL_IN_REGEXPS, written);
                }
            }
            return written.toString();
        }

        private static void escape(CharSequence text, String special, StringBuilder to) {
            for (int i = 0; i < text.length(); i++) {
                if (special.indexOf(text.charAt(i)) >= 0) {
                    to.append('\\');
                }
                to.append(text.charAt(i));
            }
        }

        private void checked(String literal) {
            impossible |= !literal.chars()
                    .allMatch(c -> (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '/'
                            || UNCHANGED_IN_URLS.indexOf(c) >= 0);
        }
    }
}
