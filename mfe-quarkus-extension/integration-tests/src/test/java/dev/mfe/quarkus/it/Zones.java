package dev.mfe.quarkus.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The zones of the app: each says its name, the method, the target, and whom it was told. */
public class Zones implements QuarkusTestResourceLifecycleManager {

    private final HttpServer docs = server("docs");
    private final HttpServer shop = server("my-shop");

    private static HttpServer server(String zone) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> answer(zone, exchange));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(String zone, HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String user = exchange.getRequestHeaders().getFirst("X-Forwarded-User");
        String text = "zone " + zone + " " + exchange.getRequestMethod() + " " + exchange.getRequestURI()
                + (user == null ? "" : " for " + user) + (body.isEmpty() ? "" : " " + body);
        String trace = exchange.getRequestHeaders().getFirst("traceparent");
        if (trace != null) {
            exchange.getResponseHeaders().set("X-Trace", trace);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public Map<String, String> start() {
        docs.start();
        shop.start();
        return Map.of(
                "quarkus.mfe.zones.docs.url",
                        "http://localhost:" + docs.getAddress().getPort(),
                "quarkus.mfe.zones.my-shop.url",
                        "http://localhost:" + shop.getAddress().getPort());
    }

    @Override
    public void stop() {
        docs.stop(0);
        shop.stop(0);
    }
}
