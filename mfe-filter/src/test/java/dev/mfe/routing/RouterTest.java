package dev.mfe.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.mfe.Spec;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.Origin;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagRequest;
import dev.mfe.flags.FlagValues;
import dev.mfe.flags.Flags;
import dev.mfe.flags.MissingFlagException;
import dev.mfe.path.RequestPath.Ambiguity;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import dev.mfe.routing.RoutingDecision.Refuse;
import dev.mfe.routing.RoutingDecision.ServeLocally;
import dev.mfe.testkit.TestRequest;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private static final String SITE = """
            {
              "applications": {
                "web": { "development": { "fallback": "web.example.com" } },
                "docs": { "assetPrefix": "docs-assets", "routing": [
                  { "paths": ["/docs", "/docs/:path*", "/docs-assets/:path*", "/city/:name((?!berlin).*)"] },
                  { "flag": "first", "paths": ["/x/:p/b", "/x"] }
                ] },
                "shop": { "routing": [
                  { "flag": "second", "paths": ["/x/a/:q", "/sale/:id"] },
                  { "paths": ["/sale/today"] }
                ] }
              }
            }
            """;

    private final List<String> asked = new ArrayList<>();

    private Router router(Map<String, Boolean> values) {
        return Router.builder(site()).flags(flags(values)).build();
    }

    private static MicrofrontendsConfig site() {
        return MicrofrontendsConfig.parse("site.json", SITE, OverlapPolicy.WARN);
    }

    private Flags flags(Map<String, Boolean> values) {
        Flags.Builder flags = Flags.builder();
        values.forEach((name, on) -> flags.provider(FlagProvider.ofAsync(name, request -> {
            asked.add(name);
            return CompletableFuture.completedFuture(on);
        })));
        return flags.build();
    }

    private static final Map<String, Boolean> ALL_OFF = Map.of("first", false, "second", false);
    private static final Map<String, Boolean> ALL_ON = Map.of("first", true, "second", true);

    private RoutingDecision route(Map<String, Boolean> values, String target) {
        return router(values).route(TestRequest.of(target));
    }

    @ParameterizedTest
    @CsvSource({
        "/docs, docs, PATH",
        "/DOCS/intro/, docs, PATH",
        "/sale/today, shop, PATH",
        "/vc-ap-shop/x.js, shop, ASSET_PREFIX",
        "/vc-ap-fb54f3, shop, ASSET_PREFIX",
        "/docs-assets/_next/static/a.js, docs, ASSET_PREFIX",
        "/_next/data/docs-assets-8fK2/docs.json, docs, NEXT_DATA",
        "/_next/data/vc-ap-fb54f3-1/sale/today.json, shop, NEXT_DATA",
    })
    void pathsWithoutAFlagNeedNone(String path, String zone, Reason reason) {
        RoutingDecision decision = route(ALL_OFF, path);

        assertThat(decision).isInstanceOfSatisfying(ProxyTo.class, target -> {
            assertThat(target.zone().name()).isEqualTo(zone);
            assertThat(target.reason()).isEqualTo(reason);
            assertThat(target.origin()).isEqualTo(target.zone().development().local());
        });
        assertThat(asked).isEmpty();
    }

    @Test
    void unflaggedExpressionsWinOverFlaggedOnes() {
        assertThat(route(ALL_ON, "/sale/today")).isInstanceOfSatisfying(ProxyTo.class, target -> {
            assertThat(target.expression().text()).isEqualTo("/sale/today");
            assertThat(target.reason()).isEqualTo(Reason.PATH);
        });
        assertThat(asked).isEmpty();
    }

    @Test
    void flagsAreAskedInTheOrderOfTheFileUntilOneIsOn() {
        assertThat(route(Map.of("first", false, "second", true), "/x/a/b"))
                .isInstanceOfSatisfying(ProxyTo.class, target -> {
                    assertThat(target.zone().name()).isEqualTo("shop");
                    assertThat(target.reason()).isEqualTo(Reason.FLAG_ON);
                });
        assertThat(asked).containsExactly("first", "second");
    }

    @Test
    void aFlagThatIsOnEndsTheSearch() {
        assertThat(route(ALL_ON, "/x/a/b"))
                .isInstanceOfSatisfying(
                        ProxyTo.class,
                        target -> assertThat(target.zone().name()).isEqualTo("docs"));
        assertThat(asked).containsExactly("first");
    }

    @Test
    void allFlagsOffMeansLocal() {
        assertThat(route(ALL_OFF, "/x/a/b")).isEqualTo(new ServeLocally(Reason.FLAG_OFF));
        assertThat(asked).containsExactly("first", "second");
    }

    @Test
    void aFlagIsAskedOnceARequestAndItsValueStays() {
        Flags flags = flags(ALL_OFF);
        Router router = Router.builder(site()).flags(flags).build();
        FlagValues values = flags.forRequest(TestRequest.of("/x/a/b"));

        router.route("/x/a/b", () -> values);
        router.route("/sale/1", () -> values);
        router.route("/x", () -> values);

        assertThat(values.isEnabled("second")).isFalse();
        assertThat(asked).containsExactly("first", "second");
    }

    @Test
    void aPathThatNeedsNoFlagMakesNoFlagValues() {
        Router router = router(ALL_ON);
        assertThat(router.route("/docs", () -> {
                    throw new AssertionError("asked for flag values");
                }))
                .isInstanceOf(ProxyTo.class);
    }

    @Test
    void aFlagThatAnswersLaterDoesNotBlock() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Flags flags = Flags.builder()
                .provider(FlagProvider.ofAsync("first", request -> answer))
                .provider(FlagProvider.ofAsync("second", request -> CompletableFuture.completedFuture(true)))
                .build();
        Router router = Router.builder(site()).flags(flags).build();

        CompletableFuture<RoutingDecision> decision = router.routeAsync(
                        "/x/a/b", () -> flags.forRequest(TestRequest.of("/x/a/b")))
                .toCompletableFuture();

        assertThat(decision).isNotDone();
        answer.complete(false);
        assertThat(decision.join())
                .isInstanceOfSatisfying(
                        ProxyTo.class,
                        target -> assertThat(target.zone().name()).isEqualTo("shop"));
    }

    @Test
    void nothingMatchesIsLocal() {
        String noFlags = """
                {"applications": {"web": {}, "docs": {"routing": [{"paths": ["/docs"]}]}}}
                """;
        Router router = Router.compile(MicrofrontendsConfig.parse("site.json", noFlags));

        assertThat(router.route(TestRequest.of("/about"))).isEqualTo(new ServeLocally(Reason.NO_MATCH));
        assertThat(router.route(TestRequest.of("/docs?x=/about"))).isInstanceOf(ProxyTo.class);
    }

    @Test
    void theZoneOfTheLocalAppIsServedLocally() {
        Router router =
                Router.builder(site()).localZone("docs").flags(flags(ALL_ON)).build();

        assertThat(router.route(TestRequest.of("/docs/intro"))).isEqualTo(new ServeLocally(Reason.LOCAL_ZONE));
        assertThat(router.route(TestRequest.of("/docs-assets/a.js"))).isEqualTo(new ServeLocally(Reason.LOCAL_ZONE));
        assertThat(router.route(TestRequest.of("/sale/today"))).isInstanceOf(ProxyTo.class);
    }

    @Test
    void anUnknownLocalZoneIsRefusedByName() {
        assertThatThrownBy(() -> Router.builder(site()).localZone("dosc"))
                .hasMessage("mfe.application is \"dosc\", but site.json has only the zones [web, docs, shop]");
    }

    @Test
    void missingFlagsStopTheStartAndAreAllListed() {
        assertThatThrownBy(() -> Router.compile(site()))
                .isInstanceOfSatisfying(
                        MissingFlagException.class,
                        missing -> assertThat(missing.flags()).containsExactly("first", "second"));
    }

    @Test
    void zonesWithoutAnOriginStopTheStartAndAreAllListed() {
        assertThatThrownBy(() -> Router.builder(site())
                        .flags(flags(ALL_OFF))
                        .origins(zone -> null)
                        .build())
                .hasMessage("""
                        site.json needs an origin for each zone:
                          zone "docs" has no origin; set the property mfe.zones.docs.url, for example to https://docs.example.com
                          zone "shop" has no origin; set the property mfe.zones.shop.url, for example to https://shop.example.com""");
    }

    @Test
    void originsComeFromOutsideTheFile() {
        Router router = Router.builder(site())
                .flags(flags(ALL_OFF))
                .origins(zone -> Origin.parse("http://10.0.0.7:8080"))
                .build();

        assertThat(router.route(TestRequest.of("/docs")))
                .isInstanceOfSatisfying(
                        ProxyTo.class, target -> assertThat(target.origin()).hasToString("http://10.0.0.7:8080"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%64ocs", "/%44%4F%43%53/x", "/doc%73/%2Dintro"})
    @Spec("RFC 3986 §6.2.2.2")
    void encodedUnreservedCharactersAreDecodedBeforeMatching(String path) {
        assertThat(route(ALL_OFF, path)).isInstanceOf(ProxyTo.class);
    }

    @Test
    @Spec("RFC 3986 §6.2.2.2")
    void anExclusionCannotBeSlippedPastByEncoding() {
        assertThat(route(ALL_OFF, "/city/paris")).isInstanceOf(ProxyTo.class);
        assertThat(route(ALL_OFF, "/city/berlin")).isInstanceOf(ServeLocally.class);
        assertThat(route(ALL_OFF, "/city/%62erlin")).isInstanceOf(ServeLocally.class);
    }

    @Test
    void anExpressionWrittenWithEncodedUnreservedCharactersStillMatches() {
        String encoded = """
                {"applications": {"web": {}, "docs": {"routing": [{"paths": ["/%64ocs/:p(c|%61b)"]}]}}}
                """;
        Router router = Router.compile(MicrofrontendsConfig.parse("site.json", encoded));

        assertThat(router.route(TestRequest.of("/docs/ab"))).isInstanceOf(ProxyTo.class);
        assertThat(router.route(TestRequest.of("/%64ocs/a%62"))).isInstanceOf(ProxyTo.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/docs/../admin, DOT_SEGMENT",
        "/docs/%2e%2e/admin, DOT_SEGMENT",
        "/docs/.%2E, DOT_SEGMENT",
        "/docs/./x, DOT_SEGMENT",
        "/docs/..;a=1/admin, DOT_SEGMENT",
        "/other/../docs, DOT_SEGMENT",
        "/x/%2e%2e/docs/y, DOT_SEGMENT",
        "/docs/;/admin, PARAMETER_WITHOUT_SEGMENT",
        "/;x=1/docs, PARAMETER_WITHOUT_SEGMENT",
        "/docs%2Fx, ENCODED_SEPARATOR",
        "/docs/a%5cb, ENCODED_SEPARATOR",
        "/docs\\x, ENCODED_SEPARATOR",
        "/docs/a%00b, NUL",
        "/docs/%%32e%%32e/admin, NESTED_ESCAPE",
        "/docs/%2e%2e%2fadmin, ENCODED_SEPARATOR",
    })
    void ambiguousPathsThatCouldLeaveAreRefused(String path, Ambiguity ambiguity) {
        Router router = Router.compile(
                MicrofrontendsConfig.parse(
                        "site.json",
                        "{\"applications\": {\"web\": {}, \"docs\": {\"routing\": [{\"paths\": [\"/docs\", \"/docs/:path*\"]}]}}}"));
        assertThat(router.route(TestRequest.of(path))).isEqualTo(new Refuse(ambiguity));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/../users",
                "/a%2Fb",
                "/.well-known/x",
                "/a/...",
                "/a/.b",
                "/%zz",
                "/a%",
                "/100%25",
                "/docs.x"
            })
    void pathsThatNoZoneCouldBeMeantByAreLeftToTheLocalApp(String path) {
        Router router = Router.compile(
                MicrofrontendsConfig.parse(
                        "site.json",
                        "{\"applications\": {\"web\": {}, \"docs\": {\"routing\": [{\"paths\": [\"/docs\", \"/docs/:path*\"]}]}}}"));
        assertThat(router.route(TestRequest.of(path))).isEqualTo(new ServeLocally(Reason.NO_MATCH));
    }

    @Test
    void anAmbiguousPathBehindAFlagIsRefusedOnlyWhereTheFlagIsOn() {
        assertThat(route(ALL_ON, "/y/../sale/1")).isEqualTo(new Refuse(Ambiguity.DOT_SEGMENT));
        assertThat(route(ALL_ON, "/sale/a%2fb")).isEqualTo(new Refuse(Ambiguity.ENCODED_SEPARATOR));
        assertThat(route(ALL_OFF, "/y/../sale/1")).isEqualTo(new ServeLocally(Reason.NO_MATCH));
        assertThat(route(ALL_OFF, "/sale/a%2fb")).isEqualTo(new ServeLocally(Reason.FLAG_OFF));
    }

    @Test
    void dataOfThePagesRouterGoesToTheZoneWithTheLongestPrefix() {
        Router router = Router.compile(MicrofrontendsConfig.parse("site.json", """
                {"applications": {"web": {}, "docs": {"routing": [{"paths": ["/docs"]}]},
                                             "docs-api": {"routing": [{"paths": ["/api"]}]}}}
                """));
        assertThat(router.route(TestRequest.of("/_next/data/vc-ap-docs-api-AbC1/x.json")))
                .isInstanceOfSatisfying(
                        ProxyTo.class,
                        target -> assertThat(target.zone().name()).isEqualTo("docs-api"));
        assertThat(router.route(TestRequest.of("/_next/data/vc-ap-docs-AbC1/x.json")))
                .isInstanceOfSatisfying(
                        ProxyTo.class,
                        target -> assertThat(target.zone().name()).isEqualTo("docs"));
    }

    @Test
    void manyFlagsThatAreOffNeedNoStack() {
        StringBuilder groups = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            groups.append(i == 0 ? "" : ",")
                    .append("{\"flag\": \"f")
                    .append(i)
                    .append("\", \"paths\": [\"/:p")
                    .append(i)
                    .append("\"]}");
        }
        MicrofrontendsConfig config = MicrofrontendsConfig.parse(
                "site.json", "{\"applications\": {\"web\": {}, \"docs\": {\"routing\": [" + groups + "]}}}");
        Flags flags = Flags.builder().provider(new AllOff()).build();
        Router router = Router.builder(config).flags(flags).build();

        assertThat(router.routeAsync("/x", () -> flags.forRequest(TestRequest.of("/x")))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(new ServeLocally(Reason.FLAG_OFF));
    }

    private static final class AllOff implements FlagProvider {
        @Override
        public boolean provides(String flag) {
            return true;
        }

        @Override
        public CompletableFuture<Boolean> evaluate(String flag, FlagRequest request) {
            return CompletableFuture.completedFuture(false);
        }
    }

    @Test
    void aDecisionWithoutAFlagAllocatesNothing() {
        Router router = router(ALL_ON);
        List<TestRequest> requests =
                List.of(TestRequest.of("/docs/intro"), TestRequest.of("/about/us"), TestRequest.of("/vc-ap-shop/x.js"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        // the first rounds load classes and compile
        for (int round = 0; round < 50; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 1_000; i++) {
                for (int k = 0; k < requests.size(); k++) {
                    router.route(requests.get(k));
                }
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        // reading the counter itself takes some bytes
        assertThat(least).isLessThan(1_000);
    }
}
