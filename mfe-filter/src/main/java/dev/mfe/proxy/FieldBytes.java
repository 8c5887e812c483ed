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
        int needed = count + name.length() + value.length() + 4;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, needed));
        }
        count = Syntax.writeField(bytes, count, name, value);
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
