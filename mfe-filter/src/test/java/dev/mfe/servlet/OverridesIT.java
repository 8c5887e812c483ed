package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.servlet.Client.Answer;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may say about where it is served, and what it may be told. */
class OverridesIT {

    private static final String COOKIE = "vercel-micro-frontends-override:env:docs=";

    private static String body(String text) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "169.254.169.254",
                "http://127.0.0.1:PORT",
                "https://127.0.0.1:PORT",
                "//127.0.0.1:PORT",
                "x@127.0.0.1:PORT",
                "127.0.0.1:PORT@evil.example",
                "127.0.0.1:PORT/",
                "127.0.0.1:PORT?x",
                "127.0.0.1:PORT#x",
                "127.0.0.1%3aPORT",
                "127.0.0.1%2eevil.example",
                "127.0.0.1:PORT\\",
                "127.0.0.1.evil.example",
                "2130706433.evil.example",
                "localhost:PORT",
                "[::1]:PORT",
                "[::ffff:127.0.0.1]:PORT",
                "0:PORT",
                "",
                "\"127.0.0.1:PORT\""
            })
    @Spec({"failure case 109", "design §6"})
    void aHostThatIsNotAllowedIsNeverConnectedTo(String value) throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(body("z")));
                ScriptedOrigin elsewhere = ScriptedOrigin.connections();
                TomcatApp app = TomcatApp.start(
                        TomcatApp.docsAt(zone.url()).property("mfe.overrides.allowed-hosts", "127.0.0.1"))) {
            String host = value.replace("PORT", Integer.toString(elsewhere.port()));
            assertThat(Client.get(app.port(), "/docs", "Cookie: " + COOKIE + host)
                            .body())
                    .isEqualTo("z");
            assertThat(elsewhere.connectionCount()).isZero();
        }
    }

    @Test
    @Spec({"design §6", "failure case 118"})
    void whatAnOverrideLeadsToIsNotForSharedCaches() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.connections();
                ScriptedOrigin preview = ScriptedOrigin.always(
                        answering("HTTP/1.1 200 OK\r\nCache-Control: public, max-age=5, s-maxage=60\r\n"
                                + "CDN-Cache-Control: max-age=60\r\nContent-Length: 1\r\n\r\np"));
                TomcatApp app = TomcatApp.start(
                        TomcatApp.docsAt(zone.url()).property("mfe.overrides.allowed-hosts", "127.0.0.1"))) {
            Answer answer = Client.get(app.port(), "/docs", "Cookie: " + COOKIE + "127.0.0.1:" + preview.port());
            assertThat(answer.body()).isEqualTo("p");
            assertThat(answer.fields("Cache-Control")).containsExactly("private, max-age=5");
            assertThat(answer.fields("CDN-Cache-Control")).isEmpty();
        }
    }

    @Test
    @Spec({"failure case 76", "failure case 163"})
    void theLastOverrideCountsAndNoneReachesTheZone() throws Exception {
        try (ScriptedOrigin first = ScriptedOrigin.connections();
                ScriptedOrigin last = ScriptedOrigin.always(answering(body("l")));
                TomcatApp app = TomcatApp.start(
                        TomcatApp.docsAt(first.url()).property("mfe.overrides.allowed-hosts", "127.0.0.1"))) {
            Answer answer = Client.get(
                    app.port(),
                    "/docs",
                    "Cookie: a=1; " + COOKIE + "127.0.0.1:" + first.port() + "; VERCEL_MFE_DEBUG=1; b=2",
                    "Cookie: " + COOKIE + "127.0.0.1:" + last.port() + ";c=3; vercel-micro-frontends-override=x");
            assertThat(answer.body()).isEqualTo("l");
            OriginRequest request = last.takeRequest();
            assertThat(request.fields("Cookie")).containsExactly("a=1; b=2; c=3");
            assertThat(request.fields("Host")).containsExactly("127.0.0.1:" + last.port());
        }
    }

    @Test
    @Spec("design §6")
    void theRoutingFileCanForbidOverrides() throws Exception {
        MicrofrontendsConfig config = MicrofrontendsConfig.parse("microfrontends.json", """
                {"options": {"disableOverrides": true}, "applications": {
                  "web": {"development": {"fallback": "web.example.com"}},
                  "docs": {"routing": [{"paths": ["/docs"]}]}}}
                """);
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(body("z")));
                ScriptedOrigin elsewhere = ScriptedOrigin.connections();
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url())
                        .config(config)
                        .property("mfe.overrides.allowed-hosts", "127.0.0.1"))) {
            assertThat(Client.get(app.port(), "/docs", "Cookie: " + COOKIE + "127.0.0.1:" + elsewhere.port())
                            .body())
                    .isEqualTo("z");
        }
    }

    @Test
    @Spec("failure case 110")
    void internalFieldsOfAClientNeitherRouteNorReachAZone() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(body("z")));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            String[] forged = {
                "x-vercel-mfe-zone: docs",
                "X-Vercel-MFE-Flag-Value: true",
                "x-vercel-mfe-local-proxy-origin: http://evil.example",
                "X-Vercel-Protection-Bypass: secret",
                "X-Mine: 1"
            };
            assertThat(Client.get(app.port(), "/elsewhere", forged).body()).isEqualTo("local REQUEST /elsewhere");
            assertThat(Client.get(app.port(), "/docs", forged).body()).isEqualTo("z");
            OriginRequest request = zone.takeRequest();
            assertThat(request.head().toLowerCase(java.util.Locale.ROOT)).doesNotContain("x-vercel-");
            assertThat(request.fields("X-Mine")).containsExactly("1");
        }
    }

    @Test
    @Spec({"design §6", "failure case 120"})
    void debugFieldsAreOnInDevelopmentAndOffOtherwise() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(body("z")))) {
            try (TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
                assertThat(debug(Client.get(app.port(), "/docs", "Cookie: VERCEL_MFE_DEBUG=1")))
                        .isEmpty();
                assertThat(debug(Client.get(app.port(), "/local", "Cookie: VERCEL_MFE_DEBUG=1")))
                        .isEmpty();
            }
            try (TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()).property("mfe.mode", "development"))) {
                assertThat(debug(Client.get(app.port(), "/docs")))
                        .isEqualTo("x-vercel-mfe-app: docs, x-vercel-mfe-matched-path: /docs,"
                                + " x-vercel-mfe-response-reason: path");
                assertThat(debug(Client.get(app.port(), "/local")))
                        .isEqualTo("x-vercel-mfe-app: web, x-vercel-mfe-response-reason: no-match");
            }
            try (TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url())
                    .property("mfe.mode", "development")
                    .property("mfe.debug", "off"))) {
                assertThat(debug(Client.get(app.port(), "/docs"))).isEmpty();
            }
        }
    }

    @Test
    @Spec("design §6")
    void debugFieldsTellWhatAFlagDecidedAlsoWhenTheZoneFails() throws Exception {
        MicrofrontendsConfig config = MicrofrontendsConfig.parse("microfrontends.json", """
                {"applications": {
                  "web": {"development": {"fallback": "web.example.com"}},
                  "docs": {"routing": [{"flag": "new", "paths": ["/docs"]}]}}}
                """);
        ScriptedOrigin gone = ScriptedOrigin.connections();
        String url = gone.url();
        gone.close();
        MicrofrontendsFilter.Builder builder =
                TomcatApp.docsAt(url).config(config).property("mfe.debug", "on").property("mfe.flags.new", "true");
        String flagged = "x-vercel-mfe-zone-from-middleware: docs";
        try (TomcatApp app = TomcatApp.start(builder)) {
            assertThat(debug(Client.get(app.port(), "/docs")))
                    .isEqualTo("x-vercel-mfe-app: docs, x-vercel-mfe-matched-path: /docs,"
                            + " x-vercel-mfe-response-reason: flag-on, " + flagged);
        }
        try (TomcatApp app = TomcatApp.start(builder.property("mfe.zones.docs.fallback", "local"))) {
            Answer answer = Client.get(app.port(), "/docs");
            assertThat(answer.body()).isEqualTo("local REQUEST /docs");
            assertThat(debug(answer))
                    .isEqualTo("x-vercel-mfe-app: web, x-vercel-mfe-matched-path: /docs,"
                            + " x-vercel-mfe-response-reason: fallback, " + flagged);
        }
        try (TomcatApp app = TomcatApp.start(builder.property("mfe.flags.new", "false"))) {
            assertThat(debug(Client.get(app.port(), "/docs")))
                    .isEqualTo("x-vercel-mfe-app: web, x-vercel-mfe-response-reason: flag-off");
        }
    }

    private static String debug(Answer answer) {
        return answer.head()
                .lines()
                .filter(line -> line.startsWith("x-vercel-mfe-"))
                .collect(java.util.stream.Collectors.joining(", "));
    }
}
