package dev.mfe.testing;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.Origin;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagRequest;
import dev.mfe.flags.Flags;
import dev.mfe.routing.Router;
import dev.mfe.routing.RoutingDecision;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import dev.mfe.routing.RoutingDecision.Refuse;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks a router about paths alone: no request behind them, every flag either on or off. */
final class RoutingProbe {
    // nothing is sent anywhere, so it need not be known where zones are
    private static final Origin SOMEWHERE = Origin.parse("http://localhost");

    private final MicrofrontendsConfig config;
    private final Router router;

    RoutingProbe(MicrofrontendsConfig config, Set<String> flagsOn) {
        this.config = config;
        this.router = Router.builder(config)
                .flags(Flags.builder().provider(new FixedFlags(flagsOn)).build())
                .origins(zone -> SOMEWHERE)
                .build();
    }

    /** The name of the zone that answers, or a text that is no zone's. */
    String zone(String path) {
        RoutingDecision decision = decide(path);
        if (decision instanceof ProxyTo target) {
            return target.zone().name();
        }
        return decision instanceof Refuse ? "" : config.defaultZone().name();
    }

    /** {@code /docs/x -> docs, "/docs/:path*" (PATH)}. */
    String explain(String path) {
        RoutingDecision decision = decide(path);
        if (decision instanceof ProxyTo target) {
            return path + " -> " + target.zone().name() + ", \"" + target.expression() + "\" (" + target.reason() + ")";
        }
        if (decision instanceof Refuse refuse) {
            return path + " -> refused with 400 (" + refuse.ambiguity() + ")";
        }
        return path + " -> " + config.defaultZone().name() + ", local (" + decision.reason() + ")";
    }

    private RoutingDecision decide(String path) {
        int end = path.indexOf('?');
        return router.route(new PathOnly(end < 0 ? path : path.substring(0, end)));
    }

    private record FixedFlags(Set<String> on) implements FlagProvider {
        @Override
        public boolean provides(String flag) {
            return true;
        }

        @Override
        public CompletionStage<Boolean> evaluate(String flag, FlagRequest request) {
            return CompletableFuture.completedFuture(on.contains(flag));
        }
    }

    private record PathOnly(String path) implements FlagRequest {
        @Override
        public @Nullable String query() {
            return null;
        }

        @Override
        public boolean secure() {
            return true;
        }

        @Override
        public @Nullable String header(String name) {
            return null;
        }

        @Override
        public List<String> headers(String name) {
            return List.of();
        }

        @Override
        public String remoteAddress() {
            return "127.0.0.1";
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
}
