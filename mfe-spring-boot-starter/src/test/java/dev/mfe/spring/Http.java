package dev.mfe.spring;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A client without cookies that follows no redirects. */
final class Http {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private Http() {}

    /** Sends a GET; header fields as {@code Name: value}. */
    static HttpResponse<String> get(int port, String target, String... fields) throws Exception {
        return send(port, "GET", target, null, fields);
    }

    /** Sends any request. */
    static HttpResponse<String> send(int port, String method, String target, String body, String... fields)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + target))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        for (String field : fields) {
            int colon = field.indexOf(':');
            request.header(field.substring(0, colon), field.substring(colon + 1).strip());
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
