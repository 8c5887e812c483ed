package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.flags.FlagRequest;
import io.vertx.ext.web.RoutingContext;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request as flags see it, without anything of Quarkus. */
record TestFlagRequest(RoutingContext routing) implements FlagRequest {

    @Override
    public String path() {
        return Asked.path(routing.request());
    }

    @Override
    public @Nullable String query() {
        return routing.request().query();
    }

    @Override
    public boolean secure() {
        return routing.request().isSSL();
    }

    @Override
    public @Nullable String header(String name) {
        return routing.request().getHeader(name);
    }

    @Override
    public List<String> headers(String name) {
        return routing.request().headers().getAll(name);
    }

    @Override
    public String remoteAddress() {
        return routing.request().remoteAddress().hostAddress();
    }

    @Override
    public @Nullable Principal principal() {
        return null;
    }

    @Override
    public @Nullable Object sessionAttribute(String name) {
        return null;
    }
}
