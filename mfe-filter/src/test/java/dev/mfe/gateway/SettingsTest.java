package dev.mfe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.flags.Flags;
import dev.mfe.testkit.SdkToken;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final MicrofrontendsConfig CONFIG = MicrofrontendsConfig.parse("microfrontends.json", """
            {"applications": {
              "web": {"development": {"fallback": "web.example.com"}},
              "docs": {"routing": [{"paths": ["/docs"]}]}}}
            """);

    private static ZoneSettings docs(Properties properties) {
        ZoneSettings docs =
                Objects.requireNonNull(Settings.read(properties, CONFIG).zones().get("docs"));
        properties.finish();
        return docs;
    }

    private static Properties given(Map<String, String> given) {
        return new Properties(given, Map.of(), name -> null, name -> null, UnaryOperator.identity());
    }

    @Test
    void whatIsNotSetHasADefault() {
        ZoneSettings docs = docs(given(Map.of()));
        assertThat(docs.url()).isNull();
        assertThat(docs.preserveHost()).isFalse();
        assertThat(docs.fallbackLocal()).isFalse();
        assertThat(docs.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void environmentVariablesAreWrittenInCapitals() {
        Map<String, String> variables = Map.of(
                "MFE_ZONES_DOCS_URL", "http://docs.internal:8080",
                "MFE_ZONES_DOCS_PRESERVE_HOST", "true",
                "MFE_ZONES_DOCS_IDLETIMEOUT", "2m");
        ZoneSettings docs =
                docs(new Properties(Map.of(), Map.of(), name -> null, variables::get, UnaryOperator.identity()));
        assertThat(docs.url()).hasToString("http://docs.internal:8080");
        assertThat(docs.preserveHost()).isTrue();
        assertThat(docs.idleTimeout()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void theSecretOfTheFlagsSdkMayHaveTheSdksOwnName() {
        Map<String, String> variables = Map.of("FLAGS_SECRET", SdkToken.SECRET + "\n");
        assertThat(answersDiscovery(Map.of(), variables)).isTrue();
        assertThat(answersDiscovery(Map.of("mfe.flags.sdk-secret", SdkToken.SECRET), Map.of()))
                .isTrue();
        assertThat(answersDiscovery(Map.of(), Map.of("MFE_FLAGS_SDK_SECRET", SdkToken.SECRET)))
                .isTrue();
        assertThat(answersDiscovery(Map.of("mfe.flags.sdk-secret", ""), variables))
                .as("an empty property switches it off")
                .isFalse();
        assertThat(answersDiscovery(Map.of(), Map.of("FLAGS_SECRET", ""))).isFalse();
        assertThatThrownBy(() -> answersDiscovery(Map.of(), Map.of("FLAGS_SECRET", "short")))
                .hasMessageContaining("FLAGS_SECRET");
    }

    private static boolean answersDiscovery(Map<String, String> given, Map<String, String> variables) {
        Flags.Builder builder = Flags.builder();
        Settings.flagSettings(
                new Properties(given, Map.of(), name -> null, variables::get, UnaryOperator.identity()), builder);
        try (Flags flags = builder.build()) {
            return flags.discovery("GET", null).isPresent();
        }
    }

    @Test
    void theNearerSourceWins() {
        String name = "mfe.zones.docs.max-in-flight";
        String variable = "MFE_ZONES_DOCS_MAX_IN_FLIGHT";
        Map<String, String> file = Map.of(name, "4");
        assertThat(docs(new Properties(Map.of(), file, n -> null, n -> null, UnaryOperator.identity()))
                        .maxInFlight())
                .isEqualTo(4);
        assertThat(docs(new Properties(Map.of(), file, n -> null, Map.of(variable, "3")::get, UnaryOperator.identity()))
                        .maxInFlight())
                .isEqualTo(3);
        assertThat(docs(new Properties(
                                Map.of(),
                                file,
                                Map.of(name, "2")::get,
                                Map.of(variable, "3")::get,
                                UnaryOperator.identity()))
                        .maxInFlight())
                .isEqualTo(2);
        assertThat(docs(new Properties(
                                Map.of(name, "1"), file, Map.of(name, "2")::get, n -> null, UnaryOperator.identity()))
                        .maxInFlight())
                .isEqualTo(1);
    }

    @Test
    void aStarStandsForTheRestOfTheNameOfASessionCookie() {
        Map<String, String> given = Map.of("mfe.session-cookies", "q_session*,SESSION");
        Settings settings =
                Settings.read(new Properties(given, Map.of(), n -> null, n -> null, UnaryOperator.identity()), CONFIG);
        assertThat(settings.isSessionCookie("q_session")).isTrue();
        assertThat(settings.isSessionCookie("q_session_chunk_1")).isTrue();
        assertThat(settings.isSessionCookie("SESSION")).isTrue();
        assertThat(settings.isSessionCookie("SESSION2")).isFalse();
        assertThat(settings.isSessionCookie("my-q_session")).isFalse();
    }

    @Test
    void placeholdersStandForTheEnvironment() {
        Map<String, String> given = Map.of("mfe.zones.docs.url", "http://${DOCS_HOST}:${DOCS_PORT:8080}");
        ZoneSettings docs = docs(new Properties(
                given, Map.of(), n -> null, Map.of("DOCS_HOST", "docs.internal")::get, UnaryOperator.identity()));
        assertThat(docs.url()).hasToString("http://docs.internal:8080");
    }

    @Test
    void everyProblemIsToldWithItsPropertyAndARemedy() {
        assertThatThrownBy(() -> docs(given(Map.of(
                        "mfe.zones.docs.url", "http://${DOCS_HOST}/x",
                        "mfe.zones.docs.fallback", "web",
                        "mfe.zones.docs.connect-timeout", "soon",
                        "mfe.zones.docs.max-in-flight", "0",
                        "mfe.zones.dosc.url", "http://x",
                        "mfe.trusted-proxies", "proxy.example.com",
                        "mfe.overrides.allowed-hosts", "*",
                        "mfe.exclude", "health",
                        "mfe.debgu", "on"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "mfe.zones.docs.url: ${DOCS_HOST} has no value; set the environment variable",
                        "mfe.zones.docs.fallback: \"web\" is not known; use one of local, none",
                        "mfe.zones.docs.connect-timeout: \"soon\" is no time; write it like 500ms",
                        "mfe.zones.docs.max-in-flight: \"0\" is out of range; use a number from 1",
                        "mfe.zones.dosc: the routing file has no zone \"dosc\"; its zones are docs, web",
                        "mfe.trusted-proxies: ",
                        "mfe.overrides.allowed-hosts: \"*\" is no host; write it like",
                        "mfe.exclude: \"health\" is no path expression",
                        "mfe.debgu: there is no such property; did you mean mfe.debug?");
    }

    @Test
    void aZoneWithoutAnOriginStopsTheStart() {
        assertThatThrownBy(() -> Sites.builder().config(CONFIG).build()).hasMessageContaining("mfe.zones.docs.url");
    }
}
