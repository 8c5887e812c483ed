package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusDevModeTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In dev mode the routing file is read again when it is saved, and the Dev UI shows the site. */
class DevModeTest {

    private static final URI APP = URI.create("http://localhost:8080/");

    @RegisterExtension
    static final QuarkusDevModeTest DEV = new QuarkusDevModeTest()
            .withApplicationRoot(app -> app.addAsResource(new StringAsset(Apps.DOCS), "microfrontends.json")
                    .addAsResource(
                            new StringAsset("quarkus.mfe.zones.docs.url=http://localhost:1\n"),
                            "application.properties"));

    @Test
    void aSavedRoutingFileIsInForceAtOnce() throws Exception {
        assertThat(get("docs").statusCode()).isEqualTo(502);
        assertThat(get("guides").statusCode()).isEqualTo(404);

        DEV.modifyResourceFile("microfrontends.json", text -> text.replace("/docs", "/guides"));

        assertThat(get("guides").statusCode()).isEqualTo(502);
        assertThat(get("docs").statusCode()).isEqualTo(404);
    }

    @Test
    void aBrokenRoutingFileIsSaidWithItsPlaceUntilItIsMended() throws Exception {
        assertThat(get("docs").statusCode()).isEqualTo(502);

        DEV.modifyResourceFile("microfrontends.json", text -> text.replace("\"paths\"", "\"path\""));

        HttpResponse<String> broken = get("docs");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).contains("classpath:microfrontends.json:4:28 /applications/docs/routing/0");

        DEV.modifyResourceFile("microfrontends.json", text -> text.replace("\"path\"", "\"paths\""));

        assertThat(get("docs").statusCode()).isEqualTo(502);
    }

    @Test
    void theDevUiShowsTheSiteAndSaysWhoServesAPath() throws Exception {
        assertThat(get("q/dev-ui/mfe-quarkus-extension/qwc-mfe-zones.js").body())
                .contains("customElements.define('qwc-mfe-zones'");
        assertThat(get("q/dev-ui/mfe-quarkus-extension-data.js").body())
                .contains("/docs/:path*", "classpath:microfrontends.json");

        assertThat(call("mfe-quarkus-extension_whoServes", "{\"path\":\"/docs/intro\"}"))
                .contains(
                        "\"servedBy\":\"docs\"",
                        "\"expression\":\"/docs/:path*\"",
                        "\"origin\":\"http://localhost:1\"");
        assertThat(call("mfe-quarkus-extension_zones", "{}")).contains("\"zone\":\"docs\"");
    }

    private static HttpResponse<String> get(String path) throws Exception {
        // Without the change to HTTP/2 that the client would ask for: what is in force is the question here.
        HttpRequest request = HttpRequest.newBuilder(APP.resolve(path))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String call(String method, String parameters) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Origin", "http://localhost:8080")
                .buildAsync(URI.create("ws://localhost:8080/q/dev-ui/json-rpc-ws"), new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        text.append(data);
                        if (last) {
                            Matcher mine =
                                    Pattern.compile("\"id\"\\s*:\\s*7\\b").matcher(text);
                            if (mine.find()) {
                                answer.complete(text.toString().replaceAll("\\s+", ""));
                            }
                            text.setLength(0);
                        }
                        socket.request(1);
                        return null;
                    }
                })
                .get(10, TimeUnit.SECONDS);
        try {
            socket.sendText(
                            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":" + parameters
                                    + "}",
                            true)
                    .get(10, TimeUnit.SECONDS);
            return answer.get(10, TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }
}
