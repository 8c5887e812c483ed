package dev.mfe.samples.shop;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.Set;

/** Forms are taken from pages of this site only, whichever zone answers them: browsers say where a form is from. */
class FormsOfThisSite {

    private static final int BEFORE_THE_LOGIN = 400;
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    void register(@Observes Filters filters) {
        filters.register(FormsOfThisSite::check, BEFORE_THE_LOGIN);
    }

    private static void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        String origin = request.getHeader("Origin");
        String host = String.valueOf(request.authority());
        if (SAFE.contains(request.method())
                || ("http://" + host).equals(origin)
                || ("https://" + host).equals(origin)) {
            context.next();
        } else {
            context.response().setStatusCode(403).end("This form is from another site");
        }
    }
}
