package dev.mfe.path;

import dev.mfe.path.PathExpressionException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one expression in two passes, as path-to-regexp 6.3.0 does: characters to tokens, tokens to parts. Then come
 * the rules that {@code @vercel/microfrontends} 2.4.0 adds. Quirks of both are kept, for the same file must mean the
 * same.
 */
final class PathExpressionParser {
    private static final Pattern OPEN_BRACE = Pattern.compile("(?<!\\\\)\\{");
    private static final Pattern QUESTION_MARK = Pattern.compile("(?<!\\\\|\\()\\?");
    private static final Pattern TWO_COLONS_IN_SEGMENT =
            Pattern.compile("/[^/]*(?<!\\\\):[^/]*(?<!\\\\):", Pattern.DOTALL);
    // ECMAScript's "." leaves out these four line terminators, Java's one more
    private static final Pattern ESCAPED = Pattern.compile("\\\\[^\\n\\r\\u2028\\u2029]");
    // Possessive, as a group that may give something back takes stack for each word
    private static final Pattern ALTERNATIVES = Pattern.compile("[\\w\\-~]++(?:\\|[^:|()]++)++");
    private static final Pattern EXCLUSION = Pattern.compile("\\(\\?![\\w\\-~]++(?:\\|[^:|()]++)*+\\)\\.\\*");
    private static final String EXCLUSION_START = "(?!";
    private static final String EXCLUSION_END = ").*";
    private static final String DELIMITERS = "/#?";

    private final String text;
    private final UnaryOperator<String> spelling;
    private final List<Token> tokens = new ArrayList<>();
    private int next;

    /** With a spelling for what is compared: {@link Canonical} wherever paths are matched. */
    PathExpressionParser(String text, UnaryOperator<String> spelling) {
        this.text = text;
        this.spelling = spelling;
    }

    private enum Kind {
        CHAR,
        ESCAPED_CHAR,
        NAME,
        PATTERN,
        MODIFIER,
        OPEN,
        CLOSE,
        END
    }

    private record Token(Kind kind, int index, String value) {}

    /** A wildcard with what stands around it; an absent pattern is the default one. */
    private record Part(
            @Nullable String name,
            String prefix,
            @Nullable String pattern,
            @Nullable String excludedDot,
            String suffix,
            String modifier,
            String literal) {
        static Part literal(String text) {
            return new Part(null, "", null, null, "", "", text);
        }

        boolean isLiteral() {
            return !literal.isEmpty();
        }
    }

    List<Step> parse() {
        if (!text.startsWith("/")) {
            throw refuse(Reason.NO_LEADING_SLASH, "does not start with a slash", "write \"/" + text.strip() + "\"");
        }
        tokenize();
        List<Part> parts = readParts();
        checkText();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            addSteps(parts.get(i), i == parts.size() - 1, steps);
        }
        if (text.endsWith("/") && !text.equals("/")) {
            throw refuse(
                    Reason.TRAILING_SLASH,
                    "ends with a slash",
                    "remove it, a path with a slash at its end matches all the same");
        }
        return List.copyOf(steps);
    }

    private void tokenize() {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            switch (c) {
                case '*', '+', '?' -> tokens.add(new Token(Kind.MODIFIER, i++, String.valueOf(c)));
                case '{' -> tokens.add(new Token(Kind.OPEN, i++, "{"));
                case '}' -> tokens.add(new Token(Kind.CLOSE, i++, "}"));
                case '\\' -> {
                    if (i + 1 < text.length()) {
                        tokens.add(new Token(Kind.ESCAPED_CHAR, i, text.substring(i + 1, i + 2)));
                    }
                    // the package drops a backslash at the very end
                    i += 2;
                }
                case ':' -> i = tokenizeName(i);
                case '(' -> i = tokenizePattern(i);
                default -> tokens.add(new Token(Kind.CHAR, i++, String.valueOf(c)));
            }
        }
        tokens.add(new Token(Kind.END, text.length(), ""));
    }

    private int tokenizeName(int colon) {
        int end = colon + 1;
        while (end < text.length() && isNameCharacter(text.charAt(end))) {
            end++;
        }
        if (end == colon + 1) {
            throw unparsable(colon, "has a colon without a name", "write \":name\", or \"\\\\:\" for a plain colon");
        }
        tokens.add(new Token(Kind.NAME, colon, text.substring(colon + 1, end)));
        return end;
    }

    private int tokenizePattern(int open) {
        int depth = 1;
        int i = open + 1;
        if (i < text.length() && text.charAt(i) == '?') {
            throw unparsable(open, "has a group that starts with \"?\"", "use \":name(a|b)\" or \":name((?!a|b).*)\"");
        }
        StringBuilder pattern = new StringBuilder();
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\\') {
                pattern.append(text, i, Math.min(i + 2, text.length()));
                i += 2;
                continue;
            }
            if (c == ')' && --depth == 0) {
                break;
            }
            if (c == '(') {
                depth++;
                if (i + 1 >= text.length() || text.charAt(i + 1) != '?') {
                    throw unparsable(i, "has a group inside a group", "write the alternatives out: \":name(a|b|c)\"");
                }
            }
            pattern.append(c);
            i++;
        }
        if (i >= text.length()) {
            throw unparsable(
                    open, "has a parenthesis that is not closed", "close it, or write \"\\\\(\" for a plain one");
        }
        if (pattern.isEmpty()) {
            throw unparsable(open, "has empty parentheses", "write the alternatives: \":name(a|b)\"");
        }
        tokens.add(new Token(Kind.PATTERN, open, pattern.toString()));
        return i + 1;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    }

    private List<Part> readParts() {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (next < tokens.size()) {
            String character = take(Kind.CHAR);
            String name = take(Kind.NAME);
            String pattern = take(Kind.PATTERN);
            if (name != null || pattern != null) {
                String prefix = character == null ? "" : character;
                if (!prefix.equals(".") && !prefix.equals("/")) {
                    literal.append(prefix);
                    prefix = "";
                }
                flush(literal, parts);
                parts.add(wildcard(name, prefix, pattern, "", parts));
                continue;
            }
            String plain = character != null ? character : take(Kind.ESCAPED_CHAR);
            if (plain != null) {
                literal.append(plain);
                continue;
            }
            flush(literal, parts);
            if (take(Kind.OPEN) != null) {
                String prefix = takeText();
                String groupName = take(Kind.NAME);
                String groupPattern = take(Kind.PATTERN);
                String suffix = takeText();
                if (take(Kind.CLOSE) == null) {
                    throw unexpected();
                }
                parts.add(wildcard(groupName, prefix, groupPattern, suffix, parts));
                continue;
            }
            if (take(Kind.END) == null) {
                throw unexpected();
            }
        }
        return parts;
    }

    private Part wildcard(
            @Nullable String name, String prefix, @Nullable String pattern, String suffix, List<Part> before) {
        String stop = pattern == null && name != null ? textBefore(prefix, before) : "";
        String modifier = take(Kind.MODIFIER);
        return new Part(
                name, prefix, pattern, hasDelimiter(stop) ? "" : stop, suffix, modifier == null ? "" : modifier, "");
    }

    /** What a wildcard without a pattern of its own must not contain, so that one can tell where it starts. */
    private String textBefore(String prefix, List<Part> before) {
        if (!prefix.isEmpty() || before.isEmpty()) {
            return prefix;
        }
        Part previous = before.get(before.size() - 1);
        if (!previous.isLiteral()) {
            throw unparsable(
                    tokens.get(next - 1).index(),
                    "has two wildcards without text between them",
                    "put text between them");
        }
        return previous.literal();
    }

    private static boolean hasDelimiter(String text) {
        return text.chars().anyMatch(c -> DELIMITERS.indexOf(c) >= 0);
    }

    private static void flush(StringBuilder literal, List<Part> parts) {
        if (!literal.isEmpty()) {
            parts.add(Part.literal(literal.toString()));
            literal.setLength(0);
        }
    }

    private @Nullable String take(Kind kind) {
        return next < tokens.size() && tokens.get(next).kind() == kind
                ? tokens.get(next++).value()
                : null;
    }

    private String takeText() {
        StringBuilder plain = new StringBuilder();
        while (next < tokens.size()
                && (tokens.get(next).kind() == Kind.CHAR || tokens.get(next).kind() == Kind.ESCAPED_CHAR)) {
            plain.append(tokens.get(next++).value());
        }
        return plain.toString();
    }

    private PathExpressionException unexpected() {
        Token token = tokens.get(next);
        return switch (token.kind()) {
            case MODIFIER ->
                unparsable(
                        token.index(),
                        "has \"" + token.value() + "\" where no wildcard ends",
                        "write \":name" + token.value() + "\", or \"\\\\" + token.value()
                                + "\" for the plain character");
            case CLOSE ->
                unparsable(token.index(), "has a \"}\" without \"{\"", "write \"\\\\}\" for the plain character");
            case END ->
                unparsable(token.index(), "has a \"{\" that is not closed", "write \"\\\\{\" for the plain character");
            default -> unparsable(token.index(), "cannot be read", "see the supported path expressions");
        };
    }

    private void checkText() {
        if (OPEN_BRACE.matcher(text).find() || QUESTION_MARK.matcher(text).find()) {
            throw refuse(
                    Reason.OPTIONAL_PART,
                    "has an optional part",
                    "list the path with and without the part, or write \"\\\\?\" or \"\\\\{\" for the plain character");
        }
        if (TWO_COLONS_IN_SEGMENT.matcher(text).find()) {
            throw refuse(Reason.SEVERAL_WILDCARDS_IN_SEGMENT, "has two wildcards in one segment", "keep one");
        }
    }

    private void addSteps(Part part, boolean last, List<Step> steps) {
        if (part.isLiteral()) {
            addLiteral(part.literal(), steps);
            return;
        }
        if (part.name() == null) {
            throw refuse(Reason.UNNAMED_WILDCARD, "has a wildcard without a name", "write \":path\" in front of it");
        }
        Step.Pattern pattern = pattern(part);
        if (!part.modifier().isEmpty() && !last) {
            throw refuse(
                    Reason.MODIFIER_NOT_LAST,
                    "has \"" + part.modifier() + "\" before the end",
                    "only the last wildcard may repeat; remove what follows or the \"" + part.modifier() + "\"");
        }
        if (part.modifier().isEmpty()) {
            addLiteral(part.prefix(), steps);
            steps.add(pattern);
            addLiteral(part.suffix(), steps);
            return;
        }
        if (part.prefix().isEmpty() && part.suffix().isEmpty()) {
            throw refuse(
                    Reason.CANNOT_REPEAT,
                    "repeats a wildcard that is only a part of its segment",
                    "start a segment with it: \"/:" + part.name() + part.modifier() + "\"");
        }
        steps.add(new Step.Repeat(
                spelling.apply(part.prefix()),
                pattern,
                spelling.apply(part.suffix()),
                part.modifier().equals("*")));
    }

    private void addLiteral(String literal, List<Step> steps) {
        String spelled = spelling.apply(literal);
        for (int i = 0; i < spelled.length(); i++) {
            steps.add(new Step.Literal(spelled.charAt(i)));
        }
    }

    private Step.Pattern pattern(Part part) {
        if (part.pattern() == null) {
            if (part.excludedDot() == null || part.excludedDot().isEmpty()) {
                return new Step.Wildcard(true);
            }
            if (part.excludedDot().equals(".")) {
                return new Step.Wildcard(false);
            }
            throw unsupportedRegex();
        }
        String unescaped = ESCAPED.matcher(part.pattern()).replaceAll("");
        if (ALTERNATIVES.matcher(unescaped).matches()) {
            return new Step.Alternatives(words(part.pattern()));
        }
        if (EXCLUSION.matcher(unescaped).matches()) {
            return new Step.Exclusion(words(part.pattern()
                    .substring(EXCLUSION_START.length(), part.pattern().length() - EXCLUSION_END.length())));
        }
        throw unsupportedRegex();
    }

    private PathExpressionException unsupportedRegex() {
        return refuse(
                Reason.UNSUPPORTED_REGEX,
                "has an unsupported regular expression",
                "use \":name(a|b)\" or \":name((?!a|b).*)\", the first word of letters, digits, \"_\", \"-\" and \"~\""
                        + " or with a backslash before other characters");
    }

    /** The plain words of {@code a|b\.c}. */
    private List<String> words(String alternatives) {
        TreeSet<String> words = new TreeSet<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < alternatives.length(); i++) {
            char c = alternatives.charAt(i);
            if (c == '|') {
                words.add(spelling.apply(word.toString()));
                word.setLength(0);
            } else if (c == '\\') {
                char escaped = alternatives.charAt(++i);
                if (escaped < 0x80 && Character.isLetterOrDigit(escaped)) {
                    throw regexInAlternative("\\\\" + escaped);
                }
                word.append(escaped);
            } else if (".*+?[^$".indexOf(c) >= 0) {
                throw regexInAlternative(String.valueOf(c));
            } else {
                word.append(c);
            }
        }
        words.add(spelling.apply(word.toString()));
        return List.copyOf(words);
    }

    private PathExpressionException regexInAlternative(String syntax) {
        return refuse(
                Reason.REGEX_IN_ALTERNATIVE,
                "has the regular expression \"" + syntax + "\" inside an alternative",
                syntax.startsWith("\\")
                        ? "list the words it stands for"
                        : "write \"\\\\" + syntax + "\" for the plain character, or list the words it stands for");
    }

    private PathExpressionException unparsable(int index, String problem, String remedy) {
        return refuse(Reason.UNPARSABLE, problem + " (at character " + (index + 1) + ")", remedy);
    }

    private PathExpressionException refuse(Reason reason, String problem, String remedy) {
        return new PathExpressionException(text, reason, problem, remedy);
    }
}
