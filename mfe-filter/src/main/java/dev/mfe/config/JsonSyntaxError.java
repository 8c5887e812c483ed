package dev.mfe.config;

import static dev.mfe.config.Printable.quote;

import org.jspecify.annotations.Nullable;

/**
 * Says in our words what the tokenizer stumbled over. Its own words are for programmers, and its offset may be that of
 * the offending character or of what follows; they are only looked at for what the text alone does not tell.
 */
final class JsonSyntaxError {
    private static final String WRITE_COMMENT = "write // or /* */";

    private final SourceText source;
    private final String text;
    private final @Nullable Integer open;
    private final boolean complete;
    private final String hint;

    /**
     * An error in a text.
     *
     * @param open where the innermost object or array that is not closed starts
     * @param complete whether the value has been read to its end
     * @param hint the words of the tokenizer
     */
    JsonSyntaxError(SourceText source, @Nullable Integer open, boolean complete, String hint) {
        this.source = source;
        this.text = source.text();
        this.open = open;
        this.complete = complete;
        this.hint = hint;
    }

    /** The problem, given the offset that the tokenizer reports. */
    Problem at(int reported) {
        if (hint.contains("in a comment")) {
            return problem(reported, "the text ends inside a comment", "write */ at the end of the comment");
        }
        int offset = passedControlCharacter(reported) ? reported - 1 : reported;
        if (offset == text.length()) {
            return endsTooEarly();
        }
        char c = text.charAt(offset);
        if (isControl(c) || c == '\n' || c == '\r' || c == '\t') {
            return controlCharacter(offset, c);
        }
        if (hint.contains("escape")) {
            return badEscape(Math.max(0, text.lastIndexOf('\\', offset)));
        }
        if (hint.contains("for a comment")) {
            return problem(offset - 1, "a slash alone starts no comment", WRITE_COMMENT);
        }
        if (hint.contains("numeric value") || hint.contains("Non-standard token")) {
            return unexpected(wordStart(offset));
        }
        if (isWordCharacter(c) && wordStart(offset) < offset) {
            return unexpected(wordStart(offset));
        }
        return complete ? textAfterEnd(offset) : betweenWords(offset, c);
    }

    private Problem betweenWords(int offset, char c) {
        boolean startsSomething = isWordCharacter(c) || "\"{[".indexOf(c) >= 0;
        if (hint.contains("comma to separate") && startsSomething) {
            return problem(offset, "a comma is missing in front of this", "put a comma there");
        }
        if (hint.contains("colon to separate") && startsSomething) {
            return problem(offset, "a colon is missing in front of this", "write \"key\": value");
        }
        if (hint.contains("start field name") && isWordCharacter(c)) {
            return problem(
                    offset, quote(word(offset)) + " stands where a key is expected", "put keys in double quotes");
        }
        return unexpected(offset);
    }

    private boolean passedControlCharacter(int offset) {
        return offset > 0
                && isControl(text.charAt(offset - 1))
                && (offset == text.length() || !isControl(text.charAt(offset)));
    }

    private Problem endsTooEarly() {
        int end = text.length();
        if (hint.contains("quote") || hint.contains("escape")) {
            return problem(end, "the text ends inside a string", "close the string with a double quote");
        }
        if (open == null) {
            return problem(end, "the text ends too early", "complete it");
        }
        boolean object = text.charAt(open) == '{';
        return problem(
                end,
                "the text ends before the " + (object ? "object" : "array") + " that starts at " + source.where(open)
                        + " is closed",
                "close it with " + (object ? '}' : ']'));
    }

    private Problem controlCharacter(int offset, char c) {
        return switch (c) {
            case '\n', '\r' -> problem(offset, "a string goes on over the end of the line", "close it, or write \\n");
            case '\t' -> problem(offset, "a string holds a tab", "write \\t");
            default ->
                problem(
                        offset,
                        "there is the control character " + codePoint(c),
                        "remove it, or write it as an escape");
        };
    }

    private Problem badEscape(int offset) {
        String escape = text.substring(offset, Math.min(offset + 2, text.length()));
        if (escape.equals("\\u")) {
            return problem(offset, "\\u is not followed by four hexadecimal digits", "write four, as in \\u00e9");
        }
        return problem(
                offset,
                quote(escape) + " is no JSON escape",
                "write \\\\ for a backslash; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits");
    }

    private Problem textAfterEnd(int offset) {
        return problem(offset, "there is text after the end of the JSON value", "remove it");
    }

    private Problem unexpected(int offset) {
        char c = text.charAt(offset);
        return switch (c) {
            case ',' ->
                problem(
                        offset,
                        "there is a comma with nothing in front of it",
                        "remove it; one comma may follow the last entry, not two");
            case '#' -> problem(offset, "\"#\" starts no comment", WRITE_COMMENT);
            case '}', ']' -> unexpectedClose(offset, c);
            case '\'', '`', '\u2018', '\u2019', '\u201C', '\u201D' ->
                problem(offset, "there is a quote of the wrong kind", "JSON uses plain double quotes");
            default -> isWordCharacter(c) ? unexpectedWord(offset) : unexpectedCharacter(offset);
        };
    }

    private Problem unexpectedClose(int offset, char c) {
        if (open == null) {
            return problem(offset, "\"" + c + "\" closes nothing", "remove it");
        }
        char start = text.charAt(open);
        char expected = start == '{' ? '}' : ']';
        if (expected == c) {
            return problem(offset, "there is \"" + c + "\" where a value is expected", "write the value");
        }
        return problem(
                offset,
                "\"" + c + "\" cannot close what starts with \"" + start + "\" at " + source.where(open),
                "write \"" + expected + "\" first");
    }

    private Problem unexpectedWord(int offset) {
        String word = word(offset);
        char first = word.charAt(0);
        boolean number = (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
        return problem(
                offset,
                quote(word) + " is not JSON",
                number
                        ? "write numbers in decimal and without leading zeros"
                        : "put text in double quotes; the only words without are true, false and null");
    }

    private Problem unexpectedCharacter(int offset) {
        int c = text.codePointAt(offset);
        if (Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT) {
            return problem(offset, "there is the invisible character " + codePoint(c), "replace it by a plain space");
        }
        return problem(
                offset,
                quote(Character.toString(c)) + " cannot stand here",
                "check what is in front of it; text stands in double quotes");
    }

    private int wordStart(int offset) {
        int start = offset;
        while (start > 0 && isWordCharacter(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private String word(int offset) {
        int end = offset;
        while (end < text.length() && isWordCharacter(text.charAt(end))) {
            end++;
        }
        return text.substring(offset, end);
    }

    private static boolean isWordCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '.' || c == '+' || c == '-';
    }

    private static boolean isControl(char c) {
        return c < 0x20 && c != '\n' && c != '\r' && c != '\t';
    }

    private static String codePoint(int c) {
        return String.format("U+%04X", c);
    }

    private Problem problem(int offset, String message, String remedy) {
        return source.problem(offset, "", message, remedy);
    }
}
