package dev.mfe.benchmarks.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code wrk}: as many requests as a number of connections can carry, each sent when the answer to the last is here.
 */
final class Wrk {

    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ([\\d.]+)(us|ms|s|m)");
    private static final Pattern PERCENTILE = Pattern.compile("\\s(50|99)%\\s+([\\d.]+)(us|ms|s|m)");
    private static final Pattern SOCKET_ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern NOT_OK = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Map<String, Double> SECONDS = Map.of("us", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0);

    private final String program;
    private final List<String> fields;

    /**
     * Takes what all runs have in common.
     *
     * @param fields lines of the requests' heads
     */
    Wrk(String program, List<String> fields) {
        this.program = program;
        this.fields = List.copyOf(fields);
    }

    Load run(int port, String path, int connections, int seconds) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                program,
                "-t",
                "1",
                "-c",
                Integer.toString(connections),
                "-d",
                seconds + "s",
                "--latency",
                "--timeout",
                "10s"));
        for (String field : fields) {
            command.add("-H");
            command.add(field);
        }
        command.add("http://127.0.0.1:" + port + path);
        return parse(Contestants.output(command));
    }

    private static Load parse(String output) throws IOException {
        Matcher requests = REQUESTS.matcher(output);
        if (!requests.find()) {
            throw new IOException("wrk failed: " + output);
        }
        double p50 = 0;
        double p99 = 0;
        Matcher percentile = PERCENTILE.matcher(output);
        while (percentile.find()) {
            double millis = 1e3 * seconds(percentile.group(2), percentile.group(3));
            if (percentile.group(1).equals("50")) {
                p50 = millis;
            } else {
                p99 = millis;
            }
        }
        // wrk counts whatever came as a request.
        long bad = sum(NOT_OK.matcher(output));
        long count = Long.parseLong(requests.group(1)) - bad;
        long failed = bad + sum(SOCKET_ERRORS.matcher(output));
        return new Load(count, failed, count / seconds(requests.group(2), requests.group(3)), p50, p99);
    }

    private static long sum(Matcher numbers) {
        long sum = 0;
        if (numbers.find()) {
            for (int i = 1; i <= numbers.groupCount(); i++) {
                sum += Long.parseLong(numbers.group(i));
            }
        }
        return sum;
    }

    private static double seconds(String number, String unit) {
        return Double.parseDouble(number) * SECONDS.getOrDefault(unit, 1.0);
    }
}
