package dev.mfe.containers.undertow;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.contract.Site;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of HTTP/2, whose requests do not say in the head whether a body follows. */
@Timeout(60)
class UndertowHttp2Test {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final UndertowContainer container = new UndertowContainer(true);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() throws Exception {
        container.stop();
    }

    private void send(int port, HttpRequest.Builder request) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + "/docs/a");
        // The first one takes the connection to HTTP/2.
        client.send(HttpRequest.newBuilder(uri.resolve("/local")).build(), HttpResponse.BodyHandlers.discarding());
        HttpResponse<String> response = client.send(request.uri(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(response.body()).isEqualTo("ok");
    }

    @Test
    void aRequestWithoutABodyHasNone() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(OK))) {
            send(container.start(Site.of(zone)), HttpRequest.newBuilder());
            OriginRequest request = zone.takeRequest();
            assertThat(request.fields("Transfer-Encoding")).isEmpty();
            assertThat(request.fields("Content-Length")).isEmpty();
        }
    }

    @Test
    void aBodyWithoutALengthIsSent() throws Exception {
        Script chunked = script().readHead().readBodyUntil("0\r\n\r\n").send(OK);
        byte[] body = "some text".getBytes(StandardCharsets.US_ASCII);
        try (ScriptedOrigin zone = ScriptedOrigin.always(chunked)) {
            send(
                    container.start(Site.of(zone)),
                    HttpRequest.newBuilder().POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
            assertThat(zone.takeRequest().bodyText()).contains("some text");
        }
    }
}
