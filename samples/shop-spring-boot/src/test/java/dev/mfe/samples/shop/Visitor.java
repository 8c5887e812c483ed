package dev.mfe.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody with a cookie jar who does not follow redirects by himself. */
final class Visitor {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]* value=\"([^\"]+)\"");

    private final URI shop;
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    Visitor(int port) {
        this.shop = URI.create("http://localhost:" + port);
    }

    /** Logs in as one of the demo's customers. */
    Visitor loggedIn(String name) throws IOException, InterruptedException {
        HttpResponse<String> answer = submit("/login", "/login", "username=" + name + "&password=password");
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).hasValue(shop + "/");
        return this;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(path, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> get(String path, BodyHandler<T> body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(shop.resolve(path)).timeout(LIMIT).build(), body);
    }

    /** Opens a page, and sends the form in it with its token. */
    HttpResponse<String> submit(String page, String action, String fields) throws IOException, InterruptedException {
        Matcher token = CSRF.matcher(get(page).body());
        assertThat(token.find()).as("%s has a form with a token", page).isTrue();
        return post(action, fields + "&_csrf=" + URLEncoder.encode(token.group(1), StandardCharsets.UTF_8));
    }

    HttpResponse<String> post(String action, String fields, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(shop.resolve(action))
                .timeout(LIMIT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(fields));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    CompletableFuture<WebSocket> connect(String path, WebSocket.Listener listener) {
        return client.newWebSocketBuilder()
                .connectTimeout(LIMIT)
                .buildAsync(URI.create("ws://" + shop.getAuthority() + path), listener);
    }
}
