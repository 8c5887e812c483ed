package dev.mfe.samples.shop;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Both zones, each on a port that the system picks. They are processes of their own, because their Tomcat needs another
 * servlet API than the one that comes with Quarkus.
 */
public final class Zones implements QuarkusTestResourceLifecycleManager {

    private final List<Process> running = new ArrayList<>();

    @Override
    public Map<String, String> start() {
        return Map.of(
                "quarkus.mfe.zones.docs.url", start("docs"),
                "quarkus.mfe.zones.checkout.url", start("checkout"));
    }

    private String start(String zone) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try {
            Process process = new ProcessBuilder(java, "-jar", "../apps/target/zones.jar", zone, "0")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            running.add(process);
            String ready = process.inputReader().readLine();
            return ready.substring(ready.indexOf("http://"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        running.forEach(Process::destroy);
    }
}
