package dev.mfe.path;

import java.util.Locale;

/**
 * The comparison of ECMAScript's flag {@code i} without {@code u} (ECMA-262 §22.2.2.7.3 Canonicalize), by UTF-16 unit.
 */
final class Canonical {
    private Canonical() {}

    static char of(char c) {
        if (c < 0x80) {
            return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
        }
        if (Character.toUpperCase(c) == c) {
            return c;
        }
        String upper = String.valueOf(c).toUpperCase(Locale.ROOT);
        // "ß" grows to "SS", and "ſ" would become ASCII: the standard leaves both as they are
        return upper.length() == 1 && upper.charAt(0) >= 0x80 ? upper.charAt(0) : c;
    }

    static String of(String text) {
        StringBuilder canonical = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            canonical.append(of(text.charAt(i)));
        }
        return canonical.toString();
    }

    /** The text as people write it: in small letters wherever those are equal. */
    static String usual(CharSequence canonical) {
        StringBuilder usual = new StringBuilder(canonical);
        for (int i = 0; i < usual.length(); i++) {
            char lower = Character.toLowerCase(usual.charAt(i));
            if (of(lower) == usual.charAt(i)) {
                usual.setCharAt(i, lower);
            }
        }
        return usual.toString();
    }
}
