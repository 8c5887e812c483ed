package dev.mfe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mfe.Spec;
import dev.mfe.path.PathExpression;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MicrofrontendsConfigTest {
    private static final String SITE = """
            {
              "$schema": "https://openapi.vercel.sh/microfrontends.json",
              "version": "1",
              "options": { "disableOverrides": true, "localProxyPort": 3030 },
              "applications": {
                "docs": {
                  "packageName": "@acme/docs",
                  "development": { "local": 3001, "task": "dev:docs", "fallback": "docs.example.com" },
                  "assetPrefix": "docs-assets",
                  "routing": [
                    { "group": "docs", "paths": ["/docs", "/docs/:path*", "/docs-assets/:path*"] },
                    { "flag": "new-api", "paths": ["/api-docs/:path*"] },
                    { "flag": "", "paths": [] }
                  ]
                },
                "web": {
                  "packageName": "shop",
                  "development": { "fallback": "http://www.example.com:8080" }
                },
                "shop": { "routing": [] }
              }
            }
            """;

    private final MicrofrontendsConfig site = MicrofrontendsConfig.parse("site.json", SITE);

    private static PathExpression path(String text) {
        return PathExpression.parse(text);
    }

    @Test
    void zonesKeepTheOrderOfTheFile() {
        assertThat(site.zones()).extracting(Zone::name).containsExactly("docs", "web", "shop");
        assertThat(site.defaultZone().name()).isEqualTo("web");
        assertThat(site.source()).isEqualTo("site.json");
        assertThat(site.warnings()).isEmpty();
    }

    @Test
    void groupsKeepTheirFlagsAndAnEmptyFlagIsNone() {
        assertThat(site.zone("docs").orElseThrow().routing())
                .containsExactly(
                        new PathGroup(
                                Optional.of("docs"),
                                Optional.empty(),
                                List.of(path("/docs"), path("/docs/:path*"), path("/docs-assets/:path*"))),
                        new PathGroup(Optional.empty(), Optional.of("new-api"), List.of(path("/api-docs/:path*"))),
                        new PathGroup(Optional.empty(), Optional.empty(), List.of()));
        assertThat(site.defaultZone().routing()).isEmpty();
    }

    @Test
    void assetPrefixesAreTheConfiguredTheHashedAndTheNamedOne() {
        Zone docs = site.zone("docs").orElseThrow();
        assertThat(docs.assetPrefix()).contains("docs-assets");
        assertThat(docs.assetPrefixes()).containsExactly("docs-assets", "vc-ap-e3e2a9", "vc-ap-docs");
        assertThat(docs.defaultAssetPrefix()).isEqualTo("vc-ap-e3e2a9");
        assertThat(site.zones().get(2).assetPrefix()).isEmpty();
        assertThat(site.defaultZone().assetPrefixes()).isEmpty();
    }

    @Test
    void theConfiguredAssetPrefixMayBeTheNamedOne() {
        Zone docs = MicrofrontendsConfig.parse("x", """
                        {"applications": {"web": {}, "docs": {"assetPrefix": "vc-ap-docs", "routing": []}}}""").zone("docs").orElseThrow();
        assertThat(docs.assetPrefixes()).containsExactly("vc-ap-docs", "vc-ap-e3e2a9");
    }

    @Test
    void anEmptyAssetPrefixIsNone() {
        Zone docs = MicrofrontendsConfig.parse(
                        "x", "{\"applications\": {\"web\": {}, \"docs\": {\"assetPrefix\": \"\", \"routing\": []}}}")
                .zone("docs")
                .orElseThrow();
        assertThat(docs.assetPrefix()).isEmpty();
        assertThat(docs.assetPrefixes()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"docs, docs", "@acme/docs, docs", "web, web", "shop, web", "nobody, "})
    void aZoneIsFoundByNameThenByPackageNameTheDefaultZoneFirst(String name, String found) {
        assertThat(site.zone(name).map(Zone::name)).isEqualTo(Optional.ofNullable(found));
    }

    @Test
    void developmentSaysWhereAZoneIs() {
        Development docs = site.zone("docs").orElseThrow().development();
        assertThat(docs.local()).hasToString("http://localhost:3001");
        assertThat(docs.fallback()).hasValue(Origin.parse("https://docs.example.com"));
        assertThat(docs.task()).contains("dev:docs");

        Zone shop = site.zones().get(2);
        assertThat(shop.development().local())
                .hasToString("http://localhost:" + shop.development().generatedPort());
        assertThat(shop.development().fallback()).isEmpty();
        assertThat(site.fallback(shop)).hasValue(Origin.parse("http://www.example.com:8080"));
        assertThat(shop.development().task()).isEmpty();
    }

    @Test
    void portsInTheEnvironmentWin() {
        Map<String, String> environment = Map.of("MFE_APP_PORT", " 4001x", "MFE_LOCAL_PROXY_PORT", "4024");
        Development docs = site.zone("docs").orElseThrow().development();
        assertThat(docs.local(environment::get)).hasToString("http://localhost:4001");
        assertThat(docs.local(name -> null)).hasToString("http://localhost:3001");
        assertThat(site.localProxyPort(environment::get)).isEqualTo(4024);
        assertThat(site.localProxyPort(name -> "70000")).isEqualTo(3030);
    }

    @Test
    void optionsHaveDefaults() {
        assertThat(site.overridesDisabled()).isTrue();
        assertThat(site.localProxyPort()).isEqualTo(3030);

        MicrofrontendsConfig small = MicrofrontendsConfig.parse("x", "{\"applications\": {\"web\": {}}}");
        assertThat(small.overridesDisabled()).isFalse();
        assertThat(small.localProxyPort()).isEqualTo(3024);
    }

    @Test
    @Spec("failure case 138")
    void aDefaultZoneMayBeEmpty() {
        MicrofrontendsConfig small = MicrofrontendsConfig.parse("x", "{\"applications\": {\"web\": {}}}");
        assertThat(small.defaultZone().isDefault()).isTrue();
        assertThat(small.fallback(small.defaultZone())).isEmpty();
    }

    @Test
    void aNumberThatIsNoPortIsAcceptedButCannotBeUsed() {
        MicrofrontendsConfig config = MicrofrontendsConfig.parse("x", """
                {"options": {"localProxyPort": 1.5}, "applications": {"web": {},
                 "docs": {"routing": [], "development": {"local": 65536}}}}""");
        assertThat(config.warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "1:32 /options/localProxyPort: \"1.5\" is no port; use 1 to 65535",
                        "2:51 /applications/docs/development/local: \"65536\" is no port; use 1 to 65535");
        assertThatThrownBy(config::localProxyPort)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("options.localProxyPort is 1.5, which is no port; use 1 to 65535");
        Development docs = config.zone("docs").orElseThrow().development();
        assertThatThrownBy(docs::local)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("development.local is 65536, which is no port; use 1 to 65535");
    }

    @Test
    void aFileIsRead(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("microfrontends.json"), SITE);
        assertThat(MicrofrontendsConfig.load(file).source()).isEqualTo(file.toString());
    }

    @Test
    void bytesThatAreNotUtf8AreNamedByTheirPlace(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("microfrontends.json");
        Files.write(file, "{\n  \"é\": \"caf\u00e9\"".getBytes(StandardCharsets.ISO_8859_1));
        InvalidConfigException refused =
                catchThrowableOfType(InvalidConfigException.class, () -> MicrofrontendsConfig.load(file));
        assertThat(refused.problems())
                .extracting(Problem::toString)
                .containsExactly("2:4: the byte 0xE9 is not UTF-8; save the file as UTF-8");
    }
}
