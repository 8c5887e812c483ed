package dev.mfe.quarkus.runtime;

import dev.mfe.flags.FlagRequest;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.arc.InjectableContext.ContextState;
import io.quarkus.arc.InstanceHandle;
import io.quarkus.arc.ManagedContext;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The CDI request context in which the flags of one request are evaluated. Quarkus has none yet where requests are
 * routed, so one is made when the first flag is asked for, with the user and the Vert.x request in it; it ends with the
 * request.
 */
final class FlagScope {

    /** Under this name a {@link FlagRequest} hands it out; no session has such an attribute. */
    static final String ATTRIBUTE = FlagScope.class.getName();

    private final RoutingContext routing;
    private @Nullable ContextState state;

    private FlagScope(RoutingContext routing) {
        this.routing = routing;
    }

    /** The scope of a request as a provider sees it, which wraps our own. */
    static FlagScope of(FlagRequest request) {
        if (request.sessionAttribute(ATTRIBUTE) instanceof FlagScope scope) {
            return scope;
        }
        throw new IllegalStateException("Flags of this app need the requests of this app");
    }

    static FlagScope of(RoutingContext routing) {
        FlagScope known = routing.get(ATTRIBUTE);
        if (known != null) {
            return known;
        }
        FlagScope scope = new FlagScope(routing);
        routing.put(ATTRIBUTE, scope);
        return scope;
    }

    /** Calls the code of an app. The context of the same request stays as it is where it is active already. */
    <T extends @Nullable Object> T call(Callable<T> code) {
        ArcContainer arc = Arc.container();
        ManagedContext context = arc.requestContext();
        ContextState before = context.getStateIfActive();
        if (before != null && arc.select(CurrentVertxRequest.class).get().getCurrent() == routing) {
            return callOrThrow(code);
        }
        context.activate(state(arc, context));
        try {
            return callOrThrow(code);
        } finally {
            if (before == null) {
                context.deactivate();
            } else {
                context.activate(before);
            }
        }
    }

    private synchronized ContextState state(ArcContainer arc, ManagedContext context) {
        ContextState known = state;
        if (known != null) {
            return known;
        }
        ContextState made = context.initializeState();
        ContextState before = context.getStateIfActive();
        context.activate(made);
        try {
            arc.select(CurrentVertxRequest.class).get().setCurrent(routing);
            setIdentity(arc);
        } finally {
            if (before == null) {
                context.deactivate();
            } else {
                context.activate(before);
            }
        }
        routing.addEndHandler(ended -> context.destroy(made));
        state = made;
        return made;
    }

    private void setIdentity(ArcContainer arc) {
        InstanceHandle<CurrentIdentityAssociation> association = arc.instance(CurrentIdentityAssociation.class);
        if (!association.isAvailable()) {
            return;
        }
        if (routing.user() instanceof QuarkusHttpUser user) {
            association.get().setIdentity(user.getSecurityIdentity());
        } else if (routing.get(QuarkusHttpUser.DEFERRED_IDENTITY_KEY) != null) {
            association
                    .get()
                    .setIdentity(QuarkusHttpUser.getSecurityIdentity(
                            routing, arc.instance(IdentityProviderManager.class).get()));
        }
    }

    private static <T extends @Nullable Object> T callOrThrow(Callable<T> code) {
        try {
            return code.call();
        } catch (Exception e) {
            return rethrow(e);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // whatever the method throws counts as off
    private static <T extends @Nullable Object, E extends Throwable> T rethrow(Throwable e) throws E {
        throw (E) e;
    }
}
