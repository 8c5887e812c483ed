package dev.mfe.proxy;

import java.util.Arrays;

/**
 * Field lines as they go over the wire, checked while they are written. Made to be filled again. Not safe for use by several
 * threads.
 *
 * @since 0.1
 */
public final class FieldBytes implements FieldWriter {

    private static final int USUAL = 1024;

    /** Longer ones are rare, and an idle connection shall hold little. */
    private static final int KEPT = 8 * 1024;

    private byte[] bytes = new byte[USUAL];
    private int count;

    /** Makes an empty block of fields. */
    public FieldBytes() {}

    /** Forgets all lines. */
    public void clear() {
        count = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[USUAL];
        }
    }

    @Override
    public void field(String name, String value) throws ProxyException {
        if (!Syntax.isToken(name)) {
            throw ProxyException.badRequest("A field name is not a token");
        }
        int nameLength = name.length();
        int valueLength = value.length();
        int p = count;
        if (bytes.length - p < nameLength + valueLength + 4) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, p + nameLength + valueLength + 4));
        }
        byte[] out = bytes;
        for (int i = 0; i < nameLength; i++) {
            out[p++] = (byte) name.charAt(i);
        }
        out[p++] = ':';
        out[p++] = ' ';
        for (int i = 0; i < valueLength; i++) {
            char c = value.charAt(i);
            // Checked before it is cut to a byte: U+010A would become a line feed.
            if (!Syntax.isValue(c)) {
                throw ProxyException.badRequest("A field value holds a control character or one above U+00FF");
            }
            out[p++] = (byte) c;
        }
        out[p++] = '\r';
        out[p++] = '\n';
        count = p;
    }

    /**
     * Lends the bytes out.
     *
     * @return an array that begins with {@link #count()} bytes of field lines; not to be changed, nor used after the next call
     */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * How many bytes there are.
     *
     * @return the length of all lines with their line ends
     */
    public int count() {
        return count;
    }
}
