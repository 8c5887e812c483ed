package dev.mfe.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagRequest;
import dev.mfe.flags.Flags;
import dev.mfe.routing.Router;
import dev.mfe.routing.RoutingDecision;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import dev.mfe.routing.RoutingDecision.Refuse;
import dev.mfe.testing.MicrofrontendsAssertions;
import dev.mfe.testing.WhoServes;
import dev.mfe.testkit.TestRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows. */
class QuickStartTest {
    @TempDir
    Path folder;

    private Path file;
    private PrintStream standardOut;

    @BeforeEach
    void copySite() throws IOException {
        file = copy("microfrontends.json");
        standardOut = System.out;
    }

    private Path copy(String name) throws IOException {
        Path copy = folder.resolve("microfrontends.json");
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/quick-start/" + name))) {
            Files.write(copy, in.readAllBytes());
        }
        return copy;
    }

    /** Runs with standard output captured, and the folder of the test left out of what was printed. */
    private String printed(Runnable code) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            code.run();
        } finally {
            System.setOut(standardOut);
        }
        return withoutFolder(out.toString(StandardCharsets.UTF_8)).strip();
    }

    private String withoutFolder(String text) {
        return text.replace(folder.toString() + folder.getFileSystem().getSeparator(), "");
    }

    @Test
    void quickStart() {
        FlagRequest request = TestRequest.of("/docs/intro");
        assertThat(printed(() -> {
                    // quick-start
                    MicrofrontendsConfig config = MicrofrontendsConfig.load(file);
                    Flags flags = Flags.builder().property("new-search", "25%").build();
                    Router router = Router.builder(config).flags(flags).build();

                    RoutingDecision decision = router.route(request);
                    if (decision instanceof ProxyTo target) {
                        System.out.println(target.zone().name() + " because of " + target.expression());
                    }
                    // end
                    flags.close();
                }))
                .isEqualTo("docs because of /docs/:path*");
    }

    @Test
    void whoServes() {
        String expected = """
                // who-serves
                microfrontends.json: valid, 2 zones, flags [new-search]
                /docs/intro -> docs, "/docs/:path*" (PATH)
                /search -> docs, "/search" (FLAG_ON)
                /about -> web, local (NO_MATCH)
                // end
                """;
        assertThat(printed(() -> WhoServes.main(
                        new String[] {file.toString(), "--flag", "new-search", "/docs/intro", "/search", "/about"})))
                .isEqualTo(region(expected));
    }

    @Test
    void answersByPathAndFlag() {
        String table = """
                // table
                path                    new-search   answer
                /docs                   off          docs, /docs (PATH)
                /DOCS/intro/            off          docs, /docs/:path* (PATH)
                /search                 off          local (FLAG_OFF)
                /search                 on           docs, /search (FLAG_ON)
                /vc-ap-docs/app.js      off          docs, /vc-ap-docs/:path* (ASSET_PREFIX)
                /about                  on           local (NO_MATCH)
                /docs/../about          off          400 (DOT_SEGMENT)
                // end
                """;
        for (String row : region(table).lines().skip(1).toList()) {
            List<String> columns = List.of(row.split(" {2,}", -1));
            assertThat(answer(columns.get(0), columns.get(1).equals("on")))
                    .as(row)
                    .isEqualTo(columns.get(2));
        }
    }

    private String answer(String path, boolean on) {
        try (Flags flags = Flags.builder()
                .provider(FlagProvider.ofAsync("new-search", request -> CompletableFuture.completedFuture(on)))
                .build()) {
            RoutingDecision decision = Router.builder(MicrofrontendsConfig.load(file))
                    .flags(flags)
                    .build()
                    .route(TestRequest.of(path));
            if (decision instanceof ProxyTo target) {
                return target.zone().name() + ", " + target.expression() + " (" + target.reason() + ")";
            }
            return decision instanceof Refuse refuse
                    ? "400 (" + refuse.ambiguity() + ")"
                    : "local (" + decision.reason() + ")";
        }
    }

    @Test
    void problems() throws IOException {
        Path broken = copy("broken.json");
        String expected = """
                // problems
                microfrontends.json has 3 problems:
                microfrontends.json:4:54 /applications/docs/routing/0/paths/1: "/docs/:a:b" has two wildcards without text between them (at character 9); put text between them
                microfrontends.json:5:28 /applications/api/routing/0/path: the key "path" is not known; did you mean "paths"?
                microfrontends.json:5:56 /applications/api/routing/0/paths/0: "/:section/api" of zone "api" overlaps "/docs/:page" of zone "docs" (4:39), both match "/docs/api"; change one of them so that no path belongs to two zones, or set mfe.config.overlaps=warn to let the first answer
                // end
                """;
        assertThatThrownBy(() -> MicrofrontendsConfig.load(broken))
                .satisfies(e -> assertThat(withoutFolder(e.getMessage())).isEqualTo(region(expected)));
    }

    @Test
    void flagProviders() {
        Vendor vendor = (flag, user) -> CompletableFuture.completedFuture(user == null);
        // flag-providers
        FlagProvider beta = FlagProvider.of("new-search", visitor -> "beta".equals(visitor.cookie("group")));
        FlagProvider later =
                FlagProvider.ofAsync("new-docs", visitor -> vendor.isEnabled("new-docs", visitor.principal()));
        Flags flags = Flags.builder()
                .provider(beta)
                .provider(later)
                .timeout(Duration.ofMillis(200))
                .build();
        // end
        assertThat(flags.forRequest(TestRequest.of("/")).isEnabled("new-docs")).isTrue();
        assertThat(flags.forRequest(TestRequest.of("/")).isEnabled("new-search"))
                .isFalse();
        flags.close();
    }

    private interface Vendor {
        CompletableFuture<Boolean> isEnabled(String flag, @Nullable Principal user);
    }

    @Test
    void assertions() {
        // assertions
        MicrofrontendsAssertions.validateRouting(
                file, Map.of("docs", List.of("/docs", "/docs/intro"), "web", List.of("/", "/search")));
        MicrofrontendsAssertions.validateRouting(file, Map.of("docs", List.of("/search")), "new-search");
        MicrofrontendsAssertions.validateFlaggedPaths(file);
        MicrofrontendsAssertions.validateFilterMapping(file, "/*");
        // end
    }

    /** The lines between the marks, which are there for the README's sake. */
    private static String region(String marked) {
        return marked.lines()
                .filter(line -> !line.startsWith("// "))
                .reduce((a, b) -> a + "\n" + b)
                .orElse("");
    }
}
