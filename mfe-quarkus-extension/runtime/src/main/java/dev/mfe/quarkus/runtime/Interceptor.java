package dev.mfe.quarkus.runtime;

import io.quarkus.arc.Arc;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** In front of everything that answers requests, but for what Quarkus itself serves: health, metrics, Dev UI. */
final class Interceptor implements Handler<RoutingContext> {

    private final @Nullable String ownRoot;

    /** Made when the app starts, and looked up with the first request: there are no beans yet while routes are laid. */
    private volatile @Nullable Microfrontends microfrontends;

    Interceptor(@Nullable String ownRoot) {
        this.ownRoot = ownRoot;
    }

    @Override
    public void handle(RoutingContext routing) {
        if (ownRoot != null && isOwn(ownRoot, routing)) {
            routing.next();
            return;
        }
        Microfrontends known = microfrontends;
        if (known == null) {
            known = Arc.container().instance(Microfrontends.class).get();
            microfrontends = known;
        }
        known.handle(routing);
    }

    /** The path as it was sent and as routes of Vert.x see it: neither may lead out of there. */
    private static boolean isOwn(String ownRoot, RoutingContext routing) {
        String path = routing.request().path();
        return path != null
                && path.startsWith(ownRoot)
                && routing.normalizedPath().startsWith(ownRoot);
    }
}
