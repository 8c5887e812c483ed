package dev.mfe.quarkus.runtime;

import dev.mfe.proxy.ProxiedRequest;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** What the metrics and spans of the server call a proxied request: paths are without number, expressions are few. */
final class PathTemplate {

    /** Where Quarkus looks for it, and quarkus-rest leaves that of a resource. */
    private static final String KEY = "UrlPathTemplate";

    private PathTemplate() {}

    static void set(ProxiedRequest about) {
        Context current = Vertx.currentContext();
        if (current != null && VertxContext.isDuplicatedContext(current)) {
            current.putLocal(KEY, about.expression());
        }
    }
}
