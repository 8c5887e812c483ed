package dev.mfe.config;

import java.util.Arrays;

/** A text with a name that turns offsets into lines and columns. */
final class SourceText {
    private final String name;
    private final String text;
    private final int[] lineStarts;

    SourceText(String name, String text) {
        this.name = name;
        // A byte order mark is no part of the text (RFC 8259 §8.1 lets a reader ignore it)
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        this.lineStarts = lineStarts(this.text);
    }

    String name() {
        return name;
    }

    String text() {
        return text;
    }

    Problem problem(int offset, String pointer, String message, String remedy) {
        int line = line(offset);
        return new Problem(line, offset - lineStarts[line - 1] + 1, pointer, message, remedy);
    }

    /** {@code line:column} of an offset. */
    String where(int offset) {
        int line = line(offset);
        return line + ":" + (offset - lineStarts[line - 1] + 1);
    }

    private int line(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean ends = c == '\n' || (c == '\r' && !text.startsWith("\n", i + 1));
            if (ends) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, count * 2);
                }
                starts[count++] = i + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }
}
