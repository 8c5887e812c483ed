package dev.mfe.benchmarks.peers;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;
import java.io.IOException;

/** Vert.x http-proxy on one event loop, with as many connections to the zone as are wanted. */
public final class VertxProxy {

    private VertxProxy() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments the port of the zone
     * @throws IOException when standard input fails
     */
    public static void main(String[] arguments) throws IOException {
        Vertx vertx = Vertx.vertx();
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true), new PoolOptions().setHttp1MaxSize(1024));
        HttpProxy proxy = HttpProxy.reverseProxy(client).origin(Integer.parseInt(arguments[0]), "127.0.0.1");
        vertx.createHttpServer()
                .requestHandler(proxy)
                .listen(0, "127.0.0.1")
                .onSuccess(server -> System.out.println("port " + server.actualPort()))
                .onFailure(failure -> {
                    failure.printStackTrace();
                    System.exit(1);
                });
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
