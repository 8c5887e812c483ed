package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.flags.FeatureFlag;
import dev.mfe.flags.FlagRequest;
import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without proactive authentication the user is found out when it matters, and only then. */
class IdentityOnDemandTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = Apps.with(Apps.FLAGGED, Rollouts.class)
            .setForcedDependencies(List.of(Dependency.of(
                    "io.quarkus", "quarkus-elytron-security-properties-file-deployment", Version.getVersion())))
            .overrideConfigKey("quarkus.http.auth.proactive", "false")
            .overrideConfigKey("quarkus.http.auth.basic", "true")
            .overrideConfigKey("quarkus.security.users.embedded.enabled", "true")
            .overrideConfigKey("quarkus.security.users.embedded.plain-text", "true")
            .overrideConfigKey("quarkus.security.users.embedded.users.alice", "wonderland")
            .overrideConfigKey("quarkus.mfe.flags.timeout", "20s");

    @TestHTTPResource
    URI app;

    static class Rollouts {

        @FeatureFlag("new-docs")
        Uni<Boolean> newDocs(FlagRequest request) {
            boolean known =
                    request.principal() != null && request.principal().getName().equals("alice");
            return Uni.createFrom().item(known);
        }
    }

    @Test
    void flagsSeeWhoIsLoggedIn() throws Exception {
        assertThat(Apps.get(app, "docs/intro").statusCode()).isEqualTo(404);
        assertThat(Apps.get(app, "docs/intro", "Authorization", basic("alice:wonderland"))
                        .statusCode())
                .isEqualTo(502);
    }

    @Test
    void soDoesWhatTheDefaultZoneAnswersItself() throws Exception {
        String path = ".well-known/vercel/microfrontends/client-config";
        assertThat(Apps.get(app, path).body()).doesNotContain("/docs/");
        assertThat(Apps.get(app, path, "Authorization", basic("alice:wonderland"))
                        .body())
                .contains("/docs/");
    }

    @Test
    void whoFailsToLogInIsTold() throws Exception {
        assertThat(Apps.get(app, "docs/intro", "Authorization", basic("alice:guess"))
                        .statusCode())
                .isEqualTo(401);
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }
}
