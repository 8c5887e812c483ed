package dev.mfe.config;

import org.jspecify.annotations.Nullable;

/** Punycode, RFC 3492: Unicode labels in the letters, digits and hyphens of DNS. */
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 0x80;
    private static final char DELIMITER = '-';

    private Punycode() {}

    /** §6.3. */
    static String encode(String label) {
        int[] input = label.codePoints().toArray();
        StringBuilder output = new StringBuilder();
        for (int c : input) {
            if (c < INITIAL_N) {
                output.append((char) c);
            }
        }
        int basic = output.length();
        int handled = basic;
        if (basic > 0) {
            output.append(DELIMITER);
        }
        int n = INITIAL_N;
        long delta = 0;
        int bias = INITIAL_BIAS;
        while (handled < input.length) {
            int smallest = Integer.MAX_VALUE;
            for (int c : input) {
                if (c >= n && c < smallest) {
                    smallest = c;
                }
            }
            delta += (long) (smallest - n) * (handled + 1);
            n = smallest;
            for (int c : input) {
                if (c < n) {
                    delta++;
                } else if (c == n) {
                    appendNumber(delta, bias, output);
                    bias = adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
        return output.toString();
    }

    private static void appendNumber(long number, int bias, StringBuilder output) {
        long rest = number;
        for (int k = BASE; ; k += BASE) {
            int t = threshold(k, bias);
            if (rest < t) {
                output.append(digit((int) rest));
                return;
            }
            output.append(digit((int) (t + (rest - t) % (BASE - t))));
            rest = (rest - t) / (BASE - t);
        }
    }

    /** §6.2; null if the text is no Punycode. Expects lower case. */
    static @Nullable String decode(String text) {
        int delimiter = text.lastIndexOf(DELIMITER);
        StringBuilder output = new StringBuilder(text.substring(0, Math.max(delimiter, 0)));
        int length = output.length();
        int n = INITIAL_N;
        long i = 0;
        int bias = INITIAL_BIAS;
        int next = delimiter + 1;
        while (next < text.length()) {
            long start = i;
            long weight = 1;
            for (int k = BASE; ; k += BASE) {
                int digit = next < text.length() ? value(text.charAt(next++)) : -1;
                if (digit < 0) {
                    return null;
                }
                i += digit * weight;
                int t = threshold(k, bias);
                if (digit < t) {
                    break;
                }
                weight *= BASE - t;
                if (i > Integer.MAX_VALUE || weight > Integer.MAX_VALUE) {
                    return null;
                }
            }
            length++;
            bias = adapt(i - start, length, start == 0);
            long codePoint = n + i / length;
            if (codePoint > Character.MAX_CODE_POINT) {
                return null;
            }
            n = (int) codePoint;
            i %= length;
            output.insert(output.offsetByCodePoints(0, (int) i), Character.toString(n));
            i++;
        }
        return output.toString();
    }

    /** §6.1. */
    private static int adapt(long delta, int points, boolean first) {
        long rest = first ? delta / DAMP : delta / 2;
        rest += rest / points;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return (int) (k + (BASE - T_MIN + 1) * rest / (rest + SKEW));
    }

    private static int threshold(int k, int bias) {
        return Math.max(T_MIN, Math.min(T_MAX, k - bias));
    }

    private static char digit(int value) {
        return (char) (value < 26 ? 'a' + value : '0' + value - 26);
    }

    private static int value(char digit) {
        if (digit >= 'a' && digit <= 'z') {
            return digit - 'a';
        }
        return digit >= '0' && digit <= '9' ? digit - '0' + 26 : -1;
    }
}
