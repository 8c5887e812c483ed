package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.servlet.Client.Answer;
import dev.mfe.testkit.ScriptedOrigin;
import dev.mfe.testkit.SdkToken;
import org.junit.jupiter.api.Test;

/** Vercel's toolbar and this filter. */
class FlagsSdkIT {
    private static final String SECRET = "mfe.flags.sdk-secret";
    private static final String DISCOVERY = "/.well-known/vercel/flags";
    private static final String OVERRIDE = "vercel-flag-overrides=" + SdkToken.overrides("{\"new-docs\":true}");

    @Test
    void anOverrideSwitchesAPathGroupOnForItsVisitorOnly() throws Exception {
        try (ScriptedOrigin zone = zone();
                TomcatApp app = TomcatApp.start(site(zone).property(SECRET, SdkToken.SECRET))) {
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("local REQUEST /docs");
            Answer overridden = Client.get(app.port(), "/docs", "Cookie: a=1; " + OVERRIDE);
            assertThat(overridden.body()).isEqualTo("zone");
            assertThat(overridden.fields("Cache-Control"))
                    .singleElement()
                    .asString()
                    .contains("private");
            // The zone may use the SDK as well, and has to come to the same result.
            assertThat(zone.takeRequest().fields("Cookie")).containsExactly("a=1; " + OVERRIDE);
        }
    }

    @Test
    void aBadTokenIsNoErrorPage() throws Exception {
        try (ScriptedOrigin zone = zone();
                TomcatApp app = TomcatApp.start(site(zone).property(SECRET, SdkToken.SECRET))) {
            for (String cookie : new String[] {
                "vercel-flag-overrides=", "vercel-flag-overrides=%", "vercel-flag-overrides=....", OVERRIDE + "A"
            }) {
                Answer answer = Client.get(app.port(), "/docs", "Cookie: " + cookie);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("local REQUEST /docs");
            }
        }
    }

    @Test
    void anExternalZoneDoesNotSeeOverridesOfFlags() throws Exception {
        try (ScriptedOrigin zone = zone();
                TomcatApp app = TomcatApp.start(
                        site(zone).property(SECRET, SdkToken.SECRET).property("mfe.zones.docs.external", "true"))) {
            assertThat(Client.get(app.port(), "/docs", "Cookie: a=1; " + OVERRIDE + "; b=2")
                            .body())
                    .isEqualTo("zone");
            assertThat(zone.takeRequest().fields("Cookie")).containsExactly("a=1; b=2");
        }
    }

    @Test
    void discoveryNeedsAProofOfAccess() throws Exception {
        try (ScriptedOrigin zone = zone();
                TomcatApp app = TomcatApp.start(site(zone).property(SECRET, SdkToken.SECRET));
                Client client = Client.connect(app.port())) {
            Answer refused = Client.get(app.port(), DISCOVERY);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.body()).isEqualTo("null");
            assertThat(refused.fields("Cache-Control")).containsExactly("no-store");

            String proof = "Authorization: Bearer " + SdkToken.proof();
            Answer answer = Client.get(app.port(), DISCOVERY, proof);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.fields("Content-Type")).containsExactly("application/json");
            assertThat(answer.fields("Cache-Control")).containsExactly("no-store");
            assertThat(answer.fields("x-flags-sdk-version")).hasSize(1);
            assertThat(answer.body()).contains("\"new-docs\":{").contains("\"hints\":[]");

            client.send("HEAD " + DISCOVERY + " HTTP/1.1\r\nHost: x\r\n" + proof + "\r\n\r\n");
            assertThat(client.readHead().fields("Content-Length"))
                    .containsExactly(String.valueOf(answer.body().length()));
            // On the same connection, so that a body after HEAD would be taken for the next head.
            client.send("POST " + DISCOVERY + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + proof + "\r\n\r\n");
            Answer post = client.readAnswer();
            assertThat(post.status()).isEqualTo(405);
            assertThat(post.fields("Allow")).containsExactly("GET, HEAD");
        }
    }

    @Test
    void withoutTheSecretNothingIsDifferent() throws Exception {
        try (ScriptedOrigin zone = zone();
                TomcatApp app = TomcatApp.start(site(zone))) {
            assertThat(Client.get(app.port(), "/docs", "Cookie: " + OVERRIDE).body())
                    .isEqualTo("local REQUEST /docs");
            assertThat(Client.get(app.port(), DISCOVERY, "Authorization: Bearer " + SdkToken.proof())
                            .body())
                    .isEqualTo("local REQUEST " + DISCOVERY);
        }
    }

    @Test
    void aSecretThatCannotBeUsedStopsTheStart() {
        MicrofrontendsFilter.Builder builder = MicrofrontendsFilter.builder()
                .config(config())
                .property("mfe.zones.docs.url", "http://127.0.0.1:1")
                .property("mfe.flags.new-docs", "false")
                .property(SECRET, "too-short");
        assertThatThrownBy(builder::build)
                .hasMessageContainingAll(SECRET, "32 bytes")
                .hasMessageNotContaining("too-short");
    }

    private static ScriptedOrigin zone() throws Exception {
        return ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nzone"));
    }

    private static MicrofrontendsFilter.Builder site(ScriptedOrigin zone) {
        return MicrofrontendsFilter.builder()
                .config(config())
                .property("mfe.zones.docs.url", zone.url())
                .property("mfe.flags.new-docs", "false");
    }

    private static MicrofrontendsConfig config() {
        return MicrofrontendsConfig.parse("microfrontends.json", """
                {"applications": {
                  "web": {"development": {"fallback": "web.example.com"}},
                  "docs": {"routing": [{"flag": "new-docs", "paths": ["/docs"]}]}}}
                """);
    }
}
