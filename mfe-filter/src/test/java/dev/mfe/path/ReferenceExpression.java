package dev.mfe.path;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an expression means, said a second time: as a regular expression that backtracks, made in one pass from the
 * rules of path-to-regexp 6.3.0. Knows only expressions that are allowed, and is for short paths.
 */
final class ReferenceExpression {
    private static final String SEGMENT = "[^/#?]+?";
    private static final String SEGMENT_WITHOUT_DOTS = "[^/#?.]+?";

    private final String text;
    private final StringBuilder regex = new StringBuilder();
    private final Pattern pattern;
    /** The plain characters since the last wildcard, and whether the last of them was written without a backslash. */
    private String literal = "";

    private boolean lastIsPlain;
    private int next;

    ReferenceExpression(String text) {
        this.text = text;
        while (next < text.length()) {
            char c = text.charAt(next);
            if (c == ':') {
                wildcard();
            } else if (c == '{') {
                next++;
                group();
            } else {
                lastIsPlain = c != '\\';
                literal += character();
            }
        }
        pattern = Pattern.compile(regex + quote(literal) + "[/#?]?");
    }

    boolean matches(String path) {
        return pattern.matcher(canonical(path)).matches();
    }

    /** The next character that stands for itself; a backslash at the very end stands for nothing. */
    private String character() {
        if (text.charAt(next) == '\\') {
            next++;
        }
        return next < text.length() ? text.substring(next, ++next) : "";
    }

    private void wildcard() {
        String prefix = "";
        if (lastIsPlain && (literal.endsWith("/") || literal.endsWith("."))) {
            prefix = literal.substring(literal.length() - 1);
            literal = literal.substring(0, literal.length() - 1);
        }
        regex.append(quote(literal));
        // without a prefix the text before the wildcard is what the wildcard must not hold
        String inner = nameAndPattern(prefix.isEmpty() ? literal : prefix);
        append(prefix, inner, "");
    }

    private void group() {
        regex.append(quote(literal));
        StringBuilder prefix = new StringBuilder();
        while (text.charAt(next) != ':') {
            prefix.append(character());
        }
        String inner = nameAndPattern(prefix.isEmpty() ? literal : prefix.toString());
        StringBuilder suffix = new StringBuilder();
        while (text.charAt(next) != '}') {
            suffix.append(character());
        }
        next++;
        append(prefix.toString(), inner, suffix.toString());
    }

    private void append(String prefix, String inner, String suffix) {
        char modifier = next < text.length() ? text.charAt(next) : ' ';
        String before = quote(prefix);
        String after = quote(suffix);
        if (modifier == '*' || modifier == '+') {
            next++;
            regex.append("(?:" + before + inner + "(?:" + after + before + inner + ")*" + after + ")"
                    + (modifier == '*' ? "?" : ""));
        } else {
            regex.append(before + inner + after);
        }
        literal = "";
        lastIsPlain = false;
    }

    private String nameAndPattern(String textBefore) {
        next++;
        while (next < text.length() && (text.charAt(next) + "").matches("[0-9A-Za-z_]")) {
            next++;
        }
        if (next == text.length() || text.charAt(next) != '(') {
            boolean dots = textBefore.contains("/") || textBefore.contains("#") || textBefore.contains("?");
            return "(?:" + (dots || textBefore.isEmpty() ? SEGMENT : SEGMENT_WITHOUT_DOTS) + ")";
        }
        boolean exclusion = text.startsWith("((?!", next);
        next += exclusion ? "((?!".length() : 1;
        StringBuilder words = new StringBuilder();
        while (text.charAt(next) != ')') {
            words.append(text.charAt(next) == '|' ? text.substring(next, ++next) : quote(character()));
        }
        next += exclusion ? ").*)".length() : 1;
        return exclusion ? "(?:(?!" + words + ")[^\n\r\\u2028\\u2029]*)" : "(?:" + words + ")";
    }

    private static String quote(String plain) {
        StringBuilder quoted = new StringBuilder();
        String canonical = canonical(plain);
        for (int i = 0; i < canonical.length(); i++) {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) canonical.charAt(i)));
        }
        return quoted.toString();
    }

    /** Folds the case as ECMA-262 says, and takes the halves of surrogate pairs apart, which Java would read as one. */
    private static String canonical(String text) {
        StringBuilder canonical = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String upper = String.valueOf(c).toUpperCase(Locale.ROOT);
            boolean folds = upper.length() == 1 && (c < 0x80 || upper.charAt(0) >= 0x80);
            char folded = folds ? upper.charAt(0) : c;
            canonical.append(Character.isSurrogate(folded) ? (char) (folded - 0xd800 + 0xe000) : folded);
        }
        return canonical.toString();
    }
}
