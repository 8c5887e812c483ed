package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quarkus.test.QuarkusUnitTest;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where zones are reached is a matter of each place where the app runs, so it is missed when the app starts. */
class MissingOriginTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = new QuarkusUnitTest()
            .withApplicationRoot(
                    app -> app.addClass(Apps.class).addAsResource(new StringAsset(Apps.DOCS), "microfrontends.json"))
            .assertException(failure -> assertThat(failure)
                    .hasStackTraceContaining("ConfigurationException: Nobody said where these zones are reached: docs.")
                    .hasStackTraceContaining("\n    quarkus.mfe.zones.docs.url=${DOCS_URL}"));

    @Test
    void theAppDoesNotStart() {
        fail("It did");
    }
}
