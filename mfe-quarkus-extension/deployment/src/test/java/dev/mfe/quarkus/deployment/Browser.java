package dev.mfe.quarkus.deployment;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A headless Chromium, spoken to as WebDriver (W3C) says. No library for that: whatever is on the class path of these
 * tests is on that of the app, which is to have no more than it needs.
 */
final class Browser implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");

    /** Looks into shadow roots, too: everything in the Dev UI is in one. */
    private static final String DEEP = """
            const all = function* (node) {
                yield node;
                for (const below of [...(node.shadowRoot ? node.shadowRoot.childNodes : []), ...node.childNodes]) {
                    if (below.nodeName !== 'STYLE' && below.nodeName !== 'SCRIPT') yield* all(below);
                }
            };
            const text = node => [...all(node)].map(one => one.nodeType === 3 ? one.data : '').join(' ').replace(/\\s+/g, ' ');
            const [selector, value, done] = arguments;
            const find = () => [...all(document.body)].find(node => node.nodeType === 1 && node.matches(selector));
            const until = look => {
                const found = find();
                if (found && look(found)) { done(true); } else { requestAnimationFrame(() => until(look)); }
            };
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process driver;
    private final URI session;

    private Browser(Process driver, int port, Path chromium) throws IOException, InterruptedException {
        this.driver = driver;
        JsonObject options = new JsonObject()
                .put("binary", chromium.toString())
                .put(
                        "args",
                        JsonArray.of(
                                "--headless=new",
                                // Containers and continuous integration rarely allow what Chromium's own sandbox needs.
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--no-first-run",
                                "--window-size=1400,1000"));
        URI sessions = URI.create("http://localhost:" + port + "/session");
        JsonObject capabilities = new JsonObject()
                .put("goog:chromeOptions", options)
                .put("timeouts", new JsonObject().put("script", LIMIT.toMillis()));
        JsonObject made = new JsonObject(String.valueOf(send(
                sessions, new JsonObject().put("capabilities", new JsonObject().put("alwaysMatch", capabilities)))));
        this.session = URI.create(sessions + "/" + made.getString("sessionId") + "/");
    }

    /** Starts Chromium, or skips the test and says what is missing. */
    static Browser open() throws IOException, InterruptedException {
        Path chromium =
                find("Chromium or Chrome", "CHROME_BIN", "chromium", "chromium-browser", "google-chrome", "chrome.exe");
        Path chromedriver = find("chromedriver", "CHROMEDRIVER_BIN", "chromedriver", "chromedriver.exe");
        Process driver = new ProcessBuilder(chromedriver.toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        try {
            return new Browser(driver, port(driver), chromium);
        } catch (IOException | InterruptedException | RuntimeException e) {
            driver.destroy();
            throw e;
        }
    }

    private static Path find(String what, String variable, String... names) {
        String named = System.getenv(variable);
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        Optional<Path> found = named != null && !named.isEmpty()
                ? Optional.of(Path.of(named))
                : Stream.of(names)
                        .flatMap(name ->
                                Stream.of(path.split(File.pathSeparator, -1)).map(folder -> Path.of(folder, name)))
                        .filter(Files::isExecutable)
                        .findFirst();
        String otherwise = "No browser test: no " + what + " on the PATH, and " + variable + " is not set";
        if (found.isEmpty()) {
            // The build shows that tests were skipped, but keeps the reason for its report.
            System.out.println(otherwise);
        }
        Assumptions.assumeTrue(found.isPresent(), otherwise);
        return found.orElseThrow();
    }

    private static int port(Process driver) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                return Integer.parseInt(started.group(1));
            }
        }
        throw new IOException("chromedriver ended before it said on which port it listens");
    }

    void go(String address) throws IOException, InterruptedException {
        send(session.resolve("url"), new JsonObject().put("url", address));
    }

    /** Waits until an element is there with all these texts in it. */
    void waitFor(String selector, String... texts) throws IOException, InterruptedException {
        run("until(it => value.every(one => text(it).includes(one)));", selector, JsonArray.of((Object[]) texts));
    }

    /** Clicks an element as soon as it is there. */
    void click(String selector) throws IOException, InterruptedException {
        run("until(it => { it.click(); return true; });", selector, "");
    }

    /** Sets the value of a field as soon as it is there. */
    void type(String selector, String value) throws IOException, InterruptedException {
        run("until(it => { it.value = value; return true; });", selector, value);
    }

    private void run(String script, String selector, Object value) throws IOException, InterruptedException {
        try {
            execute(script, selector, value);
        } catch (AssertionError e) {
            Object there = execute("const it = find(); done(it ? text(it) : 'nothing');", selector, "");
            throw new AssertionError("Not on the page: " + selector + " " + value + "; there is: " + there, e);
        }
    }

    private Object execute(String script, String selector, Object value) throws IOException, InterruptedException {
        return send(
                session.resolve("execute/async"),
                new JsonObject().put("script", DEEP + script).put("args", JsonArray.of(selector, value)));
    }

    private Object send(URI command, JsonObject body) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(command)
                        .timeout(LIMIT.plusSeconds(30))
                        .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(command + ": " + response.body());
        }
        return new JsonObject(response.body()).getValue("value");
    }

    @Override
    public void close() {
        try {
            client.send(
                    HttpRequest.newBuilder(session).timeout(LIMIT).DELETE().build(),
                    HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroy();
        }
    }
}
