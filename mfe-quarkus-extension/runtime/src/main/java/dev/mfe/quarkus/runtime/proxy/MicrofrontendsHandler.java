package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.flags.FlagRequest;
import dev.mfe.flags.FlagValues;
import dev.mfe.flags.Flags;
import dev.mfe.gateway.Site;
import dev.mfe.gateway.Sites;
import dev.mfe.path.RequestPath;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.routing.Router;
import dev.mfe.routing.RoutingDecision;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A stand-in that says which zone it would be. */
public final class MicrofrontendsHandler implements Handler<RoutingContext>, AutoCloseable {
    private final Sites sites;
    private final Function<RoutingContext, FlagRequest> flagRequest;

    /** Stand-in. */
    public MicrofrontendsHandler(
            Vertx vertx,
            Sites sites,
            Function<RoutingContext, FlagRequest> flagRequest,
            Function<RoutingContext, @Nullable String> user,
            @Nullable ProxyObserver<? super RoutingContext> observer) {
        this.sites = sites;
        this.flagRequest = flagRequest;
    }

    @Override
    public void handle(RoutingContext routing) {
        Site site = sites.first();
        String path = RequestPath.originForm(routing.request().path());
        if (site.excludes(path)) {
            routing.next();
            return;
        }
        var context = routing.vertx().getOrCreateContext();
        site.router()
                .routeAsync(path, () -> flagValues(routing))
                .whenComplete((decision, e) -> context.runOnContext(v -> {
                    if (decision instanceof RoutingDecision.ProxyTo to) {
                        routing.response()
                                .setStatusCode(200)
                                .end("zone " + to.zone().name());
                    } else {
                        routing.next();
                    }
                }));
    }

    /** Stand-in. */
    public FlagValues flagValues(RoutingContext routing) {
        FlagValues known = routing.get(FlagValues.class.getName());
        if (known == null) {
            known = sites.flags().forRequest(flagRequest.apply(routing));
            routing.put(FlagValues.class.getName(), known);
        }
        return known;
    }

    /** Stand-in. */
    public Flags flags() {
        return sites.flags();
    }

    /** Stand-in. */
    public MicrofrontendsConfig config() {
        return sites.first().config();
    }

    /** Stand-in. */
    public List<Router.Candidate> candidates(String path) {
        return sites.first().candidates(path);
    }

    /** Stand-in. */
    public List<ZoneStatistics> statistics() {
        return List.of();
    }

    /** Stand-in. */
    public boolean beforeSecurity() {
        return sites.first().settings().beforeSecurity();
    }

    @Override
    public void close() {
        sites.close();
    }
}
