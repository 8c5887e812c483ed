package dev.mfe.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured, as tables in Markdown: medians over the rounds. */
final class Report {

    private final Options options;
    private final Map<String, Map<Cell, List<Sample>>> samples = new LinkedHashMap<>();
    private final Map<String, Long> resident = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final StringBuilder streams = new StringBuilder();
    private final StringBuilder pairs = new StringBuilder();

    Report(Options options) {
        this.options = options;
    }

    void sample(Contestant contestant, Cell cell, Sample sample) {
        samples.computeIfAbsent(contestant.name(), name -> new EnumMap<>(Cell.class))
                .computeIfAbsent(cell, any -> new ArrayList<>())
                .add(sample);
    }

    void memory(Contestant contestant, long bytes) {
        resident.put(contestant.name(), bytes);
    }

    void note(String text) {
        notes.add(text);
    }

    void streams(Contestant contestant, int wanted, Streams.Result result) {
        streams.append(format(
                "| %s | %,d of %,d | %.1f | %.0f |%n",
                contestant.name(), result.live(), wanted, result.p99Millis(), result.cpuMicros()));
    }

    /** The mean of the differences in percent, and where it lies with a certainty of 95 %. */
    void localPairs(double[] with, double[] without) {
        int n = with.length;
        double[] percent = new double[n];
        for (int i = 0; i < n; i++) {
            percent[i] = 100 * (with[i] - without[i]) / without[i];
        }
        double mean = Arrays.stream(percent).average().orElse(0);
        double variance =
                Arrays.stream(percent).map(x -> (x - mean) * (x - mean)).sum() / Math.max(1, n - 1);
        double margin = 2 * Math.sqrt(variance / n);
        Arrays.sort(percent);
        pairs.append(format(
                "%d pairs, one process: %.1f µs with the filter, %.1f µs without (medians); difference %+.1f %% ± %.1f"
                        + " (mean, 95 %%), median %+.1f %%.%n",
                n, median(with), median(without), mean, margin, median(percent)));
    }

    String text() {
        StringBuilder out = new StringBuilder();
        out.append(environment()).append("\n\n");
        notes.forEach(note -> out.append("Note: ").append(note).append("\n\n"));
        ratios(out);
        table(out, "CPU per request, µs: median (least to most)", Report::cpuWithSpread, Cell.values());
        table(
                out,
                "Requests per second",
                list -> format("%,.0f", median(list, sample -> sample.load().perSecond())),
                Cell.SMALL,
                Cell.LARGE,
                Cell.CROWD);
        table(
                out,
                "Latency p50 / p99, ms",
                list -> format(
                        "%.2f / %.2f",
                        median(list, sample -> sample.load().p50Millis()),
                        median(list, sample -> sample.load().p99Millis())),
                Cell.SMALL,
                Cell.CROWD,
                Cell.STEADY);
        memory(out);
        if (!streams.isEmpty()) {
            out.append("**Event streams, one event a second each**\n\n")
                    .append("| | live | p99 lateness, ms | µs CPU per event |\n| --- | ---: | ---: | ---: |\n")
                    .append(streams)
                    .append('\n');
        }
        if (!pairs.isEmpty()) {
            out.append("**A local page with and without the filter**\n\n").append(pairs);
        }
        return out.toString();
    }

    private void ratios(StringBuilder out) {
        heading(out, "CPU per request: × nginx / × Tomcat answering by itself", Cell.values());
        for (Map.Entry<String, Map<Cell, List<Sample>>> entry : samples.entrySet()) {
            out.append("| ").append(entry.getKey());
            for (Cell cell : Cell.values()) {
                out.append(" | ")
                        .append(ratio(entry.getValue(), Contestants.NGINX, cell))
                        .append(" / ")
                        .append(ratio(entry.getValue(), Contestants.TOMCAT, cell));
            }
            out.append(" |\n");
        }
        out.append('\n');
    }

    private String ratio(Map<Cell, List<Sample>> own, String other, Cell cell) {
        List<Sample> mine = own.get(cell);
        List<Sample> theirs = samples.getOrDefault(other, Map.of()).get(cell);
        return mine == null || theirs == null
                ? "–"
                : format("%.2f", median(mine, Sample::cpuMicros) / median(theirs, Sample::cpuMicros));
    }

    private interface Entry {
        String of(List<Sample> samples);
    }

    private void table(StringBuilder out, String title, Entry what, Cell... cells) {
        heading(out, title, cells);
        for (Map.Entry<String, Map<Cell, List<Sample>>> entry : samples.entrySet()) {
            out.append("| ").append(entry.getKey());
            for (Cell cell : cells) {
                List<Sample> found = entry.getValue().get(cell);
                out.append(" | ").append(found == null ? "–" : what.of(found));
            }
            out.append(" |\n");
        }
        out.append('\n');
    }

    private static void heading(StringBuilder out, String title, Cell... cells) {
        out.append("**").append(title).append("**\n\n|");
        for (Cell cell : cells) {
            out.append(" | ").append(cell.title());
        }
        out.append(" |\n| ---");
        out.append(" | ---:".repeat(cells.length)).append(" |\n");
    }

    private static String cpuWithSpread(List<Sample> list) {
        return format(
                "%.0f (%.0f–%.0f)",
                median(list, Sample::cpuMicros),
                list.stream().mapToDouble(Sample::cpuMicros).min().orElse(0),
                list.stream().mapToDouble(Sample::cpuMicros).max().orElse(0));
    }

    private void memory(StringBuilder out) {
        out.append("**Memory**\n\n| | bytes allocated per request, 1 KB | 64 KB | beyond Tomcat alone, 1 KB | 64 KB")
                .append(" | resident at the end, MB |\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
        for (Map.Entry<String, Map<Cell, List<Sample>>> entry : samples.entrySet()) {
            String name = entry.getKey();
            double small = allocated(name, Cell.SMALL);
            double large = allocated(name, Cell.LARGE);
            out.append(format(
                    "| %s | %s | %s | %s | %s | %d |%n",
                    name,
                    bytes(small),
                    bytes(large),
                    beyond(small, allocated(Contestants.TOMCAT, Cell.SMALL)),
                    beyond(large, allocated(Contestants.TOMCAT, Cell.LARGE)),
                    resident.getOrDefault(name, 0L) >> 20));
        }
        out.append('\n');
    }

    private double allocated(String name, Cell cell) {
        List<Sample> list = samples.getOrDefault(name, Map.of()).get(cell);
        return list == null ? -1 : median(list, Sample::allocated);
    }

    private static String bytes(double bytes) {
        return bytes < 0 ? "–" : format("%,.0f", bytes);
    }

    private static String beyond(double bytes, double tomcat) {
        return bytes < 0 || tomcat < 0 ? "–" : format("%,.0f", bytes - tomcat);
    }

    private static double median(List<Sample> list, ToDoubleFunction<Sample> what) {
        return median(list.stream().mapToDouble(what).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n == 0 ? 0 : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    private String environment() {
        return format(
                "%s, %d cores (%s), Linux %s; JDK %s %s, heap at most 512 MB; %s; %s; %d rounds of %d s each, after %,d"
                        + " requests to warm up; load at the beginning %s; requests with %s.",
                java.time.LocalDate.now(java.time.ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                processor(),
                System.getProperty("os.version"),
                System.getProperty("java.vendor"),
                Runtime.version(),
                version("nginx", "-v"),
                version("wrk", "-v"),
                options.rounds(),
                options.seconds(),
                options.warmUp(),
                load,
                options.bare() ? "no fields but Host" : "five fields of a browser");
    }

    private final String load = firstWords("/proc/loadavg");

    private static String firstWords(String file) {
        try {
            String text = Files.readString(Path.of(file));
            return text.substring(0, text.indexOf(' '));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String version(String name, String option) {
        String program = Contestants.program(name);
        if (program == null) {
            return "no " + name;
        }
        String first =
                Contestants.output(List.of(program, option)).lines().findFirst().orElse(name);
        return first.replaceAll("^nginx version: |\\[.*|Copyright.*", "").strip();
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
