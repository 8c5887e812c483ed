package dev.mfe.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads a response head, or a trailer section, line by line from bytes that arrive in any portions. What RFC 9112 lets a
 * recipient repair (bare LF, folded lines, white space before the colon) is refused instead: two parties that repair
 * differently see two different messages, and that is how responses are smuggled.
 */
final class HeadParser {

    private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

    private final int maxBytes;
    private final int maxFields;

    private final ResponseHead head = new ResponseHead();
    private final HeaderFields trailers = new HeaderFields();

    private HeaderFields target = head.fields();
    private boolean statusLineNext = true;
    private int bytesBefore;

    private int minorVersion;
    private boolean lengthSeen;

    /** Whether the one line had a list of equal lengths, of which one is passed on. */
    private boolean lengthRepeated;

    private boolean transferEncodingSeen;
    private boolean close;
    private long keepAliveNanos;

    HeadParser(int maxBytes, int maxFields) {
        this.maxBytes = maxBytes;
        this.maxFields = maxFields;
    }

    void beginHead() {
        head.reset();
        target = head.fields();
        statusLineNext = true;
        bytesBefore = 0;
        lengthSeen = false;
        lengthRepeated = false;
        transferEncodingSeen = false;
        close = false;
        keepAliveNanos = Long.MAX_VALUE;
    }

    void beginTrailers() {
        trailers.clear();
        target = trailers;
        statusLineNext = false;
        bytesBefore = 0;
    }

    ResponseHead head() {
        return head;
    }

    HeaderFields trailers() {
        return trailers;
    }

    /** Whether the body is chunked; the only transfer coding there is here. */
    boolean chunked() {
        return transferEncodingSeen;
    }

    /** Whether the origin ends the connection after this response. */
    boolean close() {
        // RFC 9112 §9.3: a proxy must not keep a connection to an HTTP/1.0 server.
        return close || minorVersion == 0;
    }

    /** How long the origin says it keeps the connection, {@link Long#MAX_VALUE} when it does not say. */
    long keepAliveNanos() {
        return keepAliveNanos;
    }

    /**
     * Consumes whole lines.
     *
     * @param in an array-backed buffer, left after the last line consumed
     * @return whether the empty line at the end was among them; if not, call again with more bytes
     */
    @SuppressWarnings("ByteBufferBackingArray") // all buffers come from allocate
    boolean parse(ByteBuffer in) throws ProxyException {
        byte[] bytes = in.array();
        int limit = in.limit();
        int start = in.position();
        while (true) {
            int next;
            if (statusLineNext) {
                next = statusLine(bytes, start, limit);
            } else if (start < limit && bytes[start] == '\r') {
                next = lineEnd(bytes, start, limit);
                if (next > 0) {
                    in.position(next);
                    checkSize(next - start);
                    if (target == head.fields()) {
                        checkFraming();
                    }
                    return true;
                }
            } else {
                next = fieldLine(bytes, start, limit);
            }
            if (next < 0) {
                // A line that does not fit will not fit later either.
                if (bytesBefore + (limit - start) > maxBytes) {
                    throw tooLarge();
                }
                in.position(start);
                return false;
            }
            checkSize(next - start);
            start = next;
        }
    }

    private void checkSize(int lineBytes) throws ProxyException {
        bytesBefore += lineBytes;
        if (bytesBefore > maxBytes) {
            throw tooLarge();
        }
    }

    private ProxyException tooLarge() {
        return ProxyException.badResponse("The fields of the response take more than " + maxBytes + " bytes");
    }

    /** {@code HTTP-version SP 3DIGIT [ SP reason-phrase ] CRLF}; the second space is missing often enough to allow it. */
    private int statusLine(byte[] b, int start, int limit) throws ProxyException {
        int available = Math.min(limit - start, 12);
        for (int i = 0; i < available; i++) {
            int c = b[start + i];
            boolean valid = i < 7 ? c == VERSION[i] : i == 7 ? c == '0' || c == '1' : i == 8 ? c == ' ' : isDigit(c);
            if (!valid) {
                throw ProxyException.badResponse("The response does not start with a status line of HTTP/1.0 or 1.1");
            }
        }
        if (available < 12) {
            return -1;
        }
        int status = (b[start + 9] - '0') * 100 + (b[start + 10] - '0') * 10 + (b[start + 11] - '0');
        if (status < 100) {
            throw ProxyException.badResponse("The status code is below 100");
        }
        int p = start + 12;
        if (p < limit && b[p] != ' ' && b[p] != '\r') {
            throw ProxyException.badResponse(
                    "The status code has more than three digits or is not followed by a space");
        }
        while (p < limit && Syntax.isValue(b[p] & 0xff)) {
            p++;
        }
        int next = lineEnd(b, p, limit);
        if (next > 0) {
            minorVersion = b[start + 7] - '0';
            head.status(status);
            statusLineNext = false;
        }
        return next;
    }

    private int fieldLine(byte[] b, int start, int limit) throws ProxyException {
        int hash = 0;
        int colon = start;
        while (colon < limit && Syntax.isToken(b[colon] & 0xff)) {
            hash = KnownField.hash(hash, b[colon]);
            colon++;
        }
        if (colon == limit) {
            return -1;
        }
        if (b[colon] != ':' || colon == start) {
            throw notAName(b[colon], colon == start);
        }
        int from = colon + 1;
        while (from < limit && isBlank(b[from])) {
            from++;
        }
        int end = from;
        while (end < limit && Syntax.isValue(b[end] & 0xff)) {
            end++;
        }
        int next = lineEnd(b, end, limit);
        if (next < 0) {
            return -1;
        }
        int to = end;
        while (to > from && isBlank(b[to - 1])) {
            to--;
        }
        field(KnownField.of(hash, b, start, colon), b, start, colon, from, to);
        return next;
    }

    private static ProxyException notAName(int found, boolean first) {
        String what;
        if (found == ':') {
            what = "A field line has no name";
        } else if (isBlank(found)) {
            what = first
                    ? "A field line starts with white space; folded lines are obsolete (RFC 9112 §5.2)"
                    : "White space stands between a field name and its colon (RFC 9112 §5.1)";
        } else if (found == '\n' || found == '\r') {
            what = "A field line has no colon, or ends in a line feed alone";
        } else {
            what = "A field name holds a character that is not allowed there";
        }
        return ProxyException.badResponse(what);
    }

    /** The index after CRLF, or -1 when it is not here yet. */
    private static int lineEnd(byte[] b, int p, int limit) throws ProxyException {
        if (p == limit) {
            return -1;
        }
        if (b[p] != '\r') {
            throw ProxyException.badResponse(
                    b[p] == '\n'
                            ? "A line ends in a line feed alone"
                            : "A field value or reason phrase holds a control character");
        }
        if (p + 1 == limit) {
            return -1;
        }
        if (b[p + 1] != '\n') {
            throw ProxyException.badResponse("A carriage return is not followed by a line feed");
        }
        return p + 2;
    }

    private void field(@Nullable KnownField known, byte[] b, int start, int colon, int from, int to)
            throws ProxyException {
        if (target.size() == maxFields) {
            throw ProxyException.badResponse("The response has more than " + maxFields + " fields");
        }
        if (target == trailers) {
            if (known == null || !forbiddenInTrailers(known)) {
                target.add(known, name(known, b, start, colon), b, from, to);
            }
            return;
        }
        if (known != null) {
            switch (known) {
                case CONTENT_LENGTH -> {
                    if (!contentLength(b, from, to)) {
                        return;
                    }
                }
                case TRANSFER_ENCODING -> transferEncoding(b, from, to);
                case CONNECTION -> close |= listHas(b, from, to, "close");
                case KEEP_ALIVE -> keepAlive(b, from, to);
                default -> {}
            }
        }
        target.add(known, name(known, b, start, colon), b, from, to);
        if (known == KnownField.CONTENT_LENGTH && lengthRepeated) {
            target.set(target.size() - 1, Long.toString(head.contentLength()));
        }
    }

    @SuppressWarnings("deprecation") // the bytes are a token, hence ASCII; this constructor copies them in one go
    private static String name(@Nullable KnownField known, byte[] b, int start, int colon) {
        return known == null ? new String(b, 0, start, colon - start) : known.spelled(b, start, colon);
    }

    /** RFC 9110 §6.5.1: nothing that frames, routes or authenticates may come late. */
    private static boolean forbiddenInTrailers(KnownField known) {
        return switch (known) {
            case AUTHORIZATION,
                    CACHE_CONTROL,
                    CONNECTION,
                    CONTENT_ENCODING,
                    CONTENT_LENGTH,
                    CONTENT_RANGE,
                    CONTENT_TYPE,
                    COOKIE,
                    EXPECT,
                    HOST,
                    KEEP_ALIVE,
                    LOCATION,
                    MAX_FORWARDS,
                    PROXY_AUTHENTICATE,
                    PROXY_AUTHORIZATION,
                    PROXY_CONNECTION,
                    RANGE,
                    SET_COOKIE,
                    TE,
                    TRAILER,
                    TRANSFER_ENCODING,
                    UPGRADE,
                    VIA,
                    WWW_AUTHENTICATE -> true;
            default -> false;
        };
    }

    /** Returns whether the line is the first of its kind and is to be kept. */
    private boolean contentLength(byte[] b, int from, int to) throws ProxyException {
        long length = -1;
        int p = from;
        while (true) {
            long value = 0;
            int digits = 0;
            while (p < to && isDigit(b[p])) {
                value = value * 10 + (b[p] - '0');
                digits++;
                p++;
            }
            if (digits == 0 || digits > 18 || (length >= 0 && length != value)) {
                throw badLength();
            }
            length = value;
            p = skipBlanks(b, p, to);
            if (p == to) {
                break;
            }
            lengthRepeated = true;
            if (b[p] != ',') {
                throw badLength();
            }
            p = skipBlanks(b, p + 1, to);
        }
        if (lengthSeen) {
            if (head.contentLength() != length) {
                throw badLength();
            }
            return false;
        }
        lengthSeen = true;
        head.contentLength(length);
        return true;
    }

    private static ProxyException badLength() {
        return ProxyException.badResponse("Content-Length is not one number (RFC 9110 §8.6)");
    }

    private void transferEncoding(byte[] b, int from, int to) throws ProxyException {
        if (transferEncodingSeen || !is(b, from, to, "chunked")) {
            throw ProxyException.badResponse("Transfer-Encoding is something else than \"chunked\"");
        }
        transferEncodingSeen = true;
    }

    private void keepAlive(byte[] b, int from, int to) {
        int p = from;
        while (p < to) {
            p = skipBlanks(b, p, to);
            if (p + 8 < to && is(b, p, p + 8, "timeout=")) {
                long seconds = 0;
                for (p += 8; p < to && isDigit(b[p]) && seconds < 1_000_000; p++) {
                    seconds = seconds * 10 + (b[p] - '0');
                }
                keepAliveNanos = Duration.ofSeconds(seconds).toNanos();
            }
            while (p < to && b[p++] != ',') {}
        }
    }

    private void checkFraming() throws ProxyException {
        if (!transferEncodingSeen) {
            return;
        }
        // RFC 9112 §6.1: both together, or a transfer coding in HTTP/1.0, is how smuggling looks.
        if (lengthSeen) {
            throw ProxyException.badResponse("The response has both Content-Length and Transfer-Encoding");
        }
        if (minorVersion == 0) {
            throw ProxyException.badResponse("A response of HTTP/1.0 has Transfer-Encoding");
        }
    }

    private static boolean listHas(byte[] b, int from, int to, String option) {
        int p = from;
        while (p < to) {
            p = skipBlanks(b, p, to);
            int start = p;
            while (p < to && b[p] != ',') {
                p++;
            }
            int end = p;
            while (end > start && isBlank(b[end - 1])) {
                end--;
            }
            if (is(b, start, end, option)) {
                return true;
            }
            p++;
        }
        return false;
    }

    private static boolean is(byte[] b, int from, int to, String lower) {
        if (to - from != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            int c = b[from + i];
            if ((c >= 'A' && c <= 'Z' ? c + 0x20 : c) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int skipBlanks(byte[] b, int from, int to) {
        int p = from;
        while (p < to && isBlank(b[p])) {
            p++;
        }
        return p;
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
