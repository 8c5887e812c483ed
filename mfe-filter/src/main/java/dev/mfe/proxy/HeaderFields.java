package dev.mfe.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Field lines in the order they came. Flat, growable and made to be filled again: what {@link Exchange} hands out is valid
 * only until its next head is read or it is closed. Not safe for use by several threads.
 *
 * @since 0.1
 */
public final class HeaderFields {

    private String[] names = new String[32];
    private String[] values = new String[32];
    private @Nullable KnownField[] known = new @Nullable KnownField[32];
    private int size;

    /** Makes an empty list. */
    public HeaderFields() {
        Arrays.fill(names, "");
        Arrays.fill(values, "");
    }

    /**
     * Returns the number of field lines.
     *
     * @return zero or more
     */
    public int size() {
        return size;
    }

    /**
     * Returns a field's name in the case it was sent.
     *
     * @param index 0 up to {@link #size()}
     * @return the name
     */
    public String name(int index) {
        return names[index];
    }

    /**
     * Returns a field's value without white space around it; every char is one byte of the wire.
     *
     * @param index 0 up to {@link #size()}
     * @return the value
     */
    public String value(int index) {
        return values[index];
    }

    /**
     * Returns which of the usual names this is.
     *
     * @param index 0 up to {@link #size()}
     * @return the known field, or null for any other name
     */
    public @Nullable KnownField known(int index) {
        return known[index];
    }

    /**
     * Returns the value of the first line with a name.
     *
     * @param field the name
     * @return the value, or null when there is no such line
     */
    public @Nullable String first(KnownField field) {
        for (int i = 0; i < size; i++) {
            if (known[i] == field) {
                return values[i];
            }
        }
        return null;
    }

    /**
     * Adds a line at the end.
     *
     * @param name the name
     * @param value the value
     */
    public void add(String name, String value) {
        append(KnownField.of(name), name, value);
    }

    /** Forgets all lines. */
    public void clear() {
        size = 0;
    }

    void removeAll(KnownField field) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (known[i] != field) {
                names[kept] = names[i];
                values[kept] = values[i];
                known[kept] = known[i];
                kept++;
            }
        }
        size = kept;
    }

    void set(int index, String value) {
        values[index] = value;
    }

    /** Adds a line from bytes that were checked to be a field value. */
    void add(@Nullable KnownField field, String name, byte[] bytes, int from, int to) {
        // Responses of one origin look alike: the value left here by an earlier one is often the value again.
        String value = size < values.length && same(values[size], bytes, from, to)
                ? values[size]
                : new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        append(field, name, value);
    }

    private void append(@Nullable KnownField field, String name, String value) {
        if (size == names.length) {
            names = grow(names);
            values = grow(values);
            known = Arrays.copyOf(known, size * 2);
        }
        names[size] = name;
        values[size] = value;
        known[size] = field;
        size++;
    }

    private String[] grow(String[] full) {
        String[] grown = Arrays.copyOf(full, size * 2);
        Arrays.fill(grown, size, grown.length, "");
        return grown;
    }

    private static boolean same(String old, byte[] bytes, int from, int to) {
        if (old.length() != to - from) {
            return false;
        }
        for (int i = 0; i < old.length(); i++) {
            if (old.charAt(i) != (bytes[from + i] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the lines as they would stand in a message, for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            text.append(names[i]).append(": ").append(values[i]).append('\n');
        }
        return text.toString();
    }
}
