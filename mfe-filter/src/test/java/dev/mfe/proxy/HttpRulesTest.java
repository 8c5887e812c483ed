package dev.mfe.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mfe.Spec;
import dev.mfe.config.Origin;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRulesTest {

    private static Enumeration<String> lines(String... values) {
        return Collections.enumeration(List.of(values));
    }

    @Nested
    @Spec("RFC 9110 §7.6.1")
    class Connection {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Connection",
                    "keep-alive",
                    "Proxy-Connection",
                    "TE",
                    "Transfer-Encoding",
                    "UPGRADE",
                    "Proxy-Authorization",
                    "Proxy-Authenticate",
                    "http2-settings"
                })
        void fieldsOfTheConnectionEndHere(String name) {
            assertThat(endsHere(ConnectionFields.of(lines()), name)).isTrue();
        }

        private static boolean endsHere(ConnectionFields rule, String name) {
            return rule.endsHere(KnownField.of(name), name);
        }

        @Test
        void fieldsThatAreNominatedEndHere() {
            ConnectionFields rule = ConnectionFields.of(lines("close, X-Secret", "keep-alive ,\tcookie,,"));
            assertThat(endsHere(rule, "x-secret")).isTrue();
            assertThat(endsHere(rule, "Cookie")).isTrue();
            assertThat(endsHere(rule, "X-Secret2")).isFalse();
            assertThat(endsHere(rule, "close")).isFalse();
        }

        @Test
        void fieldsForTheRecipientPass() {
            ConnectionFields rule = ConnectionFields.of(lines("keep-alive, Upgrade"));
            for (String name : List.of("Content-Type", "Trailer", "X-Own", "Authorization", "Set-Cookie", "Via")) {
                assertThat(endsHere(rule, name)).isFalse();
            }
        }

        @Test
        void aResponseNominatesAsWell() {
            HeaderFields fields = new HeaderFields();
            fields.add("connection", "X-Hop");
            assertThat(ConnectionFields.of(fields).endsHere(null, "x-hop")).isTrue();
        }

        @ParameterizedTest
        @CsvSource({
            "websocket, true",
            "WebSocket, true",
            "h2c, false",
            "'websocket, H2C', false",
            "HTTP/2.0, false",
            "TLS/1.2, false",
            "'', false"
        })
        void onlyHarmlessProtocolsAreTunnelled(String protocols, boolean allowed) {
            assertThat(ConnectionFields.mayTunnel(protocols)).isEqualTo(allowed);
        }
    }

    @Nested
    @Spec("RFC 9110 §7.6.3")
    class Via {

        private final ViaField via = new ViaField("mfe-1a2b");

        @Test
        void isAppended() {
            assertThat(via.append(null, "HTTP/1.1")).isEqualTo("1.1 mfe-1a2b");
            assertThat(via.append("1.0 fred, 1.1 p.example.net", "HTTP/2.0"))
                    .isEqualTo("1.0 fred, 1.1 p.example.net, 2 mfe-1a2b");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "1.1 mfe-1a2b|true",
                    "1.1 MFE-1a2b|true",
                    "1.0 a, HTTP/1.1 mfe-1a2b (x)|true",
                    "1.1 a (b, c) , 1.1 mfe-1a2b, 1.1 z|true",
                    "1.1 a|false",
                    "1.1 mfe-1a2bc|false",
                    "1.1 xmfe-1a2b|false",
                    "mfe-1a2b a|false",
                    "1.1 a (1.1 mfe-1a2b)|false",
                    "1.1 a (, 1.1 mfe-1a2b)|false"
                })
        void knowsItself(String received, boolean loop) {
            assertThat(via.passedBefore(received)).isEqualTo(loop);
        }

        @Test
        void nothingReceivedIsNoLoop() {
            assertThat(via.passedBefore(null)).isFalse();
        }
    }

    @Nested
    class Forwarded {

        private final Map<KnownField, String> received = new EnumMap<>(KnownField.class);

        private ForwardedFields fields(String peer, boolean trusted, String scheme, String host) throws ProxyException {
            return ForwardedFields.of(peer, trusted, scheme, host, received::get);
        }

        @Test
        @Spec("RFC 7239 §5")
        void whatAnUntrustedPeerSaysIsReplaced() throws ProxyException {
            received.put(KnownField.X_FORWARDED_FOR, "1.1.1.1");
            received.put(KnownField.X_FORWARDED_HOST, "evil.example");
            received.put(KnownField.X_FORWARDED_PROTO, "https");
            received.put(KnownField.X_FORWARDED_PORT, "1");
            received.put(KnownField.X_FORWARDED_PREFIX, "/evil");
            received.put(KnownField.FORWARDED, "for=1.1.1.1");
            assertThat(fields("192.0.2.7", false, "http", "shop.example:8080"))
                    .isEqualTo(new ForwardedFields(
                            "192.0.2.7",
                            "shop.example:8080",
                            "http",
                            "8080",
                            null,
                            "for=192.0.2.7;host=\"shop.example:8080\";proto=http"));
        }

        @Test
        void whatATrustedPeerSaysIsCarriedOn() throws ProxyException {
            received.put(KnownField.X_FORWARDED_FOR, "198.51.100.1");
            received.put(KnownField.X_FORWARDED_HOST, "shop.example, inner.example");
            received.put(KnownField.X_FORWARDED_PROTO, "https");
            received.put(KnownField.X_FORWARDED_PREFIX, "/a");
            received.put(KnownField.FORWARDED, "for=198.51.100.1");
            assertThat(fields("10.0.0.1", true, "http", "inner:8080"))
                    .isEqualTo(new ForwardedFields(
                            "198.51.100.1, 10.0.0.1",
                            "shop.example",
                            "https",
                            "443",
                            "/a",
                            "for=198.51.100.1, for=10.0.0.1;host=shop.example;proto=https"));
        }

        @Test
        void theStandardFieldIsReadWhereTheOthersAreMissing() throws ProxyException {
            received.put(
                    KnownField.FORWARDED,
                    "For=\"[2001:db8::1]\" ;Proto=https; host=\"shop.example:444\";by=x, for=10.9.9.9;host=no");
            ForwardedFields fields = fields("10.0.0.1", true, "http", "inner:8080");
            assertThat(fields.clientAddresses()).isEqualTo("2001:db8::1, 10.0.0.1");
            assertThat(fields.host()).isEqualTo("shop.example:444");
            assertThat(fields.port()).isEqualTo("444");
            assertThat(fields.scheme()).isEqualTo("https");
        }

        @Test
        @Spec("RFC 7239 §6")
        void anIpv6AddressIsQuoted() throws ProxyException {
            ForwardedFields fields = fields("2001:db8::1", false, "https", "[::1]:8443");
            assertThat(fields.clientAddresses()).isEqualTo("2001:db8::1");
            assertThat(fields.forwarded()).isEqualTo("for=\"[2001:db8::1]\";host=\"[::1]:8443\";proto=https");
            assertThat(fields.port()).isEqualTo("8443");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", "a, b", "a\"b", "a b", "a;b", "a:b", "a:", ":80", "[::1", "u@a", "a/b", "a\\b", "a:80:80"
                })
        void anInvalidHostIsNotPassedOn(String host) {
            assertThatExceptionOfType(ProxyException.class)
                    .isThrownBy(() -> fields("192.0.2.7", false, "http", host))
                    .satisfies(e -> assertThat(e.failure()).isEqualTo(ProxyFailure.BAD_REQUEST));
        }

        @Test
        void noClientWritesThem() {
            for (String name : List.of("forwarded", "x-forwarded-for", "X-Forwarded-Ssl", "X-Real-IP")) {
                assertThat(ForwardedFields.ours(KnownField.of(name), name)).isTrue();
            }
            assertThat(ForwardedFields.ours(KnownField.of("X-Request-Id"), "X-Request-Id"))
                    .isFalse();
        }
    }

    @Nested
    class Trust {

        @ParameterizedTest
        @CsvSource({
            "10.0.0.0/8, 10.255.1.2, true",
            "10.0.0.0/8, 11.0.0.1, false",
            "192.168.1.128/25, 192.168.1.129, true",
            "192.168.1.128/25, 192.168.1.127, false",
            "0.0.0.0/0, 8.8.8.8, true",
            "0.0.0.0/0, ::1, false",
            "::1, 0:0:0:0:0:0:0:1, true",
            "fe80::/10, fe80::1%eth0, true",
            "2001:db8::/32, [2001:db8:1::1], true",
            "10.0.0.1, ::ffff:10.0.0.1, true",
            "10.0.0.1, localhost, false",
            "10.0.0.1, 10.1, false",
            "10.0.0.1, '', false"
        })
        void networks(String network, String peer, boolean trusted) {
            assertThat(TrustedProxies.parse(List.of(network)).contains(peer)).isEqualTo(trusted);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/", "10.0.0", "", "::1/129", "*"})
        void whatIsNoAddressIsRefused(String network) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TrustedProxies.parse(List.of(network)))
                    .withMessageContaining("\"" + network + "\"");
        }
    }

    @Nested
    class Redirects {

        private final RedirectFields rule = new RedirectFields(Origin.parse("http://docs.internal:3000"));

        @ParameterizedTest
        @CsvSource({
            "http://docs.internal:3000/a?b#c, https://shop.example/a?b#c",
            "HTTP://Docs.Internal:3000, https://shop.example",
            "http://docs.internal:3000?x, https://shop.example?x",
            "//docs.internal:3000/a, //shop.example/a",
            "/a, /a",
            "a, a",
            "../a, ../a",
            "'', ''",
            "?u=http://docs.internal:3000/a, ?u=http://docs.internal:3000/a",
            "/a?u=http://docs.internal:3000/a, /a?u=http://docs.internal:3000/a",
            "https://login.example/?back=http://docs.internal:3000/, https://login.example/?back=http://docs.internal:3000/",
            "https://docs.internal:3000/a, https://docs.internal:3000/a",
            "http://docs.internal/a, http://docs.internal/a",
            "http://docs.internal:30001/a, http://docs.internal:30001/a",
            "http://docs.internal:3000@evil.example/a, http://docs.internal:3000@evil.example/a",
            "http://docs.internal:3000.evil.example/a, http://docs.internal:3000.evil.example/a",
            "http://docs.internal:3000\\@evil.example, http://docs.internal:3000\\@evil.example",
            "http://u@docs.internal:3000/, http://u@docs.internal:3000/"
        })
        void onlyTheZonesOwnOriginBecomesPublic(String location, String expected) {
            assertThat(rule.rewrite(KnownField.LOCATION, location, "https", "shop.example"))
                    .isEqualTo(expected);
            assertThat(rule.rewrite(KnownField.CONTENT_LOCATION, location, "https", "shop.example"))
                    .isEqualTo(expected);
        }

        @Test
        void thePortOfTheSchemeMayBeLeftOut() {
            RedirectFields secure = new RedirectFields(Origin.parse("https://docs.internal"));
            for (String url : List.of("https://docs.internal/a", "https://docs.internal:443/a")) {
                assertThat(secure.rewrite(KnownField.LOCATION, url, "https", "shop.example"))
                        .isEqualTo("https://shop.example/a");
            }
        }

        @ParameterizedTest
        @CsvSource({
            "5; url=http://docs.internal:3000/a, 5; url=https://shop.example/a",
            "0;URL='http://docs.internal:3000/a', 0;URL='https://shop.example/a'",
            "5, 5",
            "5; url=/a, 5; url=/a",
            "5; url=https://x/?url=http://docs.internal:3000/, 5; url=https://x/?url=http://docs.internal:3000/"
        })
        void refresh(String value, String expected) {
            assertThat(rule.rewrite(KnownField.REFRESH, value, "https", "shop.example"))
                    .isEqualTo(expected.replace("''", "'"));
        }

        @Test
        void otherFieldsStay() {
            assertThat(rule.rewrite(KnownField.LINK, "http://docs.internal:3000/", "https", "shop.example"))
                    .isEqualTo("http://docs.internal:3000/");
        }
    }

    @Nested
    class Cookies {

        @Test
        void linesAreJoined() {
            assertThat(CookieFields.toZone(lines("a=b; c=\"d;e\"", "f=g"))).isEqualTo("a=b; c=\"d;e\"; f=g");
            assertThat(CookieFields.toZone(lines())).isNull();
        }

        @Test
        void cookiesForUsDoNotReachTheZone() {
            assertThat(CookieFields.toZone(lines(
                            "a=b;vercel-micro-frontends-override:env:docs=evil; VERCEL_MFE_DEBUG=1 ; c=d",
                            "VERCEL_MFE_DEBUG=1")))
                    .isEqualTo("a=b; c=d");
            assertThat(CookieFields.toZone(lines("x=VERCEL_MFE_DEBUG; VERCEL_MFE_DEBUGX=1")))
                    .isEqualTo("x=VERCEL_MFE_DEBUG; VERCEL_MFE_DEBUGX=1");
            assertThat(CookieFields.toZone(lines("VERCEL_MFE_DEBUG=1"))).isNull();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "a=b; Domain=docs.internal; Path=/|a=b; Path=/",
                    "a=b;domain = .Docs.Internal|a=b",
                    "a=b; Domain=docs.internal; Domain=docs.internal; Secure|a=b; Secure",
                    "a=b; Domain=shop.example|a=b; Domain=shop.example",
                    "a=b; Domain=internal|a=b; Domain=internal",
                    "a=b; Domain=x.docs.internal|a=b; Domain=x.docs.internal",
                    "Domain=docs.internal|Domain=docs.internal",
                    "a=b ;  HttpOnly;; SameSite=None|a=b ;  HttpOnly;; SameSite=None"
                })
        void theDomainOfTheZoneIsDropped(String value, String expected) {
            assertThat(CookieFields.fromZone(value, "docs.internal", "shop.example"))
                    .isEqualTo(expected);
        }

        @Test
        void theDomainOfTheZoneStaysWhereTheBrowserKnowsIt() {
            assertThat(CookieFields.fromZone("a=b; Domain=h", "h", "h")).isEqualTo("a=b; Domain=h");
        }
    }

    @Nested
    class Internal {

        @ParameterizedTest
        @CsvSource({
            "x-vercel-mfe-zone, true",
            "X-Vercel-MFE-Flag-Value, true",
            "X-Vercel-Protection-Bypass, true",
            "x-vercel-id, false",
            "x-vercel-mfe, false",
            "mfe-x, false"
        })
        void fieldsOfTheRoutingLayerAreDropped(String name, boolean internal) {
            assertThat(InternalFields.internal(name)).isEqualTo(internal);
        }
    }
}
