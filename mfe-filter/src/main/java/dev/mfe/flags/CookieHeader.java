package dev.mfe.flags;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds cookies in raw {@code Cookie} fields, as a server is asked to by RFC 6265 §4.2: pairs between semicolons. */
final class CookieHeader {
    private CookieHeader() {}

    static @Nullable String first(List<String> fields, String name) {
        for (String field : fields) {
            for (int start = 0; start < field.length(); start = end(field, start) + 1) {
                String value = value(field, start, end(field, start), name);
                if (value != null) {
                    return value;
                }
            }
        }
        return null;
    }

    static List<String> all(List<String> fields, String name) {
        List<String> values = new ArrayList<>();
        for (String field : fields) {
            for (int start = 0; start < field.length(); start = end(field, start) + 1) {
                String value = value(field, start, end(field, start), name);
                if (value != null) {
                    values.add(value);
                }
            }
        }
        return List.copyOf(values);
    }

    private static int end(String field, int start) {
        int semicolon = field.indexOf(';', start);
        return semicolon < 0 ? field.length() : semicolon;
    }

    /** The value of the pair between {@code start} and {@code end} if it has this name, else null. */
    private static @Nullable String value(String field, int start, int end, String name) {
        int nameStart = skipBlanks(field, start, end);
        if (!field.startsWith(name, nameStart)) {
            return null;
        }
        int equals = skipBlanks(field, nameStart + name.length(), end);
        if (equals >= end || field.charAt(equals) != '=') {
            return null;
        }
        int valueStart = skipBlanks(field, equals + 1, end);
        int valueEnd = end;
        while (valueEnd > valueStart && isBlank(field.charAt(valueEnd - 1))) {
            valueEnd--;
        }
        return field.substring(valueStart, valueEnd);
    }

    private static int skipBlanks(String field, int from, int end) {
        int at = from;
        while (at < end && isBlank(field.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
