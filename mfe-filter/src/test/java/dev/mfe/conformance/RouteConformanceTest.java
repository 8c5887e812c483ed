package dev.mfe.conformance;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.config.PathGroup;
import dev.mfe.config.Zone;
import dev.mfe.conformance.Conformance.Case;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.Flags;
import dev.mfe.path.PathExpression;
import dev.mfe.path.PathMatcher;
import dev.mfe.path.RequestPath;
import dev.mfe.routing.Router;
import dev.mfe.routing.RoutingDecision;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import dev.mfe.routing.RoutingDecision.Refuse;
import dev.mfe.testkit.TestRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
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
        } else if (decision instanceof Refuse
                && AMBIGUOUS.matcher(request.path()).find()) {
            tally.diverged("ambiguousPath");
        } else if (zone.equals(testCase.text("app"))) {
            tally.agreed();
        } else if (isDecoded(request.path())
                && decision.equals(router.route(TestRequest.of(RequestPath.decodeUnreserved(request.path()))))
                && zoneOfText(config, values, request.path()).equals(testCase.text("app"))) {
            // as text the path belongs where the package says, decoded where we say
            tally.diverged("unreservedDecoded");
        } else {
            tally.disagreed(testCase, "ours: " + decision);
        }
    }

    /** Dot segments, encoded separators, backslashes and NUL, by a rule that owes nothing to the code under test. */
    private static final Pattern AMBIGUOUS =
            Pattern.compile("/(\\.|%2e){1,2}(;[^/]*)?(/|$)|%2f|%5c|%00|\\\\|/;", Pattern.CASE_INSENSITIVE);

    private static boolean isDecoded(String path) {
        return !RequestPath.decodeUnreserved(path).equals(path);
    }

    /** The zone whose expressions match the path as it is, one expression after the other. */
    private static String zoneOfText(MicrofrontendsConfig config, Map<?, ?> flags, String path) {
        for (boolean flagged : new boolean[] {false, true}) {
            for (Zone zone : config.zones()) {
                for (PathGroup group : zone.routing()) {
                    boolean on = flagged == group.flag().isPresent()
                            && group.flag()
                                    .map(flag -> Boolean.TRUE.equals(flags.get(flag)))
                                    .orElse(true);
                    if (on && group.paths().stream().anyMatch(expression -> matches(expression, path))) {
                        return zone.name();
                    }
                }
            }
        }
        return config.defaultZone().name();
    }

    private static boolean matches(PathExpression expression, String path) {
        return PathMatcher.compile(List.of(expression)).first(path) == 0;
    }
}
