package dev.mfe.config;

/**
 * One thing that is wrong in the routing file: where, what, and what to do.
 *
 * @param line line in the text, counted from 1
 * @param column column in the line, counted from 1 in UTF-16 units
 * @param pointer JSON pointer (RFC 6901) of the place; empty for the whole document and for text that is not JSON
 * @param message what is wrong
 * @param remedy what to do, as an instruction
 * @since 0.1
 */
public record Problem(int line, int column, String pointer, String message, String remedy) {

    /** {@code line:column pointer: message; remedy} on one line, with control characters made visible. */
    @Override
    public String toString() {
        String place = line + ":" + column + (pointer.isEmpty() ? "" : " " + Printable.line(pointer));
        return place + ": " + Printable.line(message) + "; " + Printable.line(remedy);
    }
}
