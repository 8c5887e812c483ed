package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Properties are named as they stand in {@code application.properties}, all that are wrong at once. */
class InvalidPropertiesTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = Apps.with(Apps.DOCS)
            .overrideRuntimeConfigKey("quarkus.mfe.zones.docs.max-in-flight", "0")
            .overrideRuntimeConfigKey("quarkus.mfe.zones.shop.url", "http://shop")
            .overrideRuntimeConfigKey("quarkus.mfe.application", "blog")
            .overrideRuntimeConfigKey("quarkus.mfe.zones.docs.identity", "jwt")
            .assertException(failure -> assertThat(failure)
                    .hasStackTraceContaining("ConfigurationException: There are 4 problems with the properties")
                    .hasStackTraceContaining("\n  quarkus.mfe.zones.docs.max-in-flight: \"0\" is out of range")
                    .hasStackTraceContaining("\n  quarkus.mfe.zones.shop: the routing file has no zone \"shop\"")
                    .hasStackTraceContaining("\n  quarkus.mfe.application: the routing file has no zone \"blog\"")
                    .hasStackTraceContaining(
                            "\n  quarkus.mfe.identity.secret: quarkus.mfe.zones.docs.identity=jwt takes a secret"));

    @Test
    void theAppDoesNotStart() {
        fail("It did");
    }
}
