package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code quarkus.mfe.filter.order=before-security}: what the app forbids is no matter for a zone. */
class BeforeSecurityTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = Apps.with(Apps.DOCS)
            .setForcedDependencies(List.of(Dependency.of(
                    "io.quarkus", "quarkus-elytron-security-properties-file-deployment", Version.getVersion())))
            .overrideConfigKey("quarkus.security.users.embedded.enabled", "true")
            .overrideConfigKey("quarkus.mfe.filter.order", "before-security")
            .overrideConfigKey("quarkus.http.auth.permission.none.paths", "/docs,/own")
            .overrideConfigKey("quarkus.http.auth.permission.none.policy", "deny");

    @TestHTTPResource
    URI app;

    @Test
    void aZoneGuardsItself() throws Exception {
        assertThat(Apps.get(app, "docs").statusCode()).isEqualTo(502);
        assertThat(Apps.get(app, "own").statusCode()).isIn(401, 403);
    }
}
