package dev.mfe.quarkus.runtime;

import dev.mfe.flags.FlagRequest;
import dev.mfe.path.RequestPath;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.Session;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of Vert.x as flags see it. Made only when a flag is asked for. */
final class VertxFlagRequest implements FlagRequest {

    private final RoutingContext routing;
    private final String target;

    VertxFlagRequest(RoutingContext routing) {
        this.routing = routing;
        this.target = RequestPath.originForm(routing.request().uri());
    }

    @Override
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    @Override
    public @Nullable String query() {
        int query = target.indexOf('?');
        return query < 0 ? null : target.substring(query + 1);
    }

    @Override
    public boolean secure() {
        return "https".equals(routing.request().scheme());
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
        SocketAddress address = routing.request().remoteAddress();
        String host = address == null ? null : address.hostAddress();
        return host == null ? "" : host;
    }

    @Override
    public @Nullable Principal principal() {
        return principal(routing);
    }

    /** Who is logged in, as far as that was found out in front of us. */
    static @Nullable Principal principal(RoutingContext routing) {
        if (!(routing.user() instanceof QuarkusHttpUser user)) {
            return null;
        }
        SecurityIdentity identity = user.getSecurityIdentity();
        return identity.isAnonymous() ? null : identity.getPrincipal();
    }

    /** Of a session of Vert.x; those of servlets are known only to servlets. */
    @Override
    public @Nullable Object sessionAttribute(String name) {
        if (name.equals(FlagScope.ATTRIBUTE)) {
            return FlagScope.of(routing);
        }
        Session session = routing.session();
        return session == null ? null : session.get(name);
    }
}
