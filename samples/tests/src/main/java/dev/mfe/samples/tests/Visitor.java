package dev.mfe.samples.tests;

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
public final class Visitor {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]* value=\"([^\"]+)\"");

    private final URI shop;
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    /**
     * Somebody new.
     *
     * @param port of the shop, on this machine
     */
    public Visitor(int port) {
        this.shop = URI.create("http://localhost:" + port);
    }

    /** Logs in as one of the demo's customers. */
    public Visitor loggedIn(String name) throws IOException, InterruptedException {
        HttpResponse<String> answer = submit("/login", "/login", "username=" + name + "&password=password");
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).hasValue(shop + "/");
        return this;
    }

    public HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return get(path, BodyHandlers.ofString(), headers);
    }

    public <T> HttpResponse<T> get(String path, BodyHandler<T> body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(shop.resolve(path)).timeout(LIMIT);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), body);
    }

    /**
     * Opens a page, and sends the form in it as browsers do: with its token if it has one, and saying where it is from.
     */
    public HttpResponse<String> submit(String page, String action, String fields)
            throws IOException, InterruptedException {
        String form = get(page).body();
        assertThat(form).contains("action=\"" + action + "\"");
        Matcher token = CSRF.matcher(form);
        String all =
                token.find() ? fields + "&_csrf=" + URLEncoder.encode(token.group(1), StandardCharsets.UTF_8) : fields;
        return post(action, all, "Origin", shop.toString());
    }

    public HttpResponse<String> post(String action, String fields, String... headers)
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

    public CompletableFuture<WebSocket> connect(String path, WebSocket.Listener listener) {
        return client.newWebSocketBuilder()
                .connectTimeout(LIMIT)
                .buildAsync(URI.create("ws://" + shop.getAuthority() + path), listener);
    }
}
