package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What an app does for its own paths. Passes without the starter, and so has to with it. */
@SpringBootTest(
        classes = LocalApp.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.mvc.hiddenmethod.filter.enabled=true",
            "server.compression.enabled=true",
            "server.compression.mime-types=text/plain",
            "mfe.zones.docs.url=http://localhost:9"
        })
abstract class LocalAppContract {

    static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private static final String ADA = "Authorization: Basic YWRhOnNlY3JldA==";
    private static final String MULTIPART = """
            --b
            Content-Disposition: form-data; name="file"; filename="a.txt"
            Content-Type: text/plain

            some text
            --b--
            """.replace("\n", "\r\n");

    private static final Path LOGS = logs();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void accessLog(DynamicPropertyRegistry properties) {
        for (String server : List.of("tomcat", "jetty")) {
            properties.add("server." + server + ".accesslog.enabled", () -> true);
        }
        properties.add("server.tomcat.accesslog.directory", LOGS::toString);
        properties.add("server.tomcat.accesslog.buffered", () -> false);
        properties.add("server.tomcat.accesslog.pattern", () -> "%m %U%q %s");
        properties.add("server.jetty.accesslog.filename", LOGS.resolve("jetty.log")::toString);
        properties.add("server.jetty.accesslog.append", () -> true);
        properties.add("server.jetty.accesslog.custom-format", () -> "%m %U%q %s");
    }

    private static Path logs() {
        try {
            return Files.createTempDirectory("access-log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFormIsPosted() throws Exception {
        assertThat(post("/form", "name=%C3%A9+x&more=1&more=2", FORM).body()).isEqualTo("posted é x[1, 2]");
    }

    @Test
    void aFormIsPut() throws Exception {
        assertThat(send("PUT", "/form", "name=a%26b", FORM).body()).isEqualTo("put a&b");
        assertThat(send("DELETE", "/form", "name=c", FORM).body()).isEqualTo("deleted c");
    }

    @Test
    void aHiddenFieldChangesTheMethod() throws Exception {
        assertThat(post("/form", "_method=delete&name=d", FORM).body()).isEqualTo("deleted d");
    }

    @Test
    void aBodyIsRead() throws Exception {
        assertThat(post("/json", "{\"a\":1}", "Content-Type: application/json").body())
                .isEqualTo("json {\"a\":1}");
    }

    @Test
    void aFileIsUploaded() throws Exception {
        assertThat(post("/upload", MULTIPART, "Content-Type: multipart/form-data; boundary=b")
                        .body())
                .isEqualTo("a.txt some text");
    }

    @Test
    void aFormWithoutTokenIsRefused() throws Exception {
        HttpResponse<String> refused = Http.send(port, "POST", "/form", "name=a&more=1", FORM, ADA);
        assertThat(refused.statusCode()).isEqualTo(403);
    }

    @Test
    void aSessionIsKept() throws Exception {
        HttpResponse<String> first = Http.get(port, "/count");
        assertThat(first.body()).isEqualTo("count 1");
        assertThat(Http.get(port, "/count", "Cookie: " + session(first)).body()).isEqualTo("count 2");
    }

    @Test
    void nothingMakesASessionThatIsNotNeeded() throws Exception {
        HttpResponse<String> home = Http.get(port, "/");
        assertThat(home.body()).isEqualTo("home");
        assertThat(home.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(home.headers().allValues("X-Frame-Options")).containsExactly("DENY");
    }

    @Test
    void anErrorHasItsPage() throws Exception {
        HttpResponse<String> error = Http.get(port, "/boom", "Accept: application/json");
        assertThat(error.statusCode()).isEqualTo(500);
        assertThat(error.body()).contains("\"path\":\"/boom\"", "\"status\":500");
        assertThat(Http.get(port, "/nowhere", "Accept: application/json").body())
                .contains("\"path\":\"/nowhere\"", "\"status\":404");
    }

    @Test
    void crossOriginRequestsAreAnswered() throws Exception {
        assertThat(Http.get(port, "/cors", "Origin: https://friend.example.com")
                        .headers()
                        .allValues("Access-Control-Allow-Origin"))
                .containsExactly("https://friend.example.com");
        assertThat(Http.get(port, "/cors", "Origin: https://other.example.com").statusCode())
                .isEqualTo(403);
    }

    @Test
    void aLongAnswerIsCompressed() throws Exception {
        HttpResponse<String> big = Http.get(port, "/big", "Accept-Encoding: gzip", "Accept: text/plain");
        assertThat(big.headers().allValues("Content-Encoding")).containsExactly("gzip");
        assertThat(big.body()).hasSizeLessThan(1_000);
    }

    @Test
    void aRuleGuardsAPage() throws Exception {
        assertThat(Http.get(port, "/private/page").statusCode()).isEqualTo(401);
        assertThat(Http.get(port, "/private/page", ADA).body()).isEqualTo("hello ada");
    }

    @Test
    @Timeout(30)
    void aRequestIsLoggedOnce() throws Exception {
        String mark = "?" + UUID.randomUUID();
        assertThat(Http.get(port, "/private/page" + mark, ADA).statusCode()).isEqualTo(200);
        Http.get(port, "/" + mark);
        List<String> lines = linesWith(mark);
        // The server writes its line when the response is out already.
        while (lines.size() < 2) {
            Thread.onSpinWait();
            lines = linesWith(mark);
        }
        assertThat(lines).containsExactlyInAnyOrder("GET /private/page" + mark + " 200", "GET /" + mark + " 200");
    }

    private static List<String> linesWith(String mark) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(LOGS)) {
            for (Path file : files.toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.contains(mark))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private HttpResponse<String> post(String target, String body, String type) throws Exception {
        return send("POST", target, body, type);
    }

    /** With a session and its token. */
    private HttpResponse<String> send(String method, String target, String body, String type) throws Exception {
        HttpResponse<String> token = Http.get(port, "/csrf");
        return Http.send(
                port, method, target, body, type, "Cookie: " + session(token), "X-CSRF-TOKEN: " + token.body());
    }

    static String session(HttpResponse<String> response) {
        return response.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }
}
