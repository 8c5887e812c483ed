package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.flags.FeatureFlag;
import dev.mfe.flags.FlagRequest;
import dev.mfe.quarkus.FeatureFlags;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods of beans answer flags, whatever their scope and whatever they return. */
class FeatureFlagTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = Apps.with(
                    """
                    {
                      "applications": {
                        "web": {},
                        "docs": {
                          "routing": [
                            { "paths": ["/value"], "flag": "value" },
                            { "paths": ["/boxed"], "flag": "boxed" },
                            { "paths": ["/uni"], "flag": "uni" },
                            { "paths": ["/stage"], "flag": "stage" },
                            { "paths": ["/one", "/other"], "flag": "one" },
                            { "paths": ["/other-flag"], "flag": "other" },
                            { "paths": ["/static"], "flag": "static" },
                            { "paths": ["/inherited"], "flag": "inherited" },
                            { "paths": ["/no-wait"], "flag": "no-wait" },
                            { "paths": ["/request-scoped"], "flag": "request-scoped" },
                            { "paths": ["/dependent"], "flag": "dependent" },
                            { "paths": ["/property"], "flag": "a.property" }
                          ]
                        }
                      }
                    }
                    """, Rollouts.class, Inherited.class, Visit.class, Once.class, Page.class)
            .overrideConfigKey("quarkus.mfe.flags.\"a.property\"", "true")
            // What is slow here are classes that are loaded for the first time.
            .overrideConfigKey("quarkus.mfe.flags.timeout", "20s");

    private static final CountDownLatch ASKED = new CountDownLatch(1);

    @TestHTTPResource
    URI app;

    static class Rollouts {

        @FeatureFlag("value")
        boolean value(FlagRequest request) {
            assertThat(Context.isOnEventLoopThread()).isFalse();
            return "on".equals(request.header("X-Flag"));
        }

        @FeatureFlag("slow")
        boolean slow() throws InterruptedException {
            ASKED.await();
            return true;
        }

        @FeatureFlag("boxed")
        Boolean boxed(FlagRequest request) {
            return "on".equals(request.header("X-Flag"));
        }

        @FeatureFlag("uni")
        Uni<Boolean> uni(FlagRequest request) {
            boolean on = "on".equals(request.header("X-Flag"));
            return Uni.createFrom().item(on);
        }

        @FeatureFlag("stage")
        CompletionStage<Boolean> stage(FlagRequest request) {
            boolean on = "on".equals(request.header("X-Flag"));
            return CompletableFuture.supplyAsync(() -> on);
        }

        @FeatureFlag({"one", "other"})
        boolean several(String name, FlagRequest request) {
            return name.equals(request.header("X-Flag"));
        }

        @FeatureFlag("static")
        static boolean ofTheClass(FlagRequest request) {
            return "on".equals(request.header("X-Flag"));
        }

        @FeatureFlag("no-wait")
        @NonBlocking
        boolean noWait(FlagRequest request) {
            assertThat(Context.isOnEventLoopThread()).isTrue();
            return "on".equals(request.header("X-Flag"));
        }
    }

    abstract static class Base {

        @FeatureFlag("inherited")
        boolean inherited(FlagRequest request) {
            return "on".equals(request.header("X-Flag"));
        }
    }

    @ApplicationScoped
    static class Inherited extends Base {}

    @RequestScoped
    static class Visit {

        @Inject
        CurrentVertxRequest current;

        @FeatureFlag("request-scoped")
        boolean requestScoped() {
            return "on".equals(current.getCurrent().request().getHeader("X-Flag"));
        }
    }

    @Dependent
    static class Once {

        @FeatureFlag("dependent")
        Uni<Boolean> dependent(FlagRequest request) {
            return Uni.createFrom().item("on".equals(request.header("X-Flag")));
        }
    }

    @Path("/")
    public static class Page {

        @Inject
        FeatureFlags flags;

        @GET
        @Path("{any}")
        public String any(@PathParam("any") String any) {
            return "local";
        }

        @GET
        @Path("/ask/{flag}")
        public String ask(@PathParam("flag") String flag) {
            return String.valueOf(flags.isEnabled(flag));
        }

        @GET
        @Path("/ask-later/{flag}")
        public Uni<String> askLater(@PathParam("flag") String flag) {
            return flags.evaluate(flag).map(String::valueOf);
        }

        @GET
        @Path("/ask-at-once/{flag}")
        @NonBlocking
        public String askAtOnce(@PathParam("flag") String flag) {
            try {
                return String.valueOf(flags.isEnabled(flag));
            } catch (RuntimeException e) {
                return e.getMessage();
            } finally {
                ASKED.countDown();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"value", "boxed", "uni", "stage", "static", "inherited", "no-wait", "request-scoped", "dependent"
            })
    void theMethodDecidesWhoAnswers(String path) throws Exception {
        assertThat(Apps.get(app, path, "X-Flag", "on").body()).isNotEqualTo("local");
        assertThat(Apps.get(app, path, "X-Flag", "off").body()).isEqualTo("local");
    }

    @Test
    void aMethodLearnsWhichFlagIsAsked() throws Exception {
        assertThat(Apps.get(app, "one", "X-Flag", "one").body()).isNotEqualTo("local");
        assertThat(Apps.get(app, "one", "X-Flag", "other").body()).isEqualTo("local");
        assertThat(Apps.get(app, "other-flag", "X-Flag", "other").body()).isNotEqualTo("local");
    }

    @Test
    void aFlagThatHasAPropertyNeedsNoMethod() throws Exception {
        assertThat(Apps.get(app, "property").body()).isNotEqualTo("local");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ask/value", "ask-later/value", "ask/uni", "ask-later/uni", "ask-at-once/uni"})
    void theLocalAppSeesTheSameFlags(String path) throws Exception {
        assertThat(Apps.get(app, path, "X-Flag", "on").body()).isEqualTo("true");
        assertThat(Apps.get(app, path, "X-Flag", "off").body()).isEqualTo("false");
    }

    @Test
    void anEventLoopDoesNotWaitForAFlag() throws Exception {
        assertThat(Apps.get(app, "ask-at-once/slow").body())
                .isEqualTo("Flag \"slow\" takes a wait, which this thread must not do; use"
                        + " FeatureFlags.evaluate(\"slow\"), or @Blocking for what asks");
    }
}
