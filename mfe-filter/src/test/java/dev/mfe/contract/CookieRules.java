package dev.mfe.contract;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Cookies belong to browser and zone. */
abstract class CookieRules extends Rules {

    CookieRules(ContainerUnderTest container) {
        super(container);
    }

    @Test
    @Spec({"RFC 6265 §5.3", "failure case 67"})
    void noCookieIsKeptForTheNextVisitor() throws Exception {
        ScriptedOrigin zone = serve(ok("ok", "Set-Cookie: session=of-alice; Path=/"));
        get("/docs/a");
        get("/docs/a");
        zone.takeRequest();
        assertThat(zone.takeRequest().fields("Cookie")).isEmpty();
    }

    @Test
    @Spec({"RFC 6265 §4.2", "failure case 68"})
    void cookiesOfTheBrowserReachTheZoneAsTheyAre() throws Exception {
        ScriptedOrigin zone = serve(OK);
        String cookie = "a=1; b=\"x y\"; c=; d==e=; $Version=1; f=%20; a=2";
        get("/docs/a", "Cookie: " + cookie);
        assertThat(zone.takeRequest().fields("Cookie")).containsExactly(cookie);
    }

    @Test
    @Spec("failure case 69")
    void sessionCookiesPassBothWays() throws Exception {
        ScriptedOrigin zone = serve(ok("ok", "Set-Cookie: JSESSIONID=zone; Path=/docs; HttpOnly"));
        RawResponse response = get("/docs/a", "Cookie: JSESSIONID=local");
        assertThat(zone.takeRequest().fields("Cookie")).containsExactly("JSESSIONID=local");
        assertThat(response.fields("Set-Cookie")).containsExactly("JSESSIONID=zone; Path=/docs; HttpOnly");
    }

    @Test
    @Spec({"RFC 6265 §4.1", "failure case 72"})
    void attributesStayAsTheZoneWroteThem() throws Exception {
        String cookie = "a=b; path=/docs/; Expires=Wed, 09 Jun 2021 10:18:14 GMT; Max-Age=3; SameSite=None; Secure;"
                + " HttpOnly; Partitioned; Priority=High";
        serve(ok("ok", "Set-Cookie: " + cookie));
        assertThat(get("/docs/a").fields("Set-Cookie")).containsExactly(cookie);
    }

    @Test
    @Spec({"RFC 6265 §5.3", "failure case 73"})
    void aCookieForTheWholeSiteStaysOne() throws Exception {
        serve(ok("ok", "Set-Cookie: a=b; Domain=shop.test; Secure"));
        assertThat(get("/docs/a").fields("Set-Cookie")).containsExactly("a=b; Domain=shop.test; Secure");
    }

    @Test
    @Spec({"RFC 6265 §5.3", "failure case 73"})
    void aCookieForTheZonesOwnHostIsNotLost() throws Exception {
        // A browser that asked www.shop.test drops a cookie for another host.
        ScriptedOrigin zone = zone(answering(ok("ok", "Set-Cookie: a=b; Domain=localhost; Path=/docs")));
        start(Site.of("http://localhost:" + zone.port()));
        assertThat(get("/docs/a").fields("Set-Cookie"))
                .singleElement()
                .asString()
                .startsWith("a=b")
                .contains("Path=/docs")
                .doesNotContain("localhost");
    }

    @Test
    @Spec("failure case 74")
    void proxyingStartsNoSession() throws Exception {
        serve(OK);
        RawResponse response = get("/docs/a");
        assertThat(response.fields("Set-Cookie")).isEmpty();
        assertThat(response.fields("Expires")).isEmpty();
        assertThat(response.fields("Cache-Control")).isEmpty();
    }

    @Test
    @Spec("failure case 74")
    void theLocalAppMayHaveSessions() throws Exception {
        requires(Capability.SERVLETS);
        serve(script());
        RawResponse response = get("/local/session");
        assertThat(response.body()).isEqualTo("session true");
        assertThat(response.fields("Set-Cookie")).singleElement().asString().startsWith("JSESSIONID=");
    }

    @Test
    @Spec("failure case 76")
    void overrideAndDebugCookiesStayHere() throws Exception {
        ScriptedOrigin zone = serve(OK);
        get("/docs/a", "Cookie: a=1; vercel-micro-frontends-override:env:docs=evil.test; b=2; VERCEL_MFE_DEBUG=1; c=3");
        assertThat(zone.takeRequest().fields("Cookie")).containsExactly("a=1; b=2; c=3");
    }
}
