package dev.mfe.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the command line asks for.
 *
 * @param rounds how often all contestants take their turn
 * @param seconds how long each turn under each load takes
 * @param warmUp requests that each contestant answers before anything counts
 * @param streams event streams at a time, 0 for none
 * @param pairs turns with and without the filter for a local page, 0 for none
 * @param only words of which one is in the names of those that take part, all if empty
 * @param bare whether requests carry no fields but Host, where a browser sends several
 */
record Options(int rounds, int seconds, int warmUp, int streams, int pairs, List<String> only, boolean bare) {

    static final String USAGE = """
            java -jar benchmarks.jar compare [options]
              --rounds=5        how often all contestants take their turn
              --seconds=6       how long a turn under one load takes
              --warm-up=100000  requests that each contestant answers before anything counts
              --streams=2000    event streams at a time; 0: leave them out
              --pairs=40        turns with and without the filter for a local page; 0: leave them out
              --only=mfe,nginx  words of the names of those that take part; default: all
              --bare            requests with no fields but Host
              --short           1 round of 2 seconds, 3 pairs: to see that everything works
            """;

    private static final List<String> BROWSER = List.of(
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language: en-US,en;q=0.5",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Cookie: theme=dark; session=0123456789abcdef");

    Options {
        only = List.copyOf(only);
    }

    static Options parse(List<String> arguments) {
        int rounds = 5;
        int seconds = 6;
        int warmUp = 100_000;
        int streams = 2000;
        int pairs = 40;
        boolean bare = false;
        List<String> only = new ArrayList<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value = equals < 0 ? "" : argument.substring(equals + 1);
            switch (name) {
                case "--rounds" -> rounds = number(argument, value);
                case "--seconds" -> seconds = number(argument, value);
                case "--warm-up" -> warmUp = number(argument, value);
                case "--streams" -> streams = number(argument, value);
                case "--pairs" -> pairs = number(argument, value);
                case "--only" ->
                    only.addAll(List.of(value.toLowerCase(Locale.ROOT).split(",")));
                case "--bare" -> bare = true;
                case "--short" -> {
                    rounds = 1;
                    seconds = 2;
                    pairs = 3;
                }
                default -> throw new IllegalArgumentException("There is no option " + argument + ".\n" + USAGE);
            }
        }
        return new Options(rounds, seconds, warmUp, streams, pairs, only, bare);
    }

    private static int number(String argument, String value) {
        try {
            return Integer.parseUnsignedInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(argument + " needs a number.\n" + USAGE, e);
        }
    }

    boolean wants(Contestant contestant) {
        String name = contestant.name().toLowerCase(Locale.ROOT);
        return only.isEmpty() || only.stream().anyMatch(name::contains);
    }

    /** What each request says beside Host. */
    List<String> fields() {
        return bare ? List.of() : BROWSER;
    }
}
