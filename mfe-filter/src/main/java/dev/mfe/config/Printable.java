package dev.mfe.config;

/** Makes text from outside fit for one line of a log: nothing invisible, nothing endless. */
final class Printable {
    private static final int LONGEST_QUOTE = 120;
    private static final int LONGEST_LINE = 600;

    private Printable() {}

    /** The text in double quotes, shortened when long. */
    static String quote(String text) {
        return '"' + shorten(text, LONGEST_QUOTE) + '"';
    }

    /** The text as one line, shortened when very long. */
    static String line(String text) {
        return shorten(text, LONGEST_LINE);
    }

    private static String shorten(String text, int longest) {
        if (text.length() <= longest) {
            return visible(text);
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return visible(text.substring(0, end)) + "…";
    }

    private static String visible(String text) {
        if (text.codePoints().allMatch(Printable::isVisible)) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (isVisible(c)) {
                visible.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    visible.append(String.format("\\u%04x", (int) unit));
                }
            }
        });
        return visible.toString();
    }

    /** False for what could break a line, hide, or turn the reading direction. */
    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
