package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code quarkus.mfe.enabled=false}: no routing file is needed, and nothing is proxied. */
class DisabledTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = new QuarkusUnitTest()
            .withApplicationRoot(app -> app.addClass(Apps.class))
            .overrideConfigKey("quarkus.mfe.enabled", "false");

    @TestHTTPResource
    URI app;

    @Test
    void theAppIsAloneAgain() throws Exception {
        assertThat(Apps.get(app, "docs").statusCode()).isEqualTo(404);
    }
}
