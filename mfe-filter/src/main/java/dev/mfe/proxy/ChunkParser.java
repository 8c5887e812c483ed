package dev.mfe.proxy;

import java.nio.ByteBuffer;

/** Reads what stands between the data of two chunks (RFC 9112 §7.1), strictly: sizes are hexadecimal digits, nothing else. */
final class ChunkParser {

    private static final int MAX_LINE = 1024;
    private static final int MAX_EXTENSIONS = 16 * 1024;

    private boolean dataBefore;
    private int extensionBytes;
    private long size;

    void begin() {
        dataBefore = false;
        extensionBytes = 0;
        size = 0;
    }

    /** The size of the chunk whose line was read; 0 for the last one. */
    long size() {
        return size;
    }

    /** How many line ends are to be read before data, or the end, can come. */
    int linesBeforeData() {
        return dataBefore ? 2 : 1;
    }

    /**
     * Consumes the line break after the data of the chunk before, and the size line of the next chunk.
     *
     * @return false when more bytes are needed
     */
    @SuppressWarnings("ByteBufferBackingArray") // all buffers come from allocate
    boolean parse(ByteBuffer in) throws ProxyException {
        byte[] b = in.array();
        int limit = in.limit();
        int p = in.position();
        if (dataBefore) {
            if (p < limit && b[p] != '\r') {
                throw ProxyException.badResponse("The data of a chunk is longer than its size");
            }
            if (limit - p < 2) {
                return false;
            }
            if (b[p + 1] != '\n') {
                throw ProxyException.badResponse("The data of a chunk does not end in CRLF");
            }
            p += 2;
            in.position(p);
            dataBefore = false;
        }
        int start = p;
        long value = 0;
        while (p < limit) {
            int digit = Syntax.hexDigit(b[p]);
            if (digit < 0) {
                break;
            }
            if (p - start == 15) {
                throw ProxyException.badResponse("The size of a chunk has more than 15 digits");
            }
            value = value << 4 | digit;
            p++;
        }
        if (p == limit) {
            return false;
        }
        if (p == start) {
            throw ProxyException.badResponse("The size of a chunk is not a hexadecimal number");
        }
        int digitsEnd = p;
        p = extensions(b, p, limit);
        if (p < 0) {
            if (limit - start > MAX_LINE) {
                throw longExtensions();
            }
            return false;
        }
        extensionBytes += p - digitsEnd - 2;
        if (p - start > MAX_LINE || extensionBytes > MAX_EXTENSIONS) {
            throw longExtensions();
        }
        in.position(p);
        size = value;
        dataBefore = value > 0;
        return true;
    }

    private static ProxyException longExtensions() {
        return ProxyException.badResponse("The extensions of a chunk are too long");
    }

    /** {@code *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ) CRLF}; returns the index after, or -1. */
    private static int extensions(byte[] b, int start, int limit) throws ProxyException {
        int p = start;
        while (true) {
            int mark = p;
            p = skipBlanks(b, p, limit);
            if (p == limit) {
                return -1;
            }
            if (b[p] == '\r' && p == mark) {
                if (p + 1 == limit) {
                    return -1;
                }
                if (b[p + 1] != '\n') {
                    throw badExtension();
                }
                return p + 2;
            }
            if (b[p] != ';') {
                throw badExtension();
            }
            p = token(b, skipBlanks(b, p + 1, limit), limit);
            if (p == limit) {
                return -1;
            }
            int equals = skipBlanks(b, p, limit);
            if (equals == limit) {
                return -1;
            }
            if (b[equals] == '=') {
                int value = skipBlanks(b, equals + 1, limit);
                if (value == limit) {
                    return -1;
                }
                p = b[value] == '"' ? quoted(b, value + 1, limit) : token(b, value, limit);
                if (p == limit) {
                    return -1;
                }
            }
        }
    }

    private static int token(byte[] b, int start, int limit) throws ProxyException {
        int p = start;
        while (p < limit && Syntax.isToken(b[p] & 0xff)) {
            p++;
        }
        if (p == start && p < limit) {
            throw badExtension();
        }
        return p;
    }

    /** The index after the closing quote, or limit. */
    private static int quoted(byte[] b, int start, int limit) throws ProxyException {
        int p = start;
        while (p < limit) {
            int c = b[p] & 0xff;
            if (c == '"') {
                return p + 1;
            }
            if (!Syntax.isValue(c)) {
                throw badExtension();
            }
            p += c == '\\' ? 2 : 1;
            if (c == '\\' && p <= limit && !Syntax.isValue(b[p - 1] & 0xff)) {
                throw badExtension();
            }
        }
        return limit;
    }

    private static int skipBlanks(byte[] b, int from, int limit) {
        int p = from;
        while (p < limit && (b[p] == ' ' || b[p] == '\t')) {
            p++;
        }
        return p;
    }

    private static ProxyException badExtension() {
        return ProxyException.badResponse("The line of a chunk's size is malformed");
    }
}
