package dev.mfe.path;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * One path expression of the routing file, such as {@code /docs/:path*}, {@code /:lang(en|de)/about} or
 * {@code /city/:name((?!berlin|paris).*)}.
 *
 * <p>Supported is exactly what the routing file allows: literal text, {@code :name} for one segment or a part of it,
 * {@code :name*} and {@code :name+} at the end, {@code :name(a|b)} and {@code :name((?!a|b).*)}; a backslash takes the
 * meaning from the character behind it. Matching follows path-to-regexp 6.3.0: letters match in both cases, one slash
 * at the end of the path is tolerated, an empty segment never matches {@code :name}, and percent-encoding is compared
 * as text.
 *
 * <p>Immutable. Two expressions are equal when their texts are.
 *
 * @since 0.1
 */
public final class PathExpression {
    private final String text;
    private final List<Step> steps;

    private PathExpression(String text, List<Step> steps) {
        this.text = text;
        this.steps = steps;
    }

    /**
     * Reads an expression.
     *
     * @throws PathExpressionException if the routing file does not allow it; says what is wrong and what to do
     */
    public static PathExpression parse(String text) {
        return new PathExpression(text, new PathExpressionParser(text, Canonical::of).parse());
    }

    /** Text that, inside an expression, stands for exactly the characters of {@code plain}. */
    public static String escape(String plain) {
        StringBuilder text = new StringBuilder(plain.length());
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if ("\\:*+?(){}".indexOf(c) >= 0) {
                text.append('\\');
            }
            text.append(c);
        }
        return text.toString();
    }

    /**
     * The same expression for paths whose percent-encoded unreserved characters were decoded (RFC 3986 §6.2.2.2):
     * {@code /%64ocs} then reads {@code /docs}. The text stays.
     */
    public PathExpression withUnreservedDecoded() {
        return text.indexOf('%') < 0 ? this : new PathExpression(text, UnreservedCharacters.decode(steps));
    }

    /**
     * A few paths that match: with every alternative, with as few and with two segments where a wildcard repeats. For
     * tests and messages; not all paths that match look like one of them.
     */
    public List<String> examples() {
        return Examples.of(steps);
    }

    /** The expression as written. */
    public String text() {
        return text;
    }

    List<Step> steps() {
        return steps;
    }

    /** The steps with letters as they were written. No path is ever matched with these. */
    List<Step> stepsAsWritten() {
        return new PathExpressionParser(text, UnaryOperator.identity()).parse();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathExpression that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
