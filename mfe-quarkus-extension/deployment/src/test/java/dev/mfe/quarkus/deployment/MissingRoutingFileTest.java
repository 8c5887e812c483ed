package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An app without a routing file is not built. */
class MissingRoutingFileTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = new QuarkusUnitTest()
            .withEmptyApplication()
            .assertException(failure -> assertThat(failure)
                    .hasStackTraceContaining("ConfigurationException: There is no microfrontends.json. Looked at:")
                    .hasStackTraceContaining("classpath:microfrontends.json")
                    .hasStackTraceContaining("or say where it is with quarkus.mfe.config.location"));

    @Test
    void theAppIsNotBuilt() {
        fail("It was");
    }
}
