package dev.mfe.config;

import static dev.mfe.config.Printable.quote;

import dev.mfe.config.OriginParser.OriginException;
import java.util.Arrays;
import java.util.List;

/**
 * IPv4 addresses as browsers read them (WHATWG URL Standard §3.5): decimal, octal or hexadecimal, one to four numbers.
 */
final class Ipv4Address {
    private static final int NOT_A_NUMBER = -1;
    private static final long TOO_LARGE = 1L << 40;

    private Ipv4Address() {}

    /** Whether a domain has to be read as an address. */
    static boolean endsInNumber(String domain) {
        List<String> parts = parts(domain);
        String last = parts.get(parts.size() - 1);
        return isDigits(last) || number(last) != NOT_A_NUMBER;
    }

    private static boolean isDigits(String part) {
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) < '0' || part.charAt(i) > '9') {
                return false;
            }
        }
        return !part.isEmpty();
    }

    /** The address as four decimal numbers. */
    static String normalize(String domain) {
        List<String> parts = parts(domain);
        if (parts.size() > 4) {
            throw refuse(domain, "has more than four numbers");
        }
        long address = 0;
        for (int i = 0; i < parts.size(); i++) {
            long number = number(parts.get(i));
            if (number == NOT_A_NUMBER) {
                throw refuse(domain, "ends in a number but is no IPv4 address");
            }
            boolean last = i == parts.size() - 1;
            // The last number fills all bytes that are left: 127.1 is 127.0.0.1
            int bits = last ? 8 * (4 - i) : 8;
            if (number >= 1L << bits) {
                throw refuse(domain, "has a number that is too large");
            }
            address |= number << (last ? 0 : 8 * (3 - i));
        }
        return (address >> 24) + "." + (address >> 16 & 0xFF) + "." + (address >> 8 & 0xFF) + "." + (address & 0xFF);
    }

    private static List<String> parts(String domain) {
        List<String> parts = Arrays.asList(domain.split("\\.", -1));
        int count = parts.size();
        return count > 1 && parts.get(count - 1).isEmpty() ? parts.subList(0, count - 1) : parts;
    }

    private static long number(String part) {
        if (part.isEmpty()) {
            return NOT_A_NUMBER;
        }
        int radix = 10;
        int start = 0;
        if (part.startsWith("0x") || part.startsWith("0X")) {
            radix = 16;
            start = 2;
        } else if (part.length() > 1 && part.charAt(0) == '0') {
            radix = 8;
            start = 1;
        }
        long number = 0;
        for (int i = start; i < part.length(); i++) {
            char c = part.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return NOT_A_NUMBER;
            }
            number = Math.min(number * radix + digit, TOO_LARGE);
        }
        return number;
    }

    private static OriginException refuse(String domain, String problem) {
        return new OriginException("the host " + quote(domain) + " " + problem, "write an address such as 10.0.0.1");
    }
}
