package dev.mfe.quarkus.runtime;

import io.quarkus.arc.Arc;
import io.quarkus.runtime.ShutdownContext;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** In front of everything that answers requests, but for what Quarkus itself serves: health, metrics, Dev UI. */
final class Interceptor implements Handler<RoutingContext> {

    private final @Nullable String ownRoot;
    private final boolean identityOnDemand;
    private final ShutdownContext shutdown;

    /** Made when the app starts, and looked up with the first request: there are no beans yet while routes are laid. */
    private volatile @Nullable Microfrontends microfrontends;

    Interceptor(@Nullable String ownRoot, boolean identityOnDemand, ShutdownContext shutdown) {
        this.ownRoot = ownRoot;
        this.identityOnDemand = identityOnDemand;
        this.shutdown = shutdown;
    }

    @Override
    public void handle(RoutingContext routing) {
        if (ownRoot != null && isOwn(ownRoot, routing)) {
            routing.next();
            return;
        }
        Microfrontends known = microfrontends;
        if (known == null) {
            known = lookUp();
        }
        if (identityOnDemand && routing.user() == null && known.asksWhoIsThere(routing)) {
            identify(known, routing);
        } else {
            known.handle(routing);
        }
    }

    private synchronized Microfrontends lookUp() {
        Microfrontends known = microfrontends;
        if (known == null) {
            Microfrontends found =
                    Arc.container().instance(Microfrontends.class).get();
            // The last task is the first to run: requests under way have to end before the server closes their
            // connections.
            shutdown.addShutdownTask(found::stop);
            microfrontends = found;
            known = found;
        }
        return known;
    }

    /** Flags and zones ask for the user without waiting, so that has to be known before. */
    private static void identify(Microfrontends microfrontends, RoutingContext routing) {
        IdentityProviderManager manager =
                Arc.container().instance(IdentityProviderManager.class).get();
        Cancellable unused = QuarkusHttpUser.getSecurityIdentity(routing, manager)
                .subscribe()
                .with(
                        identity -> {
                            try {
                                if (routing.user() == null) {
                                    remember(identity, routing);
                                }
                                microfrontends.handle(routing);
                            } catch (RuntimeException e) {
                                // Out of the router's sight, nobody else would answer.
                                routing.fail(e);
                            }
                        },
                        routing::fail);
    }

    private static void remember(SecurityIdentity identity, RoutingContext routing) {
        SecurityIdentity unused = QuarkusHttpUser.setIdentity(identity, routing);
    }

    /** The path as it was sent and as routes of Vert.x see it: neither may lead out of there. */
    private static boolean isOwn(String ownRoot, RoutingContext routing) {
        String path = routing.request().path();
        return path != null
                && path.startsWith(ownRoot)
                && routing.normalizedPath().startsWith(ownRoot);
    }
}
