package dev.mfe.path;

/**
 * A path expression that the routing file does not allow.
 *
 * @since 0.1
 */
public final class PathExpressionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final String problem;
    private final String remedy;

    PathExpressionException(String expression, Reason reason, String problem, String remedy) {
        super("\"" + expression + "\" " + problem + "; " + remedy);
        this.reason = reason;
        this.problem = problem;
        this.remedy = remedy;
    }

    /** The rule that the expression breaks. */
    public Reason reason() {
        return reason;
    }

    /** What is wrong, to be read after the expression: {@code has two wildcards in one segment}. */
    public String problem() {
        return problem;
    }

    /** What to do, as an instruction: {@code keep one}. */
    public String remedy() {
        return remedy;
    }

    /** The rules an expression can break. */
    public enum Reason {
        NO_LEADING_SLASH,
        TRAILING_SLASH,
        OPTIONAL_PART,
        SEVERAL_WILDCARDS_IN_SEGMENT,
        UNNAMED_WILDCARD,
        UNSUPPORTED_REGEX,
        /**
         * The npm package accepts a regular expression inside an alternative; mfe refuses it, see
         * {@link PathExpression}.
         */
        REGEX_IN_ALTERNATIVE,
        MODIFIER_NOT_LAST,
        CANNOT_REPEAT,
        UNPARSABLE
    }
}
