package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Of an app that is not at the root of its server, routes name the whole path, and its own endpoints are below it. */
class RootPathTest {

    @RegisterExtension
    static final QuarkusUnitTest APP =
            Apps.with(Apps.DOCS.replace("/docs", "/app/docs")).overrideConfigKey("quarkus.http.root-path", "/app");

    @TestHTTPResource("/")
    URI root;

    private URI server() {
        return root.resolve("/");
    }

    @Test
    void zonesAndEndpointsAreBelowIt() throws Exception {
        assertThat(Apps.get(server(), "app/docs/intro").statusCode()).isEqualTo(502);
        assertThat(Apps.get(server(), "app/.well-known/vercel/microfrontends/client-config")
                        .body())
                .contains("/app/docs");
    }
}
