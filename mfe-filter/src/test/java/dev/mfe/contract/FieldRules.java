package dev.mfe.contract;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.ScriptedOrigin;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to field lines, interim responses and trailers. */
abstract class FieldRules extends Rules {

    FieldRules(ContainerUnderTest container) {
        super(container);
    }

    @Test
    @Spec({"RFC 9110 §7.6.1", "failure case 1"})
    void fieldsNamedByConnectionStayOnTheirHop() throws Exception {
        ScriptedOrigin zone = serve(OK);
        get("/docs/a", "Connection: close, X-Secret", "X-Secret: 7", "X-Public: 8");
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("X-Secret")).isEmpty();
        assertThat(request.fields("X-Public")).containsExactly("8");
        assertThat(String.join(",", request.fields("Connection"))).doesNotContainIgnoringCase("x-secret");
    }

    @Test
    @Spec({"RFC 9110 §7.6.1", "failure case 1"})
    void fieldsNamedByConnectionOfTheZoneStayOnTheirHop() throws Exception {
        serve(ok("ok", "Connection: keep-alive, X-Secret", "X-Secret: 7", "Keep-Alive: timeout=77", "X-Public: 8"));
        RawResponse response = get("/docs/a");
        assertThat(response.fields("X-Secret")).isEmpty();
        assertThat(String.join(",", response.fields("Keep-Alive"))).doesNotContain("77");
        assertThat(response.fields("X-Public")).containsExactly("8");
    }

    @Test
    @Spec({"W3C Trace Context §3.2", "failure case 131"})
    void theTraceOfTheClientGoesOn() throws Exception {
        ScriptedOrigin zone = serve(OK);
        String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        get("/docs/a", "traceparent: " + parent, "tracestate: rojo=00f067aa0ba902b7", "tracestate: congo=t61rcWkgMzE");
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("traceparent")).containsExactly(parent);
        assertThat(String.join(",", request.fields("tracestate"))).isEqualTo("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
    }

    @Test
    @Spec("RFC 9110 §7.6.1")
    void connectionSpecificFieldsAreNotPassedOn() throws Exception {
        ScriptedOrigin zone = serve(OK);
        get(
                "/docs/a",
                "Keep-Alive: timeout=77",
                "Proxy-Connection: keep-alive",
                "TE: gzip",
                "Connection: keep-alive, TE",
                "Proxy-Authorization: Basic c2VjcmV0");
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("Keep-Alive")).isEmpty();
        assertThat(request.fields("Proxy-Connection")).isEmpty();
        assertThat(request.fields("TE")).doesNotContain("gzip");
        assertThat(request.fields("Proxy-Authorization")).isEmpty();
    }

    @Test
    @Spec("RFC 9110 §7.6.1")
    void fieldsThatEndAtThisHopCannotBeRemovedByNamingOthers() throws Exception {
        // A Connection that names end-to-end fields must not rob the zone of what we say about the client.
        ScriptedOrigin zone = serve(OK);
        get("/docs/a", "Connection: Host, X-Forwarded-For, Via, Forwarded");
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("Host")).hasSize(1);
        assertThat(request.fields("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(request.fields("Via")).isNotEmpty();
    }

    @Test
    @Spec({"RFC 9112 §6.3", "failure case 8"})
    void aRequestWithTwoLengthsIsRefused() throws Exception {
        ScriptedOrigin zone = serve(OK);
        RawResponse response = client().send(head("POST", "/docs/a", "Content-Length: 3", "Content-Length: 4") + "abcd")
                .readResponse();
        assertThat(response.status()).isEqualTo(400);
        assertThat(zone.waitingRequests()).isZero();
    }

    @Test
    @Spec({"RFC 9112 §6.1", "RFC 9112 §6.3"})
    void aRequestWithLengthAndChunksHasOneFraming() throws Exception {
        ScriptedOrigin zone = serve(script().readHead()
                .then(peer -> {
                    // Either the request was refused on the way, or it comes with one framing.
                    peer.readBodyUntil("0\r\n\r\n");
                })
                .send(OK));
        RawResponse response = client().send(head("POST", "/docs/a", "Content-Length: 30", "Transfer-Encoding: chunked")
                        + chunk("abc") + "0\r\n\r\n")
                .readResponse();
        if (response.status() == 200) {
            OriginRequest request = zone.takeRequest();
            assertThat(request.fields("Content-Length")).isEmpty();
            assertThat(request.fields("Transfer-Encoding")).containsExactly("chunked");
        } else {
            assertThat(response.status()).isEqualTo(400);
            assertThat(zone.waitingRequests()).isZero();
        }
    }

    @Test
    @Spec({"RFC 9112 §6.3", "failure case 8"})
    void aResponseWithTwoLengthsIsBad() throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\noky");
        assertThat(get("/docs/a").status()).isEqualTo(502);
    }

    @Test
    @Spec({"RFC 9110 §8.6", "failure case 8"})
    void equalLengthsOfTheZoneAreOne() throws Exception {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok");
        RawResponse response = get("/docs/a");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.fields("Content-Length")).containsExactly("2");
        assertThat(response.body()).isEqualTo("ok");
    }

    @Test
    @Spec({"RFC 9110 §5.3", "failure case 12"})
    void setCookieKeepsNumberAndOrder() throws Exception {
        serve(ok("ok", "Set-Cookie: a=1; Path=/", "X-Between: 1", "Set-Cookie: b=2, 3; HttpOnly", "Set-Cookie: a=4"));
        assertThat(get("/docs/a").fields("Set-Cookie")).containsExactly("a=1; Path=/", "b=2, 3; HttpOnly", "a=4");
    }

    @Test
    @Spec({"RFC 9110 §5.3"})
    void repeatedFieldsKeepTheirOrder() throws Exception {
        ScriptedOrigin zone = serve(ok("ok", "X-Many: 1", "X-Many: 2, 3", "X-Many: 1"));
        RawResponse response = get("/docs/a", "X-Many: 1", "X-Many: 2, 3", "X-Many: 1");
        assertThat(String.join(", ", zone.takeRequest().fields("X-Many"))).isEqualTo("1, 2, 3, 1");
        assertThat(String.join(", ", response.fields("X-Many"))).isEqualTo("1, 2, 3, 1");
    }

    @Test
    @Spec({"RFC 9113 §8.2.3", "failure case 13"})
    void severalCookieLinesAreJoined() throws Exception {
        ScriptedOrigin zone = serve(OK);
        get("/docs/a", "Cookie: a=1; b=2", "Cookie: c=3");
        assertThat(zone.takeRequest().fields("Cookie")).containsExactly("a=1; b=2; c=3");
    }

    @Test
    @Spec({"RFC 9110 §10.1.1", "failure case 16"})
    void aZoneThatRefusesTheBodyIsHeardBeforeItIsSent() throws Exception {
        serve(script().readHead()
                .send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
                .close());
        RawClient client = client();
        client.send(head("POST", "/docs/a", "Content-Length: 5", "Expect: 100-continue"));
        RawResponse first = client.readHead();
        if (!can(Capability.LATE_CONTINUE)) {
            assertThat(first.status()).isEqualTo(100);
            client.send("hello");
            first = client.readHead();
        }
        assertThat(first.status()).isEqualTo(417);
        assertThat(first.readBody().body()).isEqualTo("no");
    }

    @Test
    @Spec({"RFC 9110 §10.1.1", "failure case 16"})
    void aBodyThatTheZoneWantsIsSent() throws Exception {
        ScriptedOrigin zone = serve(script().readHead()
                .then(peer -> {
                    if (peer.request().fields("Expect").contains("100-continue")) {
                        peer.send("HTTP/1.1 100 Continue\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    }
                })
                .readBody(5)
                .send(OK));
        RawClient client = client();
        client.send(head("POST", "/docs/a", "Content-Length: 5", "Expect: 100-continue"));
        assertThat(client.readHead().status()).isEqualTo(100);
        client.send("hello");
        assertThat(client.readResponse().body()).isEqualTo("ok");
        assertThat(zone.takeRequest().bodyText()).isEqualTo("hello");
    }

    @Test
    @Spec({"RFC 9110 §10.1.1", "failure case 17"})
    void anExpectationWithoutABodyDoesNotHang() throws Exception {
        serve(OK);
        assertThat(get("/docs/a", "Expect: 100-continue").body()).isEqualTo("ok");
    }

    @Test
    @Spec({"RFC 7239 §8.1", "failure case 19", "failure case 20"})
    void forwardedFieldsOfAStrangerAreReplaced() throws Exception {
        ScriptedOrigin zone = serve(OK);
        get(
                "/docs/a",
                "Host: www.shop.test:8443",
                "X-Forwarded-For: 6.6.6.6",
                "X-Forwarded-Host: evil.test",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Port: 666",
                "X-Forwarded-Prefix: /evil",
                "Forwarded: for=6.6.6.6;host=evil.test;proto=https");
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(request.fields("X-Forwarded-Host")).containsExactly("www.shop.test:8443");
        assertThat(request.fields("X-Forwarded-Proto")).containsExactly("http");
        assertThat(request.fields("X-Forwarded-Port")).containsExactly("8443");
        assertThat(String.join(",", request.fields("X-Forwarded-Prefix"))).doesNotContain("evil");
        assertThat(String.join(",", request.fields("Forwarded")))
                .contains("for=127.0.0.1", "proto=http")
                .contains("host=\"www.shop.test:8443\"")
                .doesNotContain("6.6.6.6", "evil.test", "https");
        assertThat(request.head()).doesNotContain("6.6.6.6", "evil");
    }

    @Test
    @Spec({"RFC 7239 §5.2", "failure case 19"})
    void forwardedFieldsOfATrustedProxyAreContinued() throws Exception {
        ScriptedOrigin zone = zone(answering(OK));
        start(Site.of(zone).trusting("127.0.0.0/8"));
        get(
                "/docs/a",
                "Host: internal.test",
                "X-Forwarded-For: 198.51.100.7",
                "X-Forwarded-Host: www.shop.test",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Port: 443");
        OriginRequest request = zone.takeRequest();
        assertThat(String.join(", ", request.fields("X-Forwarded-For"))).isEqualTo("198.51.100.7, 127.0.0.1");
        assertThat(request.fields("X-Forwarded-Host")).containsExactly("www.shop.test");
        assertThat(request.fields("X-Forwarded-Proto")).containsExactly("https");
        assertThat(request.fields("X-Forwarded-Port")).containsExactly("443");
    }

    @Test
    @Spec("failure case 22")
    void thePrefixOfATrustedProxyIsHandedOn() throws Exception {
        ScriptedOrigin zone = zone(answering(OK));
        start(Site.of(zone).trusting("127.0.0.1"));
        get("/docs/a", "X-Forwarded-Prefix: /site");
        assertThat(zone.takeRequest().fields("X-Forwarded-Prefix")).containsExactly("/site");
    }

    @Test
    @Spec("RFC 9110 §7.2")
    void hostIsTheZonesOwn() throws Exception {
        ScriptedOrigin zone = serve(OK);
        get("/docs/a");
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("Host")).containsExactly("127.0.0.1:" + zone.port());
        assertThat(request.fields("X-Forwarded-Host")).containsExactly(HOST);
    }

    @Test
    @Spec("RFC 9110 §7.2")
    void hostIsTheClientsWhereWanted() throws Exception {
        ScriptedOrigin zone = zone(answering(OK));
        start(Site.of(zone).preservingHost());
        get("/docs/a");
        assertThat(zone.takeRequest().fields("Host")).containsExactly(HOST);
    }

    @Test
    @Spec({"RFC 9110 §7.6.3", "failure case 25"})
    void viaIsAddedToWhatIsThere() throws Exception {
        ScriptedOrigin zone = serve(OK);
        get("/docs/a", "Via: 1.0 fred, 1.1 edge.test");
        String via = String.join(", ", zone.takeRequest().fields("Via"));
        assertThat(via).matches("1\\.0 fred, 1\\.1 edge\\.test, 1\\.1 [^ ,]+");
    }

    @Test
    @Spec({"RFC 9110 §7.6.3", "failure case 25"})
    void aRequestThatComesBackIsALoop() throws Exception {
        ScriptedOrigin zone = serve(OK);
        get("/docs/a");
        String via = String.join(", ", zone.takeRequest().fields("Via"));
        assertThat(get("/docs/a", "Via: " + via).status()).isEqualTo(508);
        assertThat(zone.waitingRequests()).isZero();
    }

    @Test
    @Spec("RFC 9110 §5.5")
    void bytesAboveAsciiInAFieldArriveAsTheyWere() throws Exception {
        ScriptedOrigin zone = serve(ok("ok", "X-Name: caf\u00e9"));
        RawResponse response = get("/docs/a", "X-Name: caf\u00e9");
        if (can(Capability.LATIN_1_FIELDS)) {
            assertThat(zone.takeRequest().fields("X-Name")).containsExactly("caf\u00e9");
            assertThat(response.fields("X-Name")).containsExactly("caf\u00e9");
        } else {
            assertThat(response.status()).isEqualTo(200);
        }
    }

    @Test
    @Spec("RFC 8297 §2")
    void earlyHintsArriveBeforeTheResponse() throws Exception {
        CountDownLatch hintsSeen = new CountDownLatch(1);
        serve(script().readHead()
                .send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n")
                .await(hintsSeen)
                .send(OK));
        RawClient client = client().send(head("GET", "/docs/a"));
        if (can(Capability.EARLY_HINTS)) {
            RawResponse hints = client.readHead();
            assertThat(hints.status()).isEqualTo(103);
            assertThat(hints.fields("Link")).containsExactly("</a.css>; rel=preload");
        }
        hintsSeen.countDown();
        RawResponse response = client.readHead().readBody();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("ok");
        assertThat(response.fields("Link")).isEmpty();
    }

    @Test
    @Spec({"RFC 9110 §15.2", "RFC 9110 §15.2.3"})
    void otherInterimResponsesDoNotDisturb() throws Exception {
        serve("HTTP/1.1 102 Processing\r\n\r\n" + OK);
        RawResponse response = get("/docs/a");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("ok");
    }

    @Test
    @Spec("RFC 9110 §6.5")
    void responseTrailersArePassedOn() throws Exception {
        serve("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n" + chunk("abc")
                + "0\r\nX-Sum: 42\r\n\r\n");
        RawResponse response = get("/docs/a", "TE: trailers", "Connection: TE");
        assertThat(response.body()).isEqualTo("abc");
        assertThat(response.trailers()).anySatisfy(line -> assertThat(line).isEqualToIgnoringCase("X-Sum: 42"));
    }

    @Test
    @Spec("RFC 9110 §6.5.1")
    void trailersCannotSmuggleFieldsThatBelongInTheHead() throws Exception {
        serve("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("abc")
                + "0\r\nSet-Cookie: a=1\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n");
        RawResponse response = get("/docs/a", "TE: trailers", "Connection: TE");
        assertThat(response.body()).isEqualTo("abc");
        assertThat(response.trailers()).noneSatisfy(line -> assertThat(line).startsWithIgnoringCase("content-length"));
        assertThat(response.trailers())
                .noneSatisfy(line -> assertThat(line).startsWithIgnoringCase("transfer-encoding"));
    }

    @Test
    @Spec("RFC 9110 §6.5")
    void requestTrailersArePassedOn() throws Exception {
        CountDownLatch bodyRead = new CountDownLatch(1);
        ScriptedOrigin zone = serve(script().readHead()
                .readBodyUntil("\r\n0\r\n")
                .readBodyUntil("\r\n")
                .signal(bodyRead)
                .send(OK));
        RawResponse response = client().send(head("POST", "/docs/a", "Transfer-Encoding: chunked", "Trailer: X-Sum")
                        + chunk("abc") + "0\r\nX-Sum: 42\r\n\r\n")
                .readResponse();
        assertThat(response.body()).isEqualTo("ok");
        await(bodyRead);
        if (can(Capability.REQUEST_TRAILERS)) {
            assertThat(zone.takeRequest().bodyText()).containsIgnoringCase("x-sum: 42\r\n");
        } else {
            assertThat(zone.takeRequest().bodyText()).endsWith("0\r\n\r\n");
        }
    }

    @Test
    @Spec("RFC 9110 §4.1")
    void anEmptyAndAnOddFieldSurvive() throws Exception {
        ScriptedOrigin zone = serve(ok("ok", "X-Empty:", "X-Odd: \t a  b\t"));
        RawResponse response = get("/docs/a", "X-Empty:", "X-Odd: a b", "X_Under: 1", "X-Quote: \"a,b\";c=\"\\\"\"");
        OriginRequest request = zone.takeRequest();
        assertThat(request.fields("X-Empty")).containsExactly("");
        assertThat(request.fields("X-Odd")).containsExactly("a b");
        assertThat(request.fields("X_Under")).containsExactly("1");
        assertThat(request.fields("X-Quote")).containsExactly("\"a,b\";c=\"\\\"\"");
        assertThat(response.fields("X-Empty")).containsExactly("");
        assertThat(response.fields("X-Odd")).containsExactly("a  b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html;charset=utf-8",
                "text/html; charset=utf-8; profile=\"x y\"",
                "application/vnd.zone+json; v=\"1;2\""
            })
    @Spec("RFC 9110 §8.3")
    void contentTypeArrivesAsTheZoneWroteIt(String type) throws Exception {
        serve(ok("ok", "Content-Type: " + type, "Content-Language: de"));
        RawResponse response = get("/docs/a");
        assertThat(response.fields("Content-Language")).containsExactly("de");
        if (can(Capability.VERBATIM_CONTENT_TYPE)) {
            assertThat(response.fields("Content-Type")).containsExactly(type);
        } else {
            // Order of parameters and blanks between them mean nothing.
            assertThat(parameters(response.fields("Content-Type").get(0))).isEqualTo(parameters(type));
        }
    }

    private static Set<String> parameters(String contentType) {
        return Arrays.stream(contentType.split(";(?=([^\"]*\"[^\"]*\")*[^\"]*$)"))
                .map(String::strip)
                .map(text -> text.startsWith("charset=") ? text.toLowerCase(Locale.ROOT) : text)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "text/plain", "text/xml"})
    @Spec("RFC 9110 §8.3.2")
    void noCharsetIsInvented(String type) throws Exception {
        serve(ok("ok", "Content-Type: " + type));
        List<String> seen = get("/docs/a").fields("Content-Type");
        if (can(Capability.TYPE_WITHOUT_CHARSET)) {
            assertThat(seen).containsExactly(type);
        } else {
            assertThat(seen).singleElement().asString().startsWith(type);
        }
    }

    @Test
    @Spec("RFC 9110 §5.5")
    void blanksInsideAFieldAreKept() throws Exception {
        ScriptedOrigin zone = serve(OK);
        get("/docs/a", "X-Blanks: \"a  b\"");
        String expected = can(Capability.VERBATIM_FIELDS) ? "\"a  b\"" : "\"a b\"";
        assertThat(zone.takeRequest().fields("X-Blanks")).containsExactly(expected);
    }

    @Test
    @Spec("RFC 9110 §8.3")
    void noContentTypeIsInvented() throws Exception {
        serve(ok("ok"));
        assertThat(get("/docs/a").fields("Content-Type")).isEmpty();
    }

    @Test
    @Spec({"RFC 9110 §6.6.1", "RFC 9110 §10.2.4"})
    void dateAndServerAreTheZones() throws Exception {
        serve(ok("ok", "Date: Tue, 15 Nov 1994 08:12:31 GMT", "Server: zone/1"));
        RawResponse response = get("/docs/a");
        assertThat(response.fields("Date")).containsExactly("Tue, 15 Nov 1994 08:12:31 GMT");
        assertThat(response.fields("Server")).containsExactly("zone/1");
    }
}
