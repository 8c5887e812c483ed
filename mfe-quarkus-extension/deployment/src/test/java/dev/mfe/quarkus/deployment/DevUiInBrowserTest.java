package dev.mfe.quarkus.deployment;

import io.quarkus.test.QuarkusDevModeTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What somebody who develops an app sees in the Dev UI. */
class DevUiInBrowserTest {

    private static final int PORT = freePort();

    @RegisterExtension
    static final QuarkusDevModeTest DEV = new QuarkusDevModeTest()
            .withApplicationRoot(app -> app.addAsResource(new StringAsset(Apps.DOCS), "microfrontends.json")
                    .addAsResource(
                            new StringAsset("quarkus.mfe.zones.docs.url=http://localhost:1\nquarkus.http.port=" + PORT),
                            "application.properties"));

    @Test
    void thePageOfTheExtensionShowsTheSiteAndSaysWhoServesAPath() throws Exception {
        try (Browser browser = Browser.open()) {
            browser.go("http://localhost:" + PORT + "/q/dev-ui");
            browser.click("a[href*='mfe-quarkus-extension/zones']");
            browser.waitFor(
                    "qwc-mfe-zones",
                    "Path expressions in classpath:microfrontends.json",
                    "docs /docs/:path*",
                    // What only the running app knows.
                    "docs http://localhost:1 0 0");
            browser.type("vaadin-text-field[label='Who serves this path?']", "/docs/intro");
            browser.waitFor("qwc-mfe-zones", "docs /docs/:path* http://localhost:1 path");
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
