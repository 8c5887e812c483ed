package dev.mfe.proxy;

/** Which bytes RFC 9110 §5 allows where. */
final class Syntax {

    private static final byte TOKEN = 1;
    private static final byte VALUE = 2;
    private static final byte[] CLASSES = classes();

    private Syntax() {}

    /** {@code tchar}: what names and methods are made of. */
    static boolean isToken(int c) {
        return c < 256 && (CLASSES[c] & TOKEN) != 0;
    }

    /** What a field value is made of: visible characters, bytes above 0x7F, spaces and tabs. */
    static boolean isValue(int c) {
        return c < 256 && (CLASSES[c] & VALUE) != 0;
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isToken(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /**
     * Writes a field line and checks it meanwhile.
     *
     * @param at where in {@code out}, which has room for the line
     * @return where the line ends
     */
    static int writeField(byte[] out, int at, String name, String value) throws ProxyException {
        int p = at;
        int nameLength = name.length();
        for (int i = 0; i < nameLength; i++) {
            char c = name.charAt(i);
            if (!isToken(c)) {
                throw ProxyException.badRequest("A field name is not a token");
            }
            out[p++] = (byte) c;
        }
        if (nameLength == 0) {
            throw ProxyException.badRequest("A field has no name");
        }
        out[p++] = ':';
        out[p++] = ' ';
        int valueLength = value.length();
        for (int i = 0; i < valueLength; i++) {
            char c = value.charAt(i);
            // Checked before it is cut to a byte: U+010A would become a line feed.
            if (!isValue(c)) {
                throw ProxyException.badRequest("A field value holds a control character or one above U+00FF");
            }
            out[p++] = (byte) c;
        }
        out[p++] = '\r';
        out[p++] = '\n';
        return p;
    }

    static int hexDigit(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 0; c < 256; c++) {
            if (c == '\t' || (c >= ' ' && c != 0x7f)) {
                classes[c] |= VALUE;
            }
            boolean letterOrDigit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (letterOrDigit || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                classes[c] |= TOKEN;
            }
        }
        return classes;
    }
}
