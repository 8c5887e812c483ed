package dev.mfe.contract;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may try. */
abstract class HostileInputRules extends Rules {

    private static final String OVERRIDE = "vercel-micro-frontends-override:env:docs=";

    HostileInputRules(ContainerUnderTest container) {
        super(container);
    }

    // ---- overrides

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "other.test", "localhost:1", "http://x", "x@y", "127.0.0.1:1/../..", ""})
    @Spec("failure case 109")
    void anOverrideIsIgnoredUnlessAllowed(String host) throws Exception {
        serve(OK);
        assertThat(get("/docs/a", "Cookie: " + OVERRIDE + host).body()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "x@preview.test",
                "http://a.preview.test",
                "preview.test.evil.test",
                "a.preview.test/path",
                "a.preview.test?q",
                "a.preview.test#f",
                "a.preview.test:99999",
                "a.preview.test%0d%0aX:1",
                "evil.test\\.preview.test"
            })
    @Spec("failure case 109")
    void anOverrideToAnotherHostIsIgnored(String host) throws Exception {
        ScriptedOrigin zone = zone(answering(OK));
        start(Site.of(zone).allowingOverridesTo("*.preview.test"));
        assertThat(get("/docs/a", "Cookie: " + OVERRIDE + host).body()).isEqualTo("ok");
    }

    @Test
    @Spec("failure case 109")
    void anAllowedOverrideLeadsToAnotherDeployment() throws Exception {
        ScriptedOrigin zone = zone(answering(OK));
        ScriptedOrigin preview = zone(answering(ok("preview")));
        start(Site.of(zone).allowingOverridesTo("localhost"));
        assertThat(get("/docs/a", "Cookie: x=1; " + OVERRIDE + "localhost:" + preview.port())
                        .body())
                .isEqualTo("preview");
        assertThat(get("/docs/a").body()).isEqualTo("ok");
        assertThat(preview.takeRequest().fields("Cookie")).containsExactly("x=1");
    }

    @Test
    @Spec("failure case 110")
    void internalFieldsOfAClientReachNobody() throws Exception {
        ScriptedOrigin zone = serve(OK);
        get(
                "/docs/a",
                "x-vercel-mfe-zone: shop",
                "X-Vercel-MFE-Flag-Value: true",
                "x-vercel-mfe-anything: 1",
                "x-vercel-protection-bypass: secret",
                "x-vercel-other: 2");
        OriginRequest request = zone.takeRequest();
        assertThat(request.head()).doesNotContainIgnoringCase("x-vercel-mfe").doesNotContain("secret");
        assertLocal(get("/local", "x-vercel-mfe-zone: docs"));
    }

    // ---- what others may see

    @ParameterizedTest
    @ValueSource(strings = {"public, max-age=60", "max-age=60, s-maxage=600", "immutable, proxy-revalidate"})
    @Spec({"RFC 9111 §5.2.2.7", "failure case 118"})
    void whatAFlagDecidesIsNotForSharedCaches(String cacheControl) throws Exception {
        ScriptedOrigin zone =
                zone(answering(ok("ok", "Cache-Control: " + cacheControl, "CDN-Cache-Control: max-age=600")));
        start(Site.of(zone).flagged("true"));
        RawResponse response = get("/docs/a");
        assertThat(response.body()).isEqualTo("ok");
        assertThat(String.join(", ", response.fields("Cache-Control")))
                .contains("private")
                .doesNotContain("public", "s-maxage", "proxy-revalidate");
        assertThat(response.fields("CDN-Cache-Control")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0%", "100%"})
    @Spec({"RFC 9111 §5.2.2.5", "failure case 118"})
    void aStickyCookieIsNeverStored(String share) throws Exception {
        ScriptedOrigin zone = zone(answering(ok("ok", "Cache-Control: public, max-age=60")));
        start(Site.of(zone).flagged(share));
        RawResponse response = get("/docs/a");
        if (!response.fields("Set-Cookie").isEmpty()) {
            assertThat(String.join(", ", response.fields("Cache-Control"))).contains("no-store");
        } else {
            assertThat(String.join(", ", response.fields("Cache-Control"))).doesNotContain("public");
        }
        assertThat(response.body())
                .satisfiesAnyOf(
                        body -> assertThat(body).isEqualTo("ok"),
                        body -> assertThat(body).startsWith("local "));
    }

    @Test
    @Spec("failure case 119")
    void theClientConfigIsNobodyElsesAndNamesNoFlag() throws Exception {
        ScriptedOrigin zone = zone(answering(OK));
        start(Site.of(zone).flagged("true"));
        RawResponse response = get("/.well-known/vercel/microfrontends/client-config");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.fields("Cache-Control")).containsExactly("private, no-store");
        assertThat(response.fields("Content-Type")).singleElement().asString().startsWith("application/json");
        assertThat(response.body()).contains("docs").doesNotContain(Site.FLAG);
        assertThat(zone.connectionCount()).isZero();
    }

    @Test
    @Spec("failure case 120")
    void debugFieldsAreForThoseWhoMayHaveThem() throws Exception {
        ScriptedOrigin zone = zone(answering(OK));
        start(Site.of(zone).debugging("cookie"));
        assertThat(get("/docs/a", "Cookie: VERCEL_MFE_DEBUG=1").fields("x-vercel-mfe-app"))
                .containsExactly("docs");
        assertThat(get("/docs/a").head()).doesNotContainIgnoringCase("x-vercel-mfe");
        assertThat(get("/local").head()).doesNotContainIgnoringCase("x-vercel-mfe");
    }

    @Test
    @Spec("failure case 120")
    void debugFieldsAreOffUnlessSwitchedOn() throws Exception {
        serve(OK);
        assertThat(get("/docs/a", "Cookie: VERCEL_MFE_DEBUG=1").head()).doesNotContainIgnoringCase("x-vercel-mfe");
    }

    // ---- framing

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x3\r\nabc\r\n0\r\n\r\n",
                "+3\r\nabc\r\n0\r\n\r\n",
                "0_3\r\nabc\r\n0\r\n\r\n",
                "-3\r\nabc\r\n0\r\n\r\n",
                "FFFFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
                "3\r\nabcXX0\r\n\r\n",
                "\r\nabc\r\n0\r\n\r\n"
            })
    @Spec({"RFC 9112 §7.1", "failure case 114"})
    void aMalformedChunkNeverLooksCompleteToTheZone(String bytes) throws Exception {
        ScriptedOrigin zone = zone(Script.script().readHead().awaitClose());
        Site site = Site.of(zone);
        start(site);
        RawClient client = client().send(head("POST", "/docs/a", "Transfer-Encoding: chunked") + bytes);
        // Whatever is answered, if anything: the connection is not used for another request.
        client.shutdownOutput();
        client.readUntilClosed();
        container().stop();
        site.end();
        if (zone.waitingRequests() > 0) {
            assertThat(zone.takeRequest().bodyText()).doesNotEndWith("0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /docs/a HTTP/1.1\r\nHost: www.shop.test\r\nNo colon here\r\n\r\n",
                "GET /docs/a HTTP/1.1\r\nHost: www.shop.test\r\nX-Bad : 1\r\n\r\n",
                "GET /docs/a HTTP/1.1\r\nHost: www.shop.test\r\nX-Fold: a\r\n b\r\n\r\n",
                "GET /docs/a HTTP/1.1\r\nHost: www.shop.test\r\nX: a\u0000b\r\n\r\n",
                "GET /docs/a HTTP/1.1\r\nHost: www.shop.test\nX-Smuggled: 1\n\n",
                "GET /docs/a HTTP/1.1\r\nHost: www.shop.test\r\nX: a\rX-Smuggled: 1\r\n\r\n",
                "GET /docs/a HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n",
                "GET /docs/a HTTP/1.1\r\n\r\n",
                "GET  /docs/a  HTTP/1.1\r\nHost: www.shop.test\r\n\r\n"
            })
    @Spec({"RFC 9112 §2.2", "RFC 9112 §3.2", "RFC 9112 §5", "failure case 115"})
    void aMalformedHeadIsRefusedOrMadeGood(String bytes) throws Exception {
        ScriptedOrigin zone = serve(OK);
        RawClient client = client().send(bytes);
        client.shutdownOutput();
        String answer = client.readUntilClosed();
        if (answer.startsWith("HTTP/1.1 200") && zone.waitingRequests() > 0) {
            OriginRequest request = zone.takeRequest();
            assertThat(request.head().replace("\r\n", "")).doesNotContain("\n", "\r", "\u0000", "No colon", "X-Bad :");
            assertThat(request.fields("Host")).hasSize(1);
            assertThat(request.target()).isEqualTo("/docs/a");
            assertThat(zone.waitingRequests()).isZero();
        } else {
            assertThat(answer).matches(text -> text.isEmpty() || text.startsWith("HTTP/1.1 4"));
        }
    }

    @Test
    @Spec({"RFC 9112 §11.2", "failure case 114"})
    void aSmuggledRequestStaysABody() throws Exception {
        String smuggled = "GET /docs/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
        ScriptedOrigin zone = serve(BodyRules.recordingBody());
        RawResponse response = post("/docs/a", "text/plain", smuggled);
        assertThat(response.body()).isEqualTo("ok");
        assertThat(zone.takeRequest().bodyText()).isEqualTo(smuggled);
        assertThat(get("/docs/b").body()).isEqualTo("ok");
        assertThat(zone.takeRequest().target()).isEqualTo("/docs/b");
    }

    // ---- paths

    /** Local security as many apps write it: on the path that the container offers. */
    private static final Filter GUARD = (request, response, chain) -> {
        String path = ((HttpServletRequest) request).getServletPath();
        if (GuardedPath.guards(path)) {
            ((HttpServletResponse) response).sendError(403);
        } else {
            chain.doFilter(request, response);
        }
    };

    @ParameterizedTest
    @MethodSource("dev.mfe.contract.GuardedPath#spellings")
    @ValueSource(
            strings = {"/docs;a=b/private/x", "/docs/private;a=b/x", "/docs/private;", "/docs/x/%252e%252e/private"})
    @Spec({"RFC 3986 §6.2.2", "failure case 116"})
    void noSpellingOfAGuardedPathReachesTheZoneAsThatPath(String target) throws Exception {
        ScriptedOrigin zone = zone(answering(OK));
        start(Site.of(zone).earlier(GUARD));
        RawResponse response = get(target);
        if (zone.waitingRequests() > 0) {
            // Passed the guard, then it must be another path for any zone: not even after decoding once.
            assertThat(zone.takeRequest().target()).isIn("/docs/x/%252e%252e/private");
        } else {
            // 200 is the local app.
            assertThat(response.status()).isIn(200, 400, 403, 404);
        }
    }

    // ---- methods

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT"})
    @Spec({"RFC 9110 §9.3.6", "RFC 9110 §9.3.8", "failure case 124"})
    void traceAndConnectAreRefused(String method) throws Exception {
        ScriptedOrigin zone = serve(OK);
        RawResponse response =
                client().send(head(method, "/docs/a", "X-Secret: 7")).readHead();
        assertThat(response.status()).isBetween(400, 501);
        if (response.status() == 405) {
            // RFC 9110 §15.5.6.
            assertThat(response.fields("Allow")).isNotEmpty();
        }
        assertThat(zone.waitingRequests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "DELETE", "PUT", "PATCH", "POST", "PROPFIND", "PURGE", "M-SEARCH", "MERGE"})
    @Spec({"RFC 9110 §9.1", "failure case 124"})
    void anyOtherMethodPasses(String method) throws Exception {
        ScriptedOrigin zone = serve(OK);
        RawResponse response = client().send(head(method, "/docs/a")).readResponse();
        assertThat(response.status()).isEqualTo(200);
        assertThat(zone.takeRequest().line()).isEqualTo(method + " /docs/a HTTP/1.1");
    }
}
