package dev.mfe.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The npm package {@code http-cache-tests} asks what a cache does (RFC 9111). The filter is none, so everything must
 * come out as it does without it: no field lost, no validator touched, no status changed.
 */
class HttpCacheTestsIT {

    private static final String PACKAGE = "http-cache-tests@0.4.5";

    /**
     * The zone's {@code Transfer-Encoding} names a coding that does not exist. The field ends at this hop and the
     * coding cannot be undone, so there is no body to pass on (RFC 9112 §6.1, §6.3): 502.
     */
    private static final Set<String> ON_PURPOSE = Set.of("headers-store-Transfer-Encoding");

    @Test
    void cachesSeeTheSameThroughTheFilter(@TempDir Path directory) throws Exception {
        Path suite = install(directory);
        Process server = node(suite, directory.resolve("server.log"), Map.of("port", "0"), "server/server.mjs");
        try (BufferedReader output = server.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            assertThat(line).startsWith("Listening on ");
            int port = Integer.parseInt(line.replaceAll(".*:(\\d+)/$", "$1"));
            try (TomcatWithZone tomcat = new TomcatWithZone("http://127.0.0.1:" + port, directory)) {
                Path direct = directory.resolve("direct.json");
                Path filtered = directory.resolve("filtered.json");
                Process first = client(suite, port, direct);
                Process second = client(suite, tomcat.port(), filtered);
                first.waitFor();
                second.waitFor();

                Map<String, String> expected = results(direct);
                Map<String, String> actual = results(filtered);
                Set<String> different = new TreeSet<>();
                expected.forEach((test, result) -> {
                    if (!result.equals(actual.get(test))) {
                        different.add(test);
                    }
                });
                Set<String> explained = new TreeSet<>(lines("/differs-through-nginx-too.txt"));
                explained.addAll(ON_PURPOSE);
                System.out.printf("http-cache-tests: %d tests, different %s%n", expected.size(), different);
                assertThat(expected.size()).isGreaterThan(300);
                assertThat(actual).hasSameSizeAs(expected);
                assertThat(different).isSubsetOf(explained);
            }
        } finally {
            server.destroy();
        }
    }

    private static Path install(Path directory) throws Exception {
        Path log = directory.resolve("npm.log");
        int code;
        try {
            Process npm = new ProcessBuilder(
                            "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", ".", PACKAGE)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            code = npm.waitFor(2, TimeUnit.MINUTES) ? npm.exitValue() : -1;
        } catch (IOException e) {
            code = -1;
        }
        assumeTrue(code == 0, "npm could not install " + PACKAGE + "; Node.js and the npm registry are needed");
        return directory.resolve("node_modules/http-cache-tests");
    }

    private static Process client(Path suite, int port, Path results) throws IOException {
        return node(suite, results, Map.of("base", "http://127.0.0.1:" + port, "id", ""), "cli.mjs");
    }

    private static Process node(Path suite, Path output, Map<String, String> settings, String script)
            throws IOException {
        ProcessBuilder node = new ProcessBuilder("node", "--no-warnings", script).directory(suite.toFile());
        // Its scripts are meant to be started by npm, which hands settings on like this.
        Map<String, String> all = new HashMap<>(Map.of("protocol", "http", "pidfile", output + ".pid"));
        all.putAll(settings);
        all.forEach((name, value) -> {
            node.environment().put("npm_config_" + name, value);
            node.environment().put("npm_package_config_" + name, value);
        });
        if (script.equals("cli.mjs")) {
            node.redirectOutput(output.toFile());
        }
        return node.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** Each test with what came out of it, in short: true, or the kind of failure. */
    private static Map<String, String> results(Path file) throws IOException {
        Map<String, String> results = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String test = json.currentName();
                StringBuilder result = new StringBuilder();
                if (json.nextToken() == JsonToken.START_ARRAY) {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        result.append(json.getText()).append(": ");
                    }
                } else {
                    result.append(json.getText());
                }
                results.put(test, result.toString());
            }
        }
        return results;
    }

    private static Set<String> lines(String resource) throws IOException {
        try (InputStream input = HttpCacheTestsIT.class.getResourceAsStream(resource)) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toSet());
        }
    }
}
