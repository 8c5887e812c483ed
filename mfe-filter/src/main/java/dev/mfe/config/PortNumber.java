package dev.mfe.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ports that were written as a number or handed over in the environment. */
final class PortNumber {
    private static final int MAX = 65535;

    // What ECMAScript's Number.parseInt reads: leading white space, a sign, and digits up to anything else
    private static final Pattern LEADING_INTEGER =
            Pattern.compile("[\\s\\p{Z}\\uFEFF]*([+-]?)0*([0-9]+).*", Pattern.DOTALL);

    private PortNumber() {}

    /** The port in an environment variable, or null if there is none from 1 to 65535. */
    static @Nullable Integer fromEnvironment(@Nullable String value) {
        if (value == null) {
            return null;
        }
        Matcher integer = LEADING_INTEGER.matcher(value);
        if (!integer.matches()
                || integer.group(1).equals("-")
                || integer.group(2).length() > 5) {
            return null;
        }
        int port = Integer.parseInt(integer.group(2));
        return port >= 1 && port <= MAX ? port : null;
    }

    /** The port, 0 to 65535, that a number of the file is, or null if it is none. */
    static @Nullable Integer of(String number) {
        double value = Double.parseDouble(number);
        return value == Math.rint(value) && value >= 0 && value <= MAX ? (int) value : null;
    }
}
