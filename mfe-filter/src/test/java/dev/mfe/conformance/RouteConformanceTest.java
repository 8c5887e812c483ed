package dev.mfe.conformance;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.conformance.Conformance.Case;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.Flags;
import dev.mfe.path.RequestPath;
import dev.mfe.routing.Router;
import dev.mfe.routing.RoutingDecision;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import dev.mfe.routing.RoutingDecision.Refuse;
import dev.mfe.testkit.TestRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whole decisions: the same zone answers as with {@code @vercel/microfrontends}. */
class RouteConformanceTest {
    private final Map<String, MicrofrontendsConfig> configs = new HashMap<>();

    @Test
    void requestsReachTheZoneThatThePackageNames() {
        Tally tally = new Tally("route.json");
        // Some files of the vectors have overlaps that the package misses
        ((Map<?, ?>) Conformance.file("route").get("configs"))
                .forEach((name, config) -> configs.put(
                        (String) name,
                        MicrofrontendsConfig.parse((String) name, Conformance.json(config), OverlapPolicy.WARN)));
        for (Case testCase : Conformance.cases("route")) {
            judge(testCase, tally);
        }
        tally.finish();
    }

    private void judge(Case testCase, Tally tally) {
        MicrofrontendsConfig config = configs.get(testCase.text("config"));
        Map<?, ?> values = (Map<?, ?>) testCase.get("flags");
        Flags flags = Flags.builder()
                .provider(new FlagProvider() {
                    @Override
                    public boolean provides(String flag) {
                        return values.containsKey(flag);
                    }

                    @Override
                    public CompletableFuture<Boolean> evaluate(String flag, dev.mfe.flags.FlagRequest request) {
                        return CompletableFuture.completedFuture((Boolean) values.get(flag));
                    }
                })
                .build();
        Router router = Router.builder(config).flags(flags).build();
        TestRequest request = TestRequest.of(testCase.text("path"));
        RoutingDecision decision = router.route(request);
        RoutingDecision later = router.routeAsync(request.path(), () -> flags.forRequest(request))
                .toCompletableFuture()
                .join();
        String zone = decision instanceof ProxyTo target
                ? target.zone().name()
                : config.defaultZone().name();
        if (!later.equals(decision)) {
            tally.disagreed(testCase, "ours: " + decision + ", but asynchronously " + later);
        } else if (decision instanceof Refuse) {
            tally.diverged("ambiguousPath");
        } else if (zone.equals(testCase.text("app"))) {
            tally.agreed();
        } else if (!RequestPath.decodeUnreserved(request.path()).equals(request.path())) {
            tally.diverged("unreservedDecoded");
        } else {
            tally.disagreed(testCase, "ours: " + decision);
        }
    }
}
