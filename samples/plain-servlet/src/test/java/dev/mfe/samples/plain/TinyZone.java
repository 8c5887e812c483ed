package dev.mfe.samples.plain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** An app of another team. What it is written in does not matter; this one needs nothing but a JDK. */
final class TinyZone implements AutoCloseable {

    private final HttpServer server;

    private TinyZone(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts a zone.
     *
     * @param name what it calls itself
     * @param port where, or 0 for any that is free
     * @throws IOException when the port is taken
     */
    static TinyZone start(String name, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> answer(name, exchange));
        server.start();
        return new TinyZone(server);
    }

    private static void answer(String name, HttpExchange exchange) throws IOException {
        String page = "The " + name + " zone answers " + exchange.getRequestMethod() + " "
                + exchange.getRequestURI().getRawPath() + "\n";
        byte[] body = page.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain;charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
