package dev.mfe.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.config.InvalidConfigException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MicrofrontendsAssertionsTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeSite() throws IOException {
        file = site("""
                {
                  "applications": {
                    "web": {},
                    "docs": { "routing": [
                      { "paths": ["/docs", "/docs/:path*"] },
                      { "flag": "new-search", "paths": ["/search/:what(all|docs)"] }
                    ] }
                  }
                }
                """);
    }

    private Path site(String json) throws IOException {
        return Files.writeString(folder.resolve("microfrontends.json"), json);
    }

    @Test
    void pathsThatReachTheirZonesPass() {
        MicrofrontendsAssertions.validateRouting(
                file, Map.of("docs", List.of("/docs", "/docs/a/b"), "web", List.of("/", "/search/all")));
        MicrofrontendsAssertions.validateRouting(file, Map.of("docs", List.of("/search/all")), "new-search");
    }

    @Test
    void everyPathThatReachesAnotherZoneIsListedWithTheReason() {
        assertThatThrownBy(() -> MicrofrontendsAssertions.validateRouting(
                        file, Map.of("web", List.of("/docs/x", "/ok", "/docs/../x"))))
                .isInstanceOf(AssertionError.class)
                .hasMessage("""
                        Paths do not reach the expected zones:
                          expected zone "web": /docs/x -> docs, "/docs/:path*" (PATH)
                          expected zone "web": /docs/../x -> refused with 400 (DOT_SEGMENT)""");
    }

    @Test
    void unknownZonesAndFlagsAreNamed() {
        assertThatThrownBy(() -> MicrofrontendsAssertions.validateRouting(file, Map.of("dosc", List.of("/")), "beta"))
                .hasMessageContaining("flag \"beta\" is not in ")
                .hasMessageContaining("zone \"dosc\" is not in ")
                .hasMessageContaining("only [web, docs]");
    }

    @Test
    void aPathIsJudgedWithoutItsQueryAndMustBeOne() {
        MicrofrontendsAssertions.validateRouting(
                file, Map.of("docs", List.of("/docs?x=/about")), "new-search", "new-search");
        assertThatThrownBy(() -> MicrofrontendsAssertions.validateRouting(file, Map.of("web", List.of("about"))))
                .hasMessageContaining("\"about\" is no path; start it with a slash");
    }

    @Test
    void anInvalidFileIsReportedAsSuch() throws IOException {
        Path invalid = site("{\"applications\": {}}");
        assertThatThrownBy(() -> MicrofrontendsAssertions.validateRouting(invalid, Map.of()))
                .isInstanceOf(InvalidConfigException.class);
    }

    @Test
    void flagsThatMakeADifferencePass() {
        assertThatCode(() -> MicrofrontendsAssertions.validateFlaggedPaths(file))
                .doesNotThrowAnyException();
    }

    @Test
    void aFlagThatMakesNoDifferenceIsFound() throws IOException {
        Path useless = site("""
                {"applications": {"web": {}, "docs": {"routing": [
                  {"paths": ["/docs/:path*"]}, {"flag": "beta", "paths": ["/docs/new"]}]}}}
                """);
        assertThatThrownBy(() -> MicrofrontendsAssertions.validateFlaggedPaths(useless))
                .hasMessage("""
                        Flags make no difference:
                          "/docs/new" of zone "docs" needs no flag "beta": /docs/new -> docs, "/docs/:path*" (PATH)""");
    }

    @Test
    void aFilterMappingThatLeavesOutPathsIsFound() {
        MicrofrontendsAssertions.validateFilterMapping(file, "/*");
        assertThatThrownBy(() -> MicrofrontendsAssertions.validateFilterMapping(file, "/docs/*", "/vc-ap-docs/*"))
                .hasMessageContaining("/search/all of zone \"docs\" is not covered")
                .hasMessageContaining("/vc-ap-e3e2a9/x.js of zone \"docs\" is not covered")
                .hasMessageNotContaining("/docs/x of zone");
    }

    @Test
    void theCommandExplainsPathsAndChecksThem() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WhoServes.run(
                List.of(file.toString(), "--flag", "new-search", "/docs/x", "/about", "docs=/search/docs"),
                new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        file + ": valid, 2 zones, flags [new-search]",
                        "/docs/x -> docs, \"/docs/:path*\" (PATH)",
                        "/about -> web, local (NO_MATCH)",
                        "/search/docs -> docs, \"/search/:what(all|docs)\" (FLAG_ON)");
        assertThatThrownBy(() -> WhoServes.run(List.of(file.toString(), "web=/docs"), System.out))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> WhoServes.run(List.of(file.toString(), "docs"), System.out))
                .hasMessage("\"docs\" is neither --flag with a name, nor a path, nor zone=/path");
    }
}
