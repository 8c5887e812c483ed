package dev.mfe.contract;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The request target: matched safely, sent byte for byte. */
abstract class TargetRules extends Rules {

    TargetRules(ContainerUnderTest container) {
        super(container);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs/a%2Bb+c",
                "/docs/a%20b",
                "/docs/a%3Fb%3Dc",
                "/docs/%62erlin",
                "/docs/caf%C3%A9",
                "/docs/~a-b_c.d!$&'()*,=:@",
                "/docs/a%23b%5Bc%5D",
                "/docs/a;v=1/b;jsessionid=7",
                "/docs/a?b=2&a=1&b=1&&c&d=&=e;f",
                "/docs/a?a+b=c%2Bd%20e",
                "/docs/a?x=%2520%25%2F%5C",
                "/docs/a?x=/../y",
                "/docs/a?to=http://other.test/%C3%A9",
                "/docs/",
                "/docs",
                "/DOCS/A"
            })
    @Spec({
        "RFC 3986 §6.2.2",
        "failure case 46",
        "failure case 48",
        "failure case 49",
        "failure case 52",
        "failure case 53",
        "failure case 54",
        "failure case 58"
    })
    void theTargetReachesTheZoneByteForByte(String target) throws Exception {
        ScriptedOrigin zone = serve(OK);
        assertThat(get(target).status()).isEqualTo(200);
        assertThat(zone.takeRequest().target()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs/a?", "/docs?", "/docs/a??b=?"})
    @Spec({"RFC 3986 §6.2.3", "failure case 52"})
    void aQueryOfQuestionMarksIsKept(String target) throws Exception {
        ScriptedOrigin zone = serve(OK);
        assertThat(get(target).status()).isEqualTo(200);
        String seen = zone.takeRequest().target();
        if (can(Capability.VERBATIM_QUERY)) {
            assertThat(seen).isEqualTo(target);
        } else {
            assertThat(target).startsWith(seen.substring(0, seen.indexOf('?') < 0 ? seen.length() : seen.indexOf('?')));
            assertThat(seen).doesNotContain("null");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs/a%2520b", "/docs/100%25"})
    @Spec({"RFC 3986 §2.4", "failure case 48"})
    void anEncodedPercentIsNotDecodedTwice(String target) throws Exception {
        ScriptedOrigin zone = serve(OK);
        RawResponse response = get(target);
        if (can(Capability.ENCODED_PERCENT)) {
            assertThat(zone.takeRequest().target()).isEqualTo(target);
        } else {
            assertThat(response.status()).isEqualTo(400);
            assertThat(zone.waitingRequests()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs/a|b",
                "/docs/a?x=[1]|2",
                "/docs/a\"b",
                "/docs/a{b}",
                "/docs/caf\u00e9",
                "/docs/a?caf\u00e9"
            })
    @Spec({"RFC 3986 §2", "failure case 166"})
    void aCharacterThatNoUriHasIsRefusedOrSentAsItIs(String target) throws Exception {
        ScriptedOrigin zone = serve(OK);
        RawResponse response = get(target);
        if (response.status() == 200) {
            assertThat(zone.takeRequest().target()).isEqualTo(target);
        } else {
            assertThat(response.status()).isEqualTo(400);
            assertThat(zone.waitingRequests()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs/../admin",
                "/docs/./a",
                "/docs/%2e%2e/admin",
                "/docs/.%2E/admin",
                "/docs/%2e/a",
                "/docs/..",
                "/docs/a/..;x=1/b",
                "/x/../docs/a",
                "/docs/a%2Fb",
                "/docs%2Fa",
                "/docs/a%5Cb",
                "/docs/a%5cb",
                "/docs/a\\b",
                "/docs/a%00b"
            })
    @Spec({"RFC 3986 §6.2.2.3", "RFC 3986 §7.3", "failure case 47", "failure case 57"})
    void anAmbiguousPathToAZoneIsRefused(String target) throws Exception {
        ScriptedOrigin zone = serve(OK);
        assertThat(get(target).status()).isEqualTo(400);
        assertThat(zone.waitingRequests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs;v=1", "/docsx", "/doc", "/", "/other/docs/a"})
    @Spec({"RFC 3986 §3.3", "failure case 54"})
    void whatNoZoneOwnsStaysLocal(String target) throws Exception {
        ScriptedOrigin zone = serve(OK);
        assertLocal(get(target));
        assertThat(zone.connectionCount()).isZero();
    }

    @Test
    @Spec({"RFC 9112 §3.2.2"})
    void aTargetInAbsoluteFormIsSentInOriginForm() throws Exception {
        ScriptedOrigin zone = serve(OK);
        RawResponse response = get("http://" + HOST + "/docs/a?b=c");
        if (response.status() == 200 && zone.waitingRequests() > 0) {
            assertThat(zone.takeRequest().target()).isEqualTo("/docs/a?b=c");
        } else {
            assertThat(response.status()).isIn(200, 400, 404);
        }
    }

    @Test
    @Spec({"RFC 9112 §3.2.4"})
    void optionsForTheServerIsNotAZones() throws Exception {
        ScriptedOrigin zone = serve(OK);
        client().send(head("OPTIONS", "*")).readResponse();
        assertThat(zone.waitingRequests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {7 * 1024, 80 * 1024})
    @Spec({"RFC 9110 §15.5.15", "failure case 60"})
    void aLongTargetIsNeverABadGateway(int length) throws Exception {
        ScriptedOrigin zone = serve(response("414 URI Too Long", "zone"));
        RawResponse response = get("/docs/" + "a".repeat(length));
        assertThat(response.status()).isIn(400, 414, 431);
        if (response.body().equals("zone")) {
            assertThat(zone.takeRequest().target()).hasSize(length + 6);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {6 * 1024, 80 * 1024})
    @Spec({"RFC 6585 §5", "failure case 60"})
    void aLongFieldIsNeverABadGateway(int length) throws Exception {
        ScriptedOrigin zone = serve(response("431 Request Header Fields Too Large", "zone"));
        RawResponse response = get("/docs/a", "X-Long: " + "a".repeat(length));
        assertThat(response.status()).isIn(400, 431);
        if (response.body().equals("zone")) {
            assertThat(zone.takeRequest().fields("X-Long").get(0)).hasSize(length);
        }
    }

    @Test
    @Spec("failure case 58")
    void theZoneThatOwnsThePathAnswers() throws Exception {
        ScriptedOrigin docs = zone(answering(ok("docs")));
        ScriptedOrigin shop = zone(answering(ok("shop")));
        start(Site.of(docs).zone("shop", shop.url()));
        assertThat(get("/docs/a").body()).isEqualTo("docs");
        assertThat(get("/shop/a").body()).isEqualTo("shop");
        assertLocal(get("/shops"));
    }
}
