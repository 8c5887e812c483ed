package dev.mfe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Spec("WHATWG URL Standard §3.5, §4.4")
class OriginTest {

    @ParameterizedTest
    @CsvSource({
        "docs.example.com, https://docs.example.com",
        "DOCS.Example.COM:443, https://docs.example.com",
        "http://docs.example.com:80, http://docs.example.com",
        "http://docs.example.com:443, http://docs.example.com:443",
        "docs.example.com:00080, https://docs.example.com:80",
        "///docs.example.com, https://docs.example.com",
        "docs.example.com/, https://docs.example.com",
        "docs.example.com/a/../%2E/?#, https://docs.example.com",
        ":@docs.example.com, https://docs.example.com",
        "'do\tcs.example.com \n', https://docs.example.com",
        "docs%2eexample.com, https://docs.example.com",
        "my_app.localhost:3000, https://my_app.localhost:3000",
        "*.example.com, https://*.example.com",
    })
    void anOriginIsReadAsBrowsersDo(String text, String origin) {
        assertThat(Origin.parse(text)).hasToString(origin);
    }

    @ParameterizedTest
    @CsvSource({
        "http://Docs:3000, docs:3000, docs, false",
        "https://docs.example:443, docs.example, docs.example, true",
        "http://[::1]:80, [::1], ::1, false",
        "http://[::1]:443, [::1]:443, ::1, false",
        "docs.example:0, docs.example, docs.example, true",
    })
    @Spec("RFC 9110 §7.2")
    void aRequestNamesThePortOnlyWhereItIsNotTheUsualOne(
            String text, String authority, String addressableHost, boolean secure) {
        Origin origin = Origin.parse(text);
        assertThat(origin.authority()).isEqualTo(authority);
        assertThat(origin.addressableHost()).isEqualTo(addressableHost);
        assertThat(origin.isSecure()).isEqualTo(secure);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0x7f.1, 127.0.0.1",
        "2130706433, 127.0.0.1",
        "0177.0.0.01., 127.0.0.1",
        "1.2.3, 1.2.0.3",
        "0, 0.0.0.0",
        "0x, 0.0.0.0",
        "１２７．１, 127.0.0.1",
    })
    void numbersAreIpv4Addresses(String text, String host) {
        assertThat(Origin.parse(text).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({
        "[::1], [::1]",
        "[1:0:0:2:0:0:0:3], [1:0:0:2::3]",
        "[1:0:0:2:0:0:3:4], [1::2:0:0:3:4]",
        "[2001:DB8:0:1:1:1:1:1], [2001:db8:0:1:1:1:1:1]",
        "[1:2:3:4:5:6:7::], [1:2:3:4:5:6:7:0]",
        "[::], [::]",
        "[::ffff:1.2.3.4], [::ffff:102:304]",
    })
    @Spec("RFC 5952 §4")
    void ipv6AddressesAreCompressed(String text, String host) {
        assertThat(Origin.parse(text).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({
        "döcs.example, xn--dcs-sna.example",
        "DÖCS.example, xn--dcs-sna.example",
        "straße.example, xn--strae-oqa.example",
        "xn--STRAE-oqa.example, xn--strae-oqa.example",
        "日本。example, xn--wgv71a.example",
        "ｅxample.com, example.com",
        "d\u00ADocs.example, docs.example",
        "%e2%98%83.example, xn--n3h.example",
        "😀.example, xn--e28h.example",
        "ΣΊΣΥΦΟΣ.example, xn--kxa6akbbkh.example",
    })
    @Spec({"UTS #46", "RFC 3492"})
    void unicodeHostsBecomeAscii(String text, String host) {
        assertThat(Origin.parse(text).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
            https://a.example/x     => "https://a.example/x" has a path; write https://a.example
            a.example\\x             => "a.example\\x" has a path; write https://a.example
            a.example?x             => "a.example?x" has a query; write https://a.example
            a.example#x             => "a.example#x" has a fragment; write https://a.example
            u@a.example             => there is a user name or a password; remove it; a host is no place for secrets
            https://:p@a.example    => there is a user name or a password; remove it; a host is no place for secrets
            https://                => there is no host; write one, such as docs.example.com
            a.example:port          => "a.example:port" has the port "port", which is no number; write host:port, such as localhost:3001
            a.example:65536         => "a.example:65536" has a port above 65535; use a port from 1 to 65535
            a b                     => the host "a b" holds " "; write scheme, host and port only, such as https://docs.example.com:8443
            a^b                     => the host "a^b" holds "^"; write scheme, host and port only, such as https://docs.example.com:8443
            [::1                    => "[::1" has a bracket that is not closed; write [::1], or [::1]:3001
            [1:2]                   => "[1:2]" is no IPv6 address; write one such as [::1]
            256.1.1.1               => the host "256.1.1.1" has a number that is too large; write an address such as 10.0.0.1
            a.1                     => the host "a.1" ends in a number but is no IPv4 address; write an address such as 10.0.0.1
            xn--a                   => the host "xn--a" has "xn--a", which stands for no Unicode name; write the domain in its ASCII form
            HTTPS://a.example       => "HTTPS://a.example" has a path; write https://https
            """)
    void whatIsNoOriginIsRefusedWithItsReason(String text, String message) {
        assertThatThrownBy(() -> Origin.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u00AD", "a\uFFFD", "a\uD800", "\u0301a", "a\u2028b.example", "a\u200Db.example"})
    void whatNoDomainCanHoldIsRefused(String text) {
        assertThatThrownBy(() -> Origin.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theDefaultSchemeGivesThePort() {
        assertThat(Origin.parse("a.example", "http").effectivePort()).isEqualTo(80);
        assertThat(Origin.parse("a.example").effectivePort()).isEqualTo(443);
        assertThat(Origin.parse("a.example:0").effectivePort()).isEqualTo(443);
        assertThat(Origin.parse("a.example:8443").effectivePort()).isEqualTo(8443);
        assertThat(Origin.parse("a.example:443").port()).isEmpty();
    }

    @Test
    void originsAreEqualWhenTheyReachTheSame() {
        assertThat(Origin.parse("HTTPS.example:443")).isEqualTo(Origin.parse("https://https.example"));
        assertThat(Origin.parse("a.example")).isNotEqualTo(Origin.parse("http://a.example"));
        assertThat(Origin.parse("a.example")).isNotEqualTo(Origin.parse("a.example:8443"));
    }
}
