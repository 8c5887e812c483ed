package dev.mfe.quarkus.it;

import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Answers with a route of Vert.x. */
@ApplicationScoped
public class Routes {

    void lay(@Observes Router router) {
        router.get("/route/:path").handler(routing -> {
            String path = routing.pathParam("path");
            routing.response().end("route " + path);
        });
    }
}
