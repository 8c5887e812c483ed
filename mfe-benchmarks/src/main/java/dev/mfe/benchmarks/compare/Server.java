package dev.mfe.benchmarks.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A process that is measured, with what the system knows of it. */
final class Server implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What Linux counts CPU time in for programs, whatever its own clock does. */
    private static final long MICROS_PER_TICK = 10_000;

    private final Process process;
    private final int port;
    private @Nullable Allocations allocations;

    private Server(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it and waits until it takes connections. What it complains about goes to the file. */
    static Server start(List<String> command, int knownPort, Path log) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        // Also if this program is interrupted.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        try {
            int port = knownPort == 0 ? port(process) : knownPort;
            awaitConnections(process, port);
            return new Server(process, port);
        } catch (IOException e) {
            process.destroyForcibly();
            throw new IOException(e.getMessage() + "; see " + log, e);
        }
    }

    /** Servers may write other things first. What they write later is read, so that they are not held up. */
    private static int port(Process process) throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("port ")) {
                Thread rest = new Thread(() -> lines.lines().forEach(ignored -> {}));
                rest.setDaemon(true);
                rest.start();
                return Integer.parseInt(line.substring(5).strip());
            }
        }
        throw new IOException("It ended without telling its port");
    }

    private static void awaitConnections(Process process, int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (IOException e) {
                if (System.nanoTime() - end > 0 || !process.isAlive()) {
                    throw new IOException("It takes no connections", e);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** User and system time so far, of the process and its children. */
    long cpuMicros() throws IOException {
        long micros = 0;
        for (ProcessHandle part : parts()) {
            String stat = Files.readString(Path.of("/proc", Long.toString(part.pid()), "stat"));
            // The name, in parentheses, may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            micros += (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
        }
        return micros;
    }

    /** Memory that is in use now. */
    long residentBytes() throws IOException {
        long kilobytes = 0;
        for (ProcessHandle part : parts()) {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(part.pid()), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        }
        return kilobytes * 1024;
    }

    private List<ProcessHandle> parts() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    /** Bytes that all threads have allocated so far; for Java only. */
    long allocatedBytes() throws IOException {
        Allocations known = allocations;
        if (known == null) {
            known = Allocations.of(process.pid());
            allocations = known;
        }
        return known.bytes();
    }

    @Override
    public void close() throws IOException {
        if (allocations != null) {
            allocations.close();
        }
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
