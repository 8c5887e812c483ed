package dev.mfe.path;

import org.jspecify.annotations.Nullable;

/**
 * The path of a request target: what may be decoded before it is matched, and whether others would take it for another
 * path.
 *
 * @since 0.1
 */
public final class RequestPath {
    private RequestPath() {}

    /** What makes a path ambiguous. */
    public enum Ambiguity {
        /** A segment {@code .} or {@code ..}, also with a path parameter, which servlet containers cut off. */
        DOT_SEGMENT,
        /**
         * A segment that is nothing but a path parameter: {@code /docs/;x/admin} is {@code /docs/admin} to some
         * servers.
         */
        PARAMETER_WITHOUT_SEGMENT,
        /** A backslash, or an encoded slash or backslash. */
        ENCODED_SEPARATOR,
        /** An encoded unreserved character that only decoding brings forth: {@code %%32e} becomes {@code %2e}. */
        NESTED_ESCAPE,
        /** A NUL character, encoded or not. */
        NUL
    }

    /**
     * The path of a request target that may be in absolute form (RFC 9112 §3.2.2); some servers hand it on like this.
     *
     * @param target a request target without its query
     * @return what follows scheme and host; a target in another form as it is
     */
    public static String originForm(String target) {
        if (!target.isEmpty() && target.charAt(0) == '/') {
            return target;
        }
        int scheme = target.indexOf("://");
        if (scheme < 0) {
            return target;
        }
        int path = target.indexOf('/', scheme + 3);
        return path < 0 ? "/" : target.substring(path);
    }

    /**
     * The path with percent-encoded unreserved characters decoded (RFC 3986 §6.2.2.2), so that {@code /%64ocs} is
     * {@code /docs}. Everything else stays as sent; without anything to decode it is the same object.
     */
    public static String decodeUnreserved(String path) {
        int percent = path.indexOf('%');
        StringBuilder decoded = null;
        int copied = 0;
        while (percent >= 0) {
            int c = octet(path, percent);
            if (isUnreserved(c)) {
                decoded = decoded == null ? new StringBuilder(path.length()) : decoded;
                decoded.append(path, copied, percent).append((char) c);
                copied = percent + 3;
            }
            percent = path.indexOf('%', percent + 1);
        }
        return decoded == null
                ? path
                : decoded.append(path, copied, path.length()).toString();
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /** The octet that is percent-encoded at this place, or -1. */
    private static int octet(String path, int percent) {
        if (percent + 2 >= path.length()) {
            return -1;
        }
        int high = hex(path.charAt(percent + 1));
        int low = hex(path.charAt(percent + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int hex(char c) {
        // Character.digit would take the digits of other scripts too
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /**
     * Why a server may take this path for another one, or null if none will.
     *
     * @param path after {@link #decodeUnreserved}
     */
    public static @Nullable Ambiguity ambiguity(String path) {
        // A few quick looks spare nearly every path the closer one
        if (path.indexOf('%') < 0
                && path.indexOf(';') < 0
                && path.indexOf('\\') < 0
                && path.indexOf('\0') < 0
                && (path.indexOf('.') < 0 || path.indexOf("/.") < 0)) {
            return null;
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int octet = c == '%' ? octet(path, i) : c;
            if (octet == 0) {
                return Ambiguity.NUL;
            }
            if (octet == '\\' || (octet == '/' && c == '%')) {
                return Ambiguity.ENCODED_SEPARATOR;
            }
            if (c == '%' && isUnreserved(octet)) {
                return Ambiguity.NESTED_ESCAPE;
            }
            if (c == '/' && isDotSegment(path, i + 1)) {
                return Ambiguity.DOT_SEGMENT;
            }
            if (c == '/' && path.startsWith(";", i + 1)) {
                return Ambiguity.PARAMETER_WITHOUT_SEGMENT;
            }
        }
        return null;
    }

    private static boolean isDotSegment(String path, int start) {
        int dots = start;
        while (dots < path.length() && dots - start < 3 && path.charAt(dots) == '.') {
            dots++;
        }
        boolean ends = dots == path.length() || path.charAt(dots) == '/' || path.charAt(dots) == ';';
        return ends && (dots - start == 1 || dots - start == 2);
    }

    /**
     * The path as the most obliging server would read it: separators decoded, dot segments resolved (RFC 3986 §5.2.4).
     */
    public static String obliging(String path) {
        StringBuilder decoded = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int octet = c == '%' ? octet(path, i) : c;
            if (octet == '\\' || octet == '/') {
                decoded.append('/');
            } else {
                decoded.append(c);
                continue;
            }
            i += c == '%' ? 2 : 0;
        }
        StringBuilder resolved = new StringBuilder(decoded.length());
        int start = 1;
        while (start <= decoded.length()) {
            int slash = decoded.indexOf("/", start);
            int end = slash < 0 ? decoded.length() : slash;
            String segment = decoded.substring(start, end);
            String name = segment.indexOf(';') < 0 ? segment : segment.substring(0, segment.indexOf(';'));
            boolean last = slash < 0;
            if (name.equals("..")) {
                resolved.setLength(Math.max(0, resolved.lastIndexOf("/")));
            } else if (!name.equals(".") && !(name.isEmpty() && !segment.isEmpty())) {
                resolved.append('/').append(segment);
            }
            if (last && (name.equals("..") || name.equals("."))) {
                resolved.append('/');
            }
            start = end + 1;
        }
        return resolved.toString();
    }
}
