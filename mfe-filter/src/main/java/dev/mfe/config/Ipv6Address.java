package dev.mfe.config;

import static dev.mfe.config.Printable.quote;

import dev.mfe.config.OriginParser.OriginException;

/** IPv6 addresses, read and written as the WHATWG URL Standard §3.5 says, which writes them as RFC 5952 does. */
final class Ipv6Address {
    private static final int PIECES = 8;

    private final String text;
    private final int[] pieces = new int[PIECES];
    private int count;
    private int compressedAt = -1;
    private int next;

    private Ipv6Address(String text) {
        this.text = text;
    }

    /** The shortest form of an address that is given without brackets. */
    static String normalize(String text) {
        Ipv6Address address = new Ipv6Address(text);
        address.read();
        return address.write();
    }

    private void read() {
        if (at(0) == ':') {
            require(at(1) == ':');
            next = 2;
            compressedAt = ++count;
        }
        while (next < text.length()) {
            require(count < PIECES);
            if (at(next) == ':') {
                require(compressedAt < 0);
                next++;
                // "::" stands for at least one piece
                compressedAt = ++count;
                continue;
            }
            int start = next;
            int value = 0;
            while (next - start < 4 && hexDigit(at(next)) >= 0) {
                value = 16 * value + hexDigit(at(next++));
            }
            if (at(next) == '.') {
                require(next > start && count <= PIECES - 2);
                next = start;
                readIpv4();
                break;
            }
            if (at(next) == ':') {
                next++;
                require(next < text.length());
            } else {
                require(next == text.length());
            }
            pieces[count++] = value;
        }
        if (compressedAt < 0) {
            require(count == PIECES);
            return;
        }
        expand();
    }

    /** The last two pieces may be written as an IPv4 address, in decimal and without leading zeros. */
    private void readIpv4() {
        int numbers = 0;
        while (next < text.length()) {
            if (numbers > 0) {
                require(at(next) == '.' && numbers < 4);
                next++;
            }
            require(isDigit(at(next)));
            int value = -1;
            while (isDigit(at(next))) {
                int digit = at(next++) - '0';
                require(value != 0);
                value = value < 0 ? digit : 10 * value + digit;
                require(value <= 255);
            }
            pieces[count] = 256 * pieces[count] + value;
            numbers++;
            if (numbers == 2 || numbers == 4) {
                count++;
            }
        }
        require(numbers == 4);
    }

    private void expand() {
        int tail = count - compressedAt;
        for (int i = 0; i < tail && count < PIECES; i++) {
            int from = count - 1 - i;
            pieces[PIECES - 1 - i] = pieces[from];
            pieces[from] = 0;
        }
    }

    private String write() {
        int longestStart = -1;
        int longest = 1;
        for (int i = 0; i < PIECES; i++) {
            int end = i;
            while (end < PIECES && pieces[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                longestStart = i;
                longest = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < PIECES; i++) {
            if (i == longestStart) {
                written.append(i == 0 ? "::" : ":");
                i += longest - 1;
                continue;
            }
            written.append(Integer.toHexString(pieces[i]));
            if (i < PIECES - 1) {
                written.append(':');
            }
        }
        return written.toString();
    }

    private char at(int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private void require(boolean condition) {
        if (!condition) {
            throw new OriginException(quote('[' + text + ']') + " is no IPv6 address", "write one such as [::1]");
        }
    }
}
