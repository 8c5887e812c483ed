package dev.mfe.samples.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The launcher of the demo, with what this build has packaged. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "A process there can be killed, but not asked to stop")
public abstract class DemoRules {

    private final List<String> options;
    private final List<String> output = new ArrayList<>();

    /**
     * The demo of one shop.
     *
     * @param options that choose the shop
     */
    protected DemoRules(String... options) {
        this.options = List.of(options);
    }

    @Test
    void startsAllThreeGoesOnWithoutAZoneAndLeavesNothingBehind() throws Exception {
        List<Integer> ports = freePorts();
        Process demo = demo(ports);
        try (BufferedReader lines = demo.inputReader(Charset.defaultCharset())) {
            readUntil(lines, "Ctrl-C stops all three.");
            List<ProcessHandle> apps = demo.descendants().toList();
            assertThat(apps).hasSize(3);
            Visitor visitor = new Visitor(ports.get(0));
            assertThat(visitor.get("/").body()).contains("This page comes from the");
            assertThat(visitor.get("/docs").body()).contains("zone-docs");

            visitor.loggedIn("ada");
            assertThat(visitor.get("/checkout").body()).contains("zone-checkout");
            end("checkout", apps);
            readUntil(lines, "the checkout zone has ended");
            assertThat(visitor.get("/checkout").body()).contains("The old checkout");

            // Not demo.destroy(), which would close its output too.
            demo.toHandle().destroy();

            readUntil(lines, "stopped");
            assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(apps).noneMatch(ProcessHandle::isAlive);
        } finally {
            demo.descendants().forEach(ProcessHandle::destroyForcibly);
            demo.destroyForcibly();
        }
    }

    @Test
    void saysWhichPortIsTakenAndHowToChooseAnother() throws Exception {
        List<Integer> ports = freePorts();
        try (ServerSocket taken = new ServerSocket(ports.get(1))) {
            Process demo = demo(ports);
            try (BufferedReader lines = demo.inputReader(Charset.defaultCharset())) {
                lines.lines().forEach(output::add);
            }
            assertThat(demo.waitFor()).isEqualTo(1);
            assertThat(output)
                    .singleElement()
                    .asString()
                    .contains("Port " + taken.getLocalPort() + " is in use")
                    .contains("--docs-port=");
        }
    }

    private Process demo(List<Integer> ports) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "samples/Demo.java",
                "--skip-build",
                "--shop-port=" + ports.get(0),
                "--docs-port=" + ports.get(1),
                "--checkout-port=" + ports.get(2)));
        command.addAll(options);
        return new ProcessBuilder(command)
                .directory(Path.of("../..").toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static void end(String zone, List<ProcessHandle> apps) {
        assertThat(apps)
                .filteredOn(app ->
                        Arrays.asList(app.info().arguments().orElseThrow()).contains(zone))
                .singleElement()
                .satisfies(ProcessHandle::destroy);
    }

    private void readUntil(BufferedReader lines, String text) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.contains(text)) {
            output.add(line);
            line = lines.readLine();
        }
        assertThat(line).as("%s, after%n%s", text, String.join("\n", output)).isNotNull();
    }

    /** The demo has no use for port 0: it tells people where to go. */
    private static List<Integer> freePorts() throws IOException {
        try (ServerSocket first = new ServerSocket(0);
                ServerSocket second = new ServerSocket(0);
                ServerSocket third = new ServerSocket(0)) {
            return List.of(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
        }
    }
}
