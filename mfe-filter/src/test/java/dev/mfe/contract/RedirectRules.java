package dev.mfe.contract;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.testkit.ScriptedOrigin;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to URLs in fields of a response. */
abstract class RedirectRules extends Rules {

    private static final URI ASKED = URI.create("http://" + HOST + "/docs/a");

    RedirectRules(ContainerUnderTest container) {
        super(container);
    }

    private RawResponse getFrom(String fieldFormat) throws Exception {
        // The zone's own port is known only when it listens; its script asks for it late.
        int[] port = new int[1];
        ScriptedOrigin zone = zone(dev.mfe.testkit.Script.script().readHead().then(peer -> {
            String field = fieldFormat.replace("{origin}", "http://127.0.0.1:" + port[0]);
            peer.send(response("302 Found", "gone", field).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        }));
        port[0] = zone.port();
        start(Site.of(zone));
        RawResponse response = get("/docs/a");
        zone.takeRequest();
        assertThat(zone.waitingRequests()).as("requests after the first").isZero();
        return response;
    }

    @Test
    @Spec({"RFC 9110 §15.4", "failure case 61"})
    void redirectsAreNotFollowed() throws Exception {
        RawResponse response = getFrom("Location: /docs/next");
        assertThat(response.status()).isEqualTo(302);
        assertThat(response.fields("Location")).containsExactly("/docs/next");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 303, 307, 308})
    @Spec({"RFC 9110 §15.4", "failure case 61"})
    void everyKindOfRedirectIsPassedOn(int status) throws Exception {
        ScriptedOrigin zone = zone(answering(response(status + " See", "moved", "Location: /docs/next?a=b#c")));
        start(Site.of(zone));
        RawResponse response = get("/docs/a");
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.fields("Location")).containsExactly("/docs/next?a=b#c");
        zone.takeRequest();
        assertThat(zone.waitingRequests()).isZero();
    }

    @Test
    @Spec({"RFC 9110 §10.2.2", "failure case 62"})
    void aLocationAtTheZoneBecomesPublic() throws Exception {
        RawResponse response = getFrom("Location: {origin}/docs/b%2Bc?x=1&y=%20#z");
        assertThat(response.fields("Location")).hasSize(1);
        assertThat(ASKED.resolve(response.fields("Location").get(0)))
                .hasToString("http://" + HOST + "/docs/b%2Bc?x=1&y=%20#z");
    }

    @Test
    @Spec({"RFC 9110 §8.7", "failure case 62"})
    void aContentLocationAtTheZoneBecomesPublic() throws Exception {
        RawResponse response = getFrom("Content-Location: {origin}/docs/b.html");
        assertThat(response.fields("Content-Location")).hasSize(1);
        assertThat(ASKED.resolve(response.fields("Content-Location").get(0)))
                .hasToString("http://" + HOST + "/docs/b.html");
    }

    @Test
    @Spec("failure case 62")
    void aRefreshToTheZoneBecomesPublic() throws Exception {
        RawResponse response = getFrom("Refresh: 5; url={origin}/docs/b");
        assertThat(response.fields("Refresh")).hasSize(1);
        String refresh = response.fields("Refresh").get(0);
        assertThat(refresh).startsWith("5; url=").doesNotContain("127.0.0.1");
        assertThat(ASKED.resolve(refresh.substring("5; url=".length()))).hasToString("http://" + HOST + "/docs/b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://idp.test/authorize?redirect_uri={origin}/docs/callback&state=x%2Fy",
                "http://127.0.0.1:1/docs/b",
                "http://127.0.0.1.evil.test/docs",
                "//cdn.test/docs/b",
                "../b?c",
                "?only=query",
                "app://open/docs",
                ""
            })
    @Spec({"RFC 9110 §10.2.2", "failure case 62", "failure case 64"})
    void aLocationElsewhereIsLeftAlone(String location) throws Exception {
        int[] port = new int[1];
        ScriptedOrigin zone = zone(dev.mfe.testkit.Script.script().readHead().then(peer -> {
            String field = "Location: " + location.replace("{origin}", "http://127.0.0.1:" + port[0]);
            peer.send(response("302 Found", "", field).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        }));
        port[0] = zone.port();
        start(Site.of(zone));
        assertThat(get("/docs/a").fields("Location"))
                .containsExactly(location.replace("{origin}", "http://127.0.0.1:" + port[0]));
    }

    @Test
    @Spec({"RFC 9110 §8.6", "failure case 65"})
    void aRedirectKeepsItsBody() throws Exception {
        RawResponse response = getFrom("Location: {origin}/docs/a-much-longer-or-shorter-place");
        assertThat(response.fields("Content-Length")).containsExactly("4");
        assertThat(response.body()).isEqualTo("gone");
        assertThat(response.ending()).isEqualTo(RawResponse.Ending.COMPLETE);
    }

    @Test
    @Spec({"RFC 3986 §4.2", "failure case 66"})
    void aPathOfTwoSlashesNeverBecomesAHost() throws Exception {
        RawResponse response = getFrom("Location: {origin}//evil.test/docs");
        assertThat(response.fields("Location")).hasSize(1);
        URI seen = ASKED.resolve(response.fields("Location").get(0));
        assertThat(seen.getHost()).isEqualTo(HOST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"//evil.test/docs", "//evil.test//", "/%5Cevil.test/docs", "/%5C%5Cevil.test", "/\\evil.test"})
    @Spec({"RFC 3986 §4.2", "failure case 66"})
    void anAskedPathNeverBecomesAHost(String target) throws Exception {
        ScriptedOrigin zone = serve(OK);
        RawResponse response = get(target);
        assertThat(response.fields("Location")).isEmpty();
        assertThat(zone.waitingRequests()).isZero();
    }
}
