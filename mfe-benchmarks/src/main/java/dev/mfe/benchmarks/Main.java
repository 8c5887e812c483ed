package dev.mfe.benchmarks;

import dev.mfe.benchmarks.compare.Compare;
import java.util.Arrays;

/** {@code compare} compares whole processes; anything else is for JMH. */
public final class Main {

    private Main() {}

    /**
     * Runs what the first word says.
     *
     * @param arguments {@code compare} and its options, or those of JMH
     * @throws Exception when that fails
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("compare")) {
            Compare.main(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else {
            org.openjdk.jmh.Main.main(arguments);
        }
    }
}
