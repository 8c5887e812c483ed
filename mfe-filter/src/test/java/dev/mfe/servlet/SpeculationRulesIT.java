package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.flags.FlagProvider;
import dev.mfe.servlet.Client.Answer;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What browsers are told to fetch ahead, and what comes of it. */
class SpeculationRulesIT {

    private static final String RULES = "/.well-known/mfe/speculation-rules.json";
    private static final String NAVIGATION = "Sec-Fetch-Dest: document";

    private static MicrofrontendsFilter.Builder site(String docsRouting) {
        return MicrofrontendsFilter.builder()
                .config(MicrofrontendsConfig.parse("microfrontends.json", """
                        {"applications": {"web": {}, "docs": {"routing": [%s]}}}
                        """.formatted(docsRouting)))
                .property("mfe.zones.docs.url", "http://127.0.0.1:9")
                .property("mfe.speculation-rules", "true");
    }

    @Test
    @Spec("design §7")
    void withoutThePropertyNothingIsAdded() throws Exception {
        try (TomcatApp app = TomcatApp.start(TomcatApp.docsAt("http://127.0.0.1:9"))) {
            Answer page = Client.get(app.port(), "/", NAVIGATION);
            assertThat(page.body()).isEqualTo("local REQUEST /");
            assertThat(page.fields("Speculation-Rules")).isEmpty();
            assertThat(Client.get(app.port(), RULES).body()).isEqualTo("local REQUEST " + RULES);
        }
    }

    @Test
    @Spec({"design §7", "HTML §7.6.3"})
    void localPagesNameTheRulesAndNothingElseDoes() throws Exception {
        try (TomcatApp app = TomcatApp.start(site("{\"paths\": [\"/docs\"]}"))) {
            assertThat(Client.get(app.port(), "/", NAVIGATION).fields("Speculation-Rules"))
                    .containsExactly("\"" + RULES + "\"");
            assertThat(Client.get(app.port(), "/").fields("Speculation-Rules")).isEmpty();
            assertThat(Client.get(app.port(), "/", "Sec-Fetch-Dest: script").fields("Speculation-Rules"))
                    .isEmpty();
            assertThat(Client.get(app.port(), "/docs", NAVIGATION).fields("Speculation-Rules"))
                    .as("the zone speaks for itself")
                    .isEmpty();
        }
    }

    @Test
    void theRulesListThePathsOfOtherZones() throws Exception {
        try (TomcatApp app = TomcatApp.start(
                site("{\"paths\": [\"/docs\", \"/docs/:path*\", \"/:lang(en|de)/help\", \"/\u00e9\"]}"))) {
            Answer answer = Client.get(app.port(), RULES);
            assertThat(answer.fields("Content-Type")).containsExactly("application/speculationrules+json");
            assertThat(answer.fields("Cache-Control")).containsExactly("private, max-age=300");
            assertThat(answer.body())
                    .isEqualTo("{\"prefetch\":["
                            + "{\"source\":\"document\",\"where\":{\"and\":[{\"href_matches\":["
                            + "{\"pathname\":\"/docs{/}?\"},{\"pathname\":\"/docs/:p0*{/}?\"}]},"
                            + "{\"not\":{\"selector_matches\":\"[rel~=nofollow]\"}}]},\"eagerness\":\"moderate\"},"
                            + "{\"source\":\"document\",\"where\":{\"and\":[{\"href_matches\":["
                            + "{\"pathname\":\"/((?:de|en))/help{/}?\"}]},"
                            + "{\"not\":{\"selector_matches\":\"[rel~=nofollow]\"}}]},\"eagerness\":\"moderate\"}]}");
        }
    }

    @Test
    void excludedPathsAreLeftOut() throws Exception {
        String routing = "{\"paths\": [\"/docs/:path*\", \"/shop/:path*\"]}";
        try (TomcatApp app =
                TomcatApp.start(site(routing).property("mfe.exclude", "/docs/health, /elsewhere, /shop/caf\u00e9"))) {
            String rules = Client.get(app.port(), RULES).body();
            assertThat(rules)
                    .contains("{\"pathname\":\"/docs/:p0*{/}?\"}")
                    .contains("{\"not\":{\"href_matches\":["
                            + "{\"pathname\":\"/([dD][oO][cC][sS])/([hH][eE][aA][lL][tT][hH]){/}?\"},"
                            + "{\"pathname\":\"/(.*%")
                    .as("an exclusion that shares no path costs nothing")
                    .doesNotContain("[eE][lL][sS][eE]")
                    .as("what cannot be kept apart from an exclusion is left out")
                    .doesNotContain("/shop");
        }
    }

    @Test
    @Spec({"design §7", "failure case 118"})
    void flaggedPathsAreThoseOfThisVisitor() throws Exception {
        MicrofrontendsFilter.Builder builder =
                site("{\"flag\": \"new-docs\", \"paths\": [\"/docs\"]}, {\"paths\": [\"/help\"]}")
                        .flagProvider(FlagProvider.of("new-docs", visitor -> "beta".equals(visitor.cookie("group"))));
        try (TomcatApp app = TomcatApp.start(builder)) {
            Answer on = Client.get(app.port(), RULES, "Cookie: group=beta");
            Answer off = Client.get(app.port(), RULES);
            assertThat(on.body()).contains("/help").contains("/docs");
            assertThat(off.body()).contains("/help").doesNotContain("/docs");
            assertThat(on.fields("Cache-Control")).containsExactly("private, no-store");
            assertThat(off.fields("Cache-Control")).containsExactly("private, no-store");
        }
    }

    @Test
    @Spec("failure case 153")
    void aPrefetchEnrolsNobody() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nz"));
                TomcatApp app = TomcatApp.start(site("{\"flag\": \"new-docs\", \"paths\": [\"/docs\"]}")
                        .property("mfe.zones.docs.url", zone.url())
                        .property("mfe.flags.new-docs", "99.99%"))) {
            for (String purpose : new String[] {"prefetch", "prefetch;prerender"}) {
                Answer prefetch = Client.get(app.port(), "/docs", "Sec-Purpose: " + purpose, NAVIGATION);
                assertThat(prefetch.fields("Set-Cookie")).isEmpty();
                assertThat(prefetch.body()).isEqualTo("local REQUEST /docs");
                assertThat(Client.get(app.port(), RULES, "Sec-Purpose: " + purpose)
                                .fields("Set-Cookie"))
                        .isEmpty();
            }
            // The rules of a page that is looked at do: then the prefetch finds the visitor's cookie, and his zone.
            Answer rules = Client.get(app.port(), RULES);
            String cookie = rules.fields("Set-Cookie").get(0);
            assertThat(cookie).startsWith("mfe-visitor=");
            String prefetched = Client.get(
                            app.port(),
                            "/docs",
                            "Sec-Purpose: prefetch",
                            "Cookie: " + cookie.substring(0, cookie.indexOf(';')))
                    .body();
            assertThat(prefetched).isEqualTo(rules.body().contains("/docs") ? "z" : "local REQUEST /docs");
        }
    }

    @Test
    void theRulesLieBelowTheContextPath() throws Exception {
        HttpServlet local = new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.getOutputStream().print("local");
            }
        };
        try (TomcatApp app = TomcatApp.start(site("{\"paths\": [\"/app/docs\"]}"), local, Map.of(), "/app")) {
            assertThat(Client.get(app.port(), "/app/", NAVIGATION).fields("Speculation-Rules"))
                    .containsExactly("\"/app" + RULES + "\"");
            assertThat(Client.get(app.port(), "/app" + RULES).body()).contains("/app/docs{/}?");
        }
    }

    @Test
    void onlyGetAndHeadAreAnswered() throws Exception {
        try (TomcatApp app = TomcatApp.start(site("{\"paths\": [\"/docs\"]}"));
                Client client = Client.connect(app.port())) {
            client.send("POST " + RULES + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.readAnswer().status()).isEqualTo(405);
            client.send("HEAD " + RULES + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead().fields("Content-Type")).containsExactly("application/speculationrules+json");
        }
    }
}
