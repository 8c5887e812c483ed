package dev.mfe.benchmarks.compare;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the comparison and prints it as Markdown. */
public final class Compare {

    private static final int WARM_UP_SECONDS = 4;

    /** The share of requests that may fail: one connection that breaks tells little about the others. */
    private static final double FAILURES_TO_BEAR = 0.001;

    private final Options options;
    private final Path work;
    private final Map<Contestant, Server> servers = new LinkedHashMap<>();
    private final @Nullable Wrk wrk;

    private Compare(Options options, Path work) {
        this.options = options;
        this.work = work;
        String program = Contestants.program("wrk");
        this.wrk = program == null ? null : new Wrk(program, options.fields());
    }

    /**
     * Compares; see {@link Options#USAGE}.
     *
     * @param arguments options
     * @throws IOException when something that is needed fails
     * @throws InterruptedException when it is to stop
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.parse(Arrays.asList(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Path work = Files.createDirectories(Contestants.module().resolve("target/compare"));
        new Compare(options, work).run();
        System.exit(0);
    }

    private void run() throws IOException, InterruptedException {
        Contestants contestants = new Contestants(work);
        try (Server origin = Server.start(contestants.own(Origin.class), 0, work.resolve("origin.log"))) {
            Report report = new Report(options);
            Path file = work.resolve("proxying.md");
            startAll(contestants.find(origin.port()), report);
            contestants.missing().forEach(report::note);
            if (wrk == null) {
                report.note("No program wrk on the PATH: only the loads that do not need it were measured.");
            }
            warmUp();
            for (Cell cell : Cell.values()) {
                if (!cell.openLoop() && wrk == null) {
                    continue;
                }
                if (cell == Cell.CROWD) {
                    meetTheCrowd();
                }
                for (int round = 1; round <= options.rounds(); round++) {
                    measure(round, cell, report);
                    // So that a run that is broken off was not for nothing.
                    Files.writeString(file, report.text());
                }
            }
            for (Map.Entry<Contestant, Server> entry : servers.entrySet()) {
                report.memory(entry.getKey(), entry.getValue().residentBytes());
            }
            if (options.streams() > 0) {
                streams(report);
            }
            if (options.pairs() > 0 && wrk != null) {
                localPairs(report);
            }
            String text = report.text();
            Files.writeString(file, text);
            System.out.println(text);
            System.err.println("Also in " + file);
        } finally {
            for (Server server : servers.values()) {
                server.close();
            }
        }
    }

    private void startAll(List<Contestant> contestants, Report report) throws InterruptedException {
        for (Contestant contestant : contestants) {
            if (!options.wants(contestant)) {
                continue;
            }
            say("Starting " + contestant.name());
            String log = contestant.name().toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".log";
            try {
                Server server = Server.start(contestant.command(), contestant.port(), work.resolve(log));
                servers.put(contestant, server);
                check(contestant, server);
            } catch (IOException e) {
                report.note(contestant.name() + " left out: " + e.getMessage());
                Server failed = servers.remove(contestant);
                if (failed != null) {
                    closeQuietly(failed);
                }
            }
        }
    }

    private static void closeQuietly(Server server) {
        try {
            server.close();
        } catch (IOException e) {
            say("Ending a server: " + e);
        }
    }

    /** A quick answer is worth nothing unless it is the right one. */
    private static void check(Contestant contestant, Server server) throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        for (Page page : Page.values()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + contestant.path() + page.segment());
            HttpResponse<byte[]> answer =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200
                    || !Arrays.equals(answer.body(), page.body())
                    || !answer.headers().firstValue("ETag").orElse("").equals(Page.ETAG)) {
                throw new IOException("wrong answer to " + uri + ": status " + answer.statusCode() + ", "
                        + answer.body().length + " bytes");
            }
        }
    }

    /** By the number of requests, not by time: a slow one would otherwise stay cold. */
    private void warmUp() throws IOException, InterruptedException {
        for (Map.Entry<Contestant, Server> entry : servers.entrySet()) {
            Server server = entry.getValue();
            String path = entry.getKey().path();
            long requests = 0;
            while (requests < options.warmUp()) {
                long before = requests;
                say("Warming up " + entry.getKey().name() + ": " + requests + " requests");
                String large = path + Page.SIXTY_FOUR_KB.segment();
                String small = path + Page.ONE_KB.segment();
                if (wrk == null) {
                    requests += OpenLoop.run(
                                    server.port(), small, options.fields(), Cell.STEADY_PER_SECOND, WARM_UP_SECONDS)
                            .requests();
                } else {
                    requests +=
                            wrk.run(server.port(), small, 32, WARM_UP_SECONDS).requests();
                    requests += wrk.run(server.port(), large, 32, WARM_UP_SECONDS / 2)
                            .requests();
                }
                if (requests == before) {
                    throw new IOException(entry.getKey().name() + " answers nothing well");
                }
            }
        }
    }

    /** What is compiled anew for many connections, and the threads that are started for them, is not to be measured. */
    private void meetTheCrowd() throws IOException {
        for (Map.Entry<Contestant, Server> entry : servers.entrySet()) {
            if (wrk != null) {
                say("Warming up for many connections: " + entry.getKey().name());
                String path = entry.getKey().path() + Page.ONE_KB.segment();
                wrk.run(entry.getValue().port(), path, Cell.CROWD.connections(), WARM_UP_SECONDS);
            }
        }
    }

    private void measure(int round, Cell cell, Report report) throws IOException, InterruptedException {
        for (Map.Entry<Contestant, Server> entry : servers.entrySet()) {
            Contestant contestant = entry.getKey();
            Server server = entry.getValue();
            say("Round " + round + ", " + cell.title() + ": " + contestant.name());
            String path = contestant.path() + cell.page().segment();
            try {
                long allocatedBefore = contestant.isJava() ? server.allocatedBytes() : 0;
                long cpuBefore = server.cpuMicros();
                Load load = load(server, path, cell);
                double cpu = server.cpuMicros() - cpuBefore;
                double allocated = contestant.isJava() ? server.allocatedBytes() - allocatedBefore : -1;
                String where = contestant.name() + ", " + cell.title() + ", round " + round + ": ";
                if (load.failed() > 0) {
                    failed(report, where + load.failed() + " requests failed, " + load.requests() + " did not");
                }
                if (load.failed() > load.requests() * FAILURES_TO_BEAR) {
                    failed(report, where + "too many, so this round does not count");
                } else {
                    report.sample(
                            contestant, cell, new Sample(load, cpu / load.requests(), allocated / load.requests()));
                }
            } catch (IOException e) {
                // The others, and what was measured so far, are worth more than this turn.
                failed(
                        report,
                        contestant.name() + ", " + cell.title() + ", round " + round + " left out: " + e.getMessage());
            }
        }
    }

    private static void failed(Report report, String what) {
        say(what);
        report.note(what);
    }

    private Load load(Server server, String path, Cell cell) throws IOException, InterruptedException {
        if (cell.openLoop() || wrk == null) {
            return OpenLoop.run(server.port(), path, options.fields(), Cell.STEADY_PER_SECOND, options.seconds());
        }
        return wrk.run(server.port(), path, cell.connections(), options.seconds());
    }

    private void streams(Report report) throws IOException {
        for (Map.Entry<Contestant, Server> entry : servers.entrySet()) {
            Contestant contestant = entry.getKey();
            if (contestant.streams()) {
                say(options.streams() + " event streams: " + contestant.name());
                // The first time is the warm-up.
                for (int i = 0; i < 2; i++) {
                    Streams.Result result = Streams.run(
                            entry.getValue(), contestant.path() + "events", options.streams(), 2 * options.seconds());
                    if (i > 0) {
                        report.streams(contestant, options.streams(), result);
                    }
                }
            }
        }
    }

    /**
     * The page of the local app with and without the filter in front, both in the same process: two processes that run
     * the same code differ by more than what is looked for here.
     */
    private void localPairs(Report report) throws IOException {
        for (Map.Entry<Contestant, Server> entry : servers.entrySet()) {
            if (!entry.getKey().name().equals(Contestants.LOCAL)) {
                continue;
            }
            Server server = entry.getValue();
            double[] with = new double[options.pairs()];
            double[] without = new double[options.pairs()];
            for (int i = 0; i < options.pairs(); i++) {
                say("A local page with and without the filter, pair " + (i + 1));
                // In turns the first, so that what changes slowly favours neither.
                if (i % 2 == 0) {
                    with[i] = cpuPerRequest(server, "/page/1k");
                    without[i] = cpuPerRequest(server, "/bare/1k");
                } else {
                    without[i] = cpuPerRequest(server, "/bare/1k");
                    with[i] = cpuPerRequest(server, "/page/1k");
                }
            }
            report.localPairs(with, without);
        }
    }

    private double cpuPerRequest(Server server, String path) throws IOException {
        if (wrk == null) {
            throw new IllegalStateException("wrk is needed");
        }
        long before = server.cpuMicros();
        Load load = wrk.run(server.port(), path, 32, Math.max(1, options.seconds() / 2));
        return (double) (server.cpuMicros() - before) / load.requests();
    }

    private static void say(String what) {
        System.err.println(what);
    }
}
