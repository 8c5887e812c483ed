package dev.mfe.proxy;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The memory one exchange works in. Lent by the pool for the length of an exchange, so idle connections and parked
 * streams hold none, and the one used last, still in the processor's cache, is used next.
 */
final class Workspace {

    static final int IN_SIZE = 16 * 1024;
    static final int OUT_SIZE = 16 * 1024;
    private static final int MAX_OUT = 256 * 1024;

    final HeadParser parser;

    ByteBuffer in = ByteBuffer.allocate(IN_SIZE);
    /** The window onto {@link #in} that is handed out. */
    ByteBuffer part = in.duplicate();

    byte[] out = new byte[OUT_SIZE];
    ByteBuffer outBuffer = ByteBuffer.wrap(out);
    int outCount;

    Workspace(HeadParser parser) {
        this.parser = parser;
        in.limit(0);
    }

    void reset() {
        if (in.capacity() > IN_SIZE) {
            in = ByteBuffer.allocate(IN_SIZE);
            part = in.duplicate();
        }
        if (out.length > OUT_SIZE) {
            out = new byte[OUT_SIZE];
            outBuffer = ByteBuffer.wrap(out);
        }
        in.limit(0);
        outCount = 0;
    }

    /** Makes room behind the unread bytes. */
    void makeRoom() {
        if (in.position() > 0) {
            in.compact();
        } else if (in.limit() == in.capacity()) {
            ByteBuffer larger = ByteBuffer.allocate(in.capacity() * 2);
            larger.put(in);
            in = larger;
            part = larger.duplicate();
        } else {
            in.position(in.limit());
            in.limit(in.capacity());
        }
    }

    void reserveOut(int bytes) throws ProxyException {
        int needed = outCount + bytes;
        if (needed > out.length) {
            if (needed > MAX_OUT) {
                throw ProxyException.badRequest("The head of the request is larger than " + MAX_OUT + " bytes");
            }
            out = Arrays.copyOf(out, Math.max(needed, out.length * 2));
            outBuffer = ByteBuffer.wrap(out);
        }
    }

    /** Appends text of which every char was checked to be allowed, hence to be one byte. */
    void put(String text) throws ProxyException {
        int length = text.length();
        reserveOut(length);
        for (int i = 0; i < length; i++) {
            out[outCount + i] = (byte) text.charAt(i);
        }
        outCount += length;
    }

    void putField(String name, String value) throws ProxyException {
        reserveOut(name.length() + value.length() + 4);
        outCount = Syntax.writeField(out, outCount, name, value);
    }

    void put(int first, int second) throws ProxyException {
        reserveOut(2);
        out[outCount++] = (byte) first;
        out[outCount++] = (byte) second;
    }
}
