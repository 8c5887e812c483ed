package dev.mfe.config;

import static dev.mfe.config.Printable.quote;

import dev.mfe.config.OriginParser.OriginException;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Domain names in the form that DNS knows (UTS #46, "domain to ASCII" of the WHATWG URL Standard §3.3).
 *
 * <p>{@link java.net.IDN} follows the older IDNA 2003, which turns {@code straße.example} into the domain of somebody
 * else ({@code strasse.example}), so mapping and Punycode are here. The mapping is lower case and NFKC of the JDK's
 * Unicode version, which is what the table of UTS #46 comes from; the limits are listed at {@link Origin}.
 */
final class DomainName {
    private static final String PUNYCODE_PREFIX = "xn--";

    private DomainName() {}

    /** The name in ASCII and lower case. Characters that no host may hold are not looked for. */
    static String toAscii(String name) {
        String lower = lower(name);
        if (isAscii(name) && !lower.contains(PUNYCODE_PREFIX)) {
            return lower;
        }
        String[] labels = map(name).split("\\.", -1);
        for (int i = 0; i < labels.length; i++) {
            labels[i] = label(name, labels[i]);
        }
        String domain = String.join(".", labels);
        if (domain.isEmpty()) {
            throw refuse(name, "is empty once invisible characters are gone");
        }
        return domain;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String label(String name, String label) {
        if (label.startsWith(PUNYCODE_PREFIX)) {
            String unicode = Punycode.decode(label.substring(PUNYCODE_PREFIX.length()));
            boolean valid = unicode != null
                    && !unicode.isEmpty()
                    && isValid(unicode)
                    && map(unicode).equals(unicode);
            if (!valid) {
                throw refuse(name, "has " + quote(label) + ", which stands for no Unicode name");
            }
            return label;
        }
        if (isAscii(label)) {
            return label;
        }
        if (!isValid(label)) {
            throw refuse(name, "holds a character that no domain may have");
        }
        return PUNYCODE_PREFIX + Punycode.encode(label);
    }

    private static String map(String name) {
        StringBuilder mapped = new StringBuilder(name.length());
        name.codePoints().filter(c -> !isIgnored(c)).forEach(c -> mapped.append(fold(c)));
        String compatible = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        // NFKC can make capitals, as of letterlike symbols, and the ideographic full stop of its half-width form
        StringBuilder again = new StringBuilder(compatible.length());
        compatible.codePoints().forEach(c -> again.append(fold(c)));
        return Normalizer.normalize(again, Normalizer.Form.NFKC);
    }

    /** Lower case, and the few characters for which case folding means something else. */
    private static String fold(int c) {
        if (c == 0x3002) {
            return ".";
        }
        if (c == 0x1E9E) {
            return "ss";
        }
        if (c == 0x0345) {
            return "\u03B9";
        }
        if (c >= 0x13A0 && c <= 0x13F5) {
            // Cherokee folds to its capitals
            return Character.toString(c);
        }
        if ((c >= 0xAB70 && c <= 0xABBF) || (c >= 0x13F8 && c <= 0x13FD)) {
            return Character.toString(Character.toUpperCase(c));
        }
        return lower(Character.toString(c));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Characters that UTS #46 drops: soft hyphen, zero-width characters, variation selectors. */
    private static boolean isIgnored(int c) {
        return c == 0xAD
                || c == 0x34F
                || c == 0x200B
                || c == 0x2060
                || c == 0x2064
                || c == 0xFEFF
                || (c >= 0x180B && c <= 0x180D)
                || (c >= 0xFE00 && c <= 0xFE0F)
                || (c >= 0xE0100 && c <= 0xE01EF);
    }

    private static boolean isValid(String label) {
        int first = label.isEmpty() ? 'a' : label.codePointAt(0);
        return !isMark(first) && label.codePoints().allMatch(DomainName::isAllowed);
    }

    private static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    private static boolean isAllowed(int c) {
        return switch (Character.getType(c)) {
            case Character.UNASSIGNED,
                    Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> c != 0xFFFD && c != 0xFFFC;
        };
    }

    private static OriginException refuse(String name, String problem) {
        return new OriginException("the host " + quote(name) + " " + problem, "write the domain in its ASCII form");
    }
}
