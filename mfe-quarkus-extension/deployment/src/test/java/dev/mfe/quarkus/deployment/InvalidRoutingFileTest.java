package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Everything that is wrong in the routing file is said when the app is built, with place and remedy. */
class InvalidRoutingFileTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = Apps.with("""
                    {
                      "applications": {
                        "web": {},
                        "docs": { "routing": [ { "path": ["/docs"] } ] },
                        "blog": { "routing": [ { "paths": ["blog/:path*"] } ] }
                      }
                    }
                    """)
            .assertException(failure -> assertThat(failure)
                    .hasStackTraceContaining("ConfigurationException: classpath:microfrontends.json has ")
                    .hasStackTraceContaining("classpath:microfrontends.json:4:30 /applications/docs/routing/0/path: ")
                    .hasStackTraceContaining(
                            "classpath:microfrontends.json:5:40 /applications/blog/routing/0/paths/0: "));

    @Test
    void theAppIsNotBuilt() {
        fail("It was");
    }
}
