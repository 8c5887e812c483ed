package dev.mfe.quarkus.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.mfe.config.ConfigLocator;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.gateway.Sites;
import dev.mfe.quarkus.runtime.MicrofrontendsConfiguration.ZoneConfiguration;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages of the core name properties as they stand in {@code application.properties}. */
class PropertyNamesTest {

    private static final String SITE = """
            {"applications": {"web": {}, "docs": {"routing": [{"flag": "new.docs", "paths": ["/docs/:path*"]}]}}}""";

    @Test
    void aNameOfAZoneIsQuotedWhereItHasToBe() {
        assertThat(PropertyNames.written("mfe.zones.docs.url")).isEqualTo("quarkus.mfe.zones.docs.url");
        assertThat(PropertyNames.written("mfe.zones.my-docs")).isEqualTo("quarkus.mfe.zones.my-docs");
        assertThat(PropertyNames.written("mfe.zones.my docs")).isEqualTo("quarkus.mfe.zones.\"my docs\"");
        assertThat(PropertyNames.written("mfe.zones.my.docs.url")).isEqualTo("quarkus.mfe.zones.\"my.docs\".url");
    }

    @Test
    void everyPropertyOfAZoneIsToldFromTheZonesName() {
        assertThat(Arrays.stream(ZoneConfiguration.class.getMethods())
                        .map(Method::getName)
                        .map(name -> name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT)))
                .containsExactlyInAnyOrderElementsOf(PropertyNames.OF_ZONE);
    }

    @Test
    void aNameOfAFlagIsQuotedWhereItHasToBe() {
        assertThat(PropertyNames.written("mfe.flags.new-docs")).isEqualTo("quarkus.mfe.flags.new-docs");
        assertThat(PropertyNames.written("mfe.flags.new.docs")).isEqualTo("quarkus.mfe.flags.\"new.docs\"");
        assertThat(PropertyNames.written("mfe.flags.sdk-secret")).isEqualTo("quarkus.mfe.flags.sdk-secret");
    }

    @Test
    void allOthersHaveQuarkusInFront() {
        assertThat(PropertyNames.written("mfe.config.location")).isEqualTo("quarkus.mfe.config.location");
    }

    @Test
    void aRoutingFileThatIsNotThere(@TempDir Path empty) {
        ConfigLocator locator =
                new ConfigLocator(new ClassLoader(null) {}, name -> null, empty, PropertyNames::written);
        assertNames(locator::locate, "quarkus.mfe.config.location");
    }

    @Test
    void zonesThatOverlap() {
        String text = """
                {"applications": {"web": {}, "mfe.docs": {"routing": [{"paths": ["/docs/:page/edit"]}]},
                    "blog": {"routing": [{"paths": ["/docs/blog/:page"]}]}}}""";
        assertNames(
                () -> MicrofrontendsConfig.parse("site.json", text, OverlapPolicy.ERROR, PropertyNames::written),
                "set quarkus.mfe.config.overlaps=warn",
                // What only looks like a property is left as it is.
                "zone \"mfe.docs\"");
    }

    @Test
    void aZoneWithoutOrigin() {
        assertNames(
                () -> sites(Map.of("mfe.flags.new.docs", "true")).build(),
                "set the property quarkus.mfe.zones.docs.url");
    }

    @Test
    void aFlagThatNobodyAnswers() {
        assertNames(
                () -> sites(Map.of("mfe.zones.docs.url", "http://localhost:1")).build(),
                "set the property quarkus.mfe.flags.\"new.docs\"=true");
    }

    @Test
    void propertiesThatCannotBeUsed() {
        assertNames(
                () -> sites(Map.of(
                                "mfe.zones.docs.url", "http://localhost:1",
                                "mfe.zones.docs.identity", "jwt",
                                "mfe.zones.docs.max-in-flight", "0",
                                "mfe.flags.new.docs", "true",
                                "mfe.flags.timeout", "0s",
                                "mfe.excluded", "/docs"))
                        .build(),
                "\n  quarkus.mfe.identity.secret: quarkus.mfe.zones.docs.identity=jwt takes a secret",
                "\n  quarkus.mfe.zones.docs.max-in-flight: ",
                "\n  quarkus.mfe.flags.timeout: ",
                "\n  quarkus.mfe.excluded: there is no such property; did you mean quarkus.mfe.exclude?");
    }

    @Test
    void flagsThatCannotBeUsed() {
        assertNames(
                () -> sites(Map.of(
                                "mfe.zones.docs.url", "http://localhost:1",
                                "mfe.flags.new.docs", "often",
                                "mfe.flags.secret", "short",
                                "mfe.flags.sdk-secret", "short"))
                        .flags(flags -> flags.property("new.docs", "true").property("", "true"))
                        .build(),
                "quarkus.mfe.flags.\"new.docs\"=often: allowed are",
                "quarkus.mfe.flags.\"new.docs\" is set twice",
                "quarkus.mfe.flags.secret has 5 characters",
                "quarkus.mfe.flags.sdk-secret (or FLAGS_SECRET in the environment)");
    }

    private static Sites.Builder sites(Map<String, String> properties) {
        Sites.Builder sites = Sites.builder()
                .config(MicrofrontendsConfig.parse("site.json", SITE))
                .propertyNames(PropertyNames::written);
        properties.forEach(sites::property);
        return sites;
    }

    private static void assertNames(Runnable failing, String... texts) {
        AbstractStringAssert<?> message =
                assertThat(catchThrowable(failing::run).getMessage());
        message.contains(texts).doesNotContainPattern("(?<![\\w./\"-])mfe\\.[a-z]");
    }
}
