package dev.mfe.quarkus.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests reach zones or the local app, whatever serves them there. */
@QuarkusTest
@QuarkusTestResource(Zones.class)
class AppTest {

    private static final Path DOC = Path.of("../../docs/quarkus.md");
    private static final Pattern ROW = Pattern.compile("\\| `(/[^`]*)` \\| [^|]* \\| (yes|no) \\|.*");
    private static final String ALICE =
            "Basic " + Base64.getEncoder().encodeToString("alice:wonderland".getBytes(StandardCharsets.UTF_8));

    private final HttpClient client = HttpClient.newHttpClient();

    @TestHTTPResource
    URI app;

    record Row(String path, boolean intercepted) {}

    static List<Row> table() throws IOException {
        List<Row> rows = Files.readAllLines(DOC).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> new Row(row.group(1), row.group(2).equals("yes")))
                .toList();
        assertThat(rows).hasSizeGreaterThan(6);
        return rows;
    }

    @ParameterizedTest
    @MethodSource("table")
    void theDocumentationSaysWhichRequestsAreIntercepted(Row row) throws Exception {
        HttpResponse<String> answer = get(row.path());

        if (row.intercepted()) {
            assertThat(answer.body()).isEqualTo("zone docs GET " + row.path());
        } else {
            assertThat(answer.body()).doesNotStartWith("zone ");
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rest/hello, rest hello false",
        "qute/hello, qute hello nobody",
        "servlet/hello, servlet /hello false",
        "hello.html, <p>static</p>",
        "route/hello, route hello",
        "rest/excluded, rest excluded false"
    })
    void theLocalAppAnswersItsOwnPaths(String path, String body) throws Exception {
        assertThat(get(path).body().strip()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource({"rest/hello, rest hello true", "qute/hello, qute hello alice", "servlet/hello, servlet /hello true"})
    void theLocalAppSeesFlagsOfWhoIsLoggedIn(String path, String body) throws Exception {
        assertThat(get(path, "Authorization", ALICE).body().strip()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource({"rest/for-alice, rest for-alice false", "rest/for-alice-later, rest for-alice-later false"})
    void flagsSeeWhoIsLoggedIn(String path, String local) throws Exception {
        assertThat(get(path).body()).isEqualTo(local);
        assertThat(get(path, "Authorization", ALICE).body()).isEqualTo("zone docs GET /" + path + " for alice");
    }

    @Test
    void openFeatureAnswersWhatNobodyElseDoes() throws Exception {
        assertThat(get("rest/by-open-feature?none").body()).isEqualTo("rest by-open-feature false");
        assertThat(get("rest/by-open-feature?beta").body()).isEqualTo("zone docs GET /rest/by-open-feature?beta");
    }

    @Test
    void theRulesOfTheAppProtectThePathsOfZones() throws Exception {
        assertThat(get("secret/taken").statusCode()).isEqualTo(401);
        assertThat(get("secret/taken", "Authorization", ALICE).body())
                .isEqualTo("zone docs GET /secret/taken for alice");
    }

    @Test
    void bodiesArrive() throws Exception {
        assertThat(post("rest/hello", "a=1").body()).isEqualTo("rest hello a=1");
        assertThat(post("rest/for-alice", "a=1").body()).isEqualTo("rest for-alice a=1");
        assertThat(post("rest/taken", "a=1").body()).isEqualTo("zone docs POST /rest/taken a=1");
    }

    @Test
    void zonesHaveHealthChecksThatNeverFail() throws Exception {
        assertThat(get("shop/cart").body()).isEqualTo("zone my-shop GET /shop/cart");
        HttpResponse<String> health = get("q/health/ready");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body())
                .contains("Microfrontends zone docs", "Microfrontends zone my-shop", "\"state\": \"up\"");
        assertThat(get("q/health/live").body()).doesNotContain("Microfrontends");
    }

    @Test
    void requestsToZonesAreMeasured() throws Exception {
        assertThat(get("shop/books/1").body()).isEqualTo("zone my-shop GET /shop/books/1");
        String metrics = get("q/metrics").body();
        assertThat(metrics)
                .containsPattern(
                        "mfe_proxy_seconds_count\\{.*expression=\"/shop/:path\\*\",outcome=\"success\",reason=\"path\""
                                + ",zone=\"my-shop\"}")
                .containsPattern("mfe_zone_connections\\{state=\"idle\",zone=\"my-shop\"}")
                .containsPattern("http_server_requests_seconds_count\\{.*uri=\"/shop/:path\\*\"")
                .doesNotContain("/shop/books");
    }

    @Test
    void aZoneIsPartOfTheTrace() throws Exception {
        HttpResponse<String> answer = get("shop/traced");
        String[] sent = answer.headers().firstValue("X-Trace").orElseThrow().split("-", -1);
        String[] spans = get("spans/" + sent[1]).body().split("\n", -1);

        assertThat(spans).hasSize(2);
        String[] client = spans[0].startsWith("CLIENT ") ? spans[0].split(" ", 4) : spans[1].split(" ", 4);
        String[] server = spans[0].startsWith("SERVER ") ? spans[0].split(" ", 4) : spans[1].split(" ", 4);
        assertThat(client[0]).isEqualTo("CLIENT");
        assertThat(client[3]).isEqualTo("get my-shop");
        assertThat(server[0]).isEqualTo("SERVER");
        assertThat(client[1]).as("parent of the client span").isEqualTo(server[2]);
        assertThat(sent[2]).as("what the zone was sent").isEqualTo(client[2]);
    }

    private HttpResponse<String> get(String path, String... fields) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(app.resolve(path));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(app.resolve(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
