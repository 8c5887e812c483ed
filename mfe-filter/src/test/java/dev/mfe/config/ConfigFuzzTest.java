package dev.mfe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the text: a config, or an exception whose problems all lie within the text. */
class ConfigFuzzTest {
    private static final String SITE = """
            {
              // zones
              "version": "1",
              "options": { "disableOverrides": false, "localProxyPort": 3024 },
              "applications": {
                "web": { "development": { "local": 3000, "fallback": "www.example.com" } },
                "docs": {
                  "packageName": "@acme/docs",
                  "assetPrefix": "docs-assets",
                  "development": { "local": "http://[::1]:3001", "task": "dev", "fallback": "https://döcs.example" },
                  "routing": [
                    { "group": "g", "paths": ["/docs", "/docs/:path*", "/docs-assets/:path*"] },
                    { "flag": "f", "paths": ["/:lang(en|de)/docs", "/city/:name((?!berlin|paris).*)"] },
                  ],
                },
                /* more */ "shop": { "routing": [ { "paths": ["/shop/:id", "/pre-:name"] } ] }
              }
            }
            """;

    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\\",
            "\\u",
            "\\ud83d",
            "/",
            "//",
            "/*",
            "*/",
            "\n",
            "\r",
            "\t",
            "\0",
            " ",
            "0",
            "-",
            "1e999",
            "0x1",
            "null",
            "true",
            "NaN",
            "'",
            "#",
            "é",
            "\uD83D",
            "\uDE00",
            "\uFEFF",
            "\u2028",
            "\u00A0",
            "\"routing\":",
            "\"applications\":{}",
            "\"paths\":[]",
            "/:path*",
            "(?!",
            "((?!a|b).*)",
            ":",
            "?",
            "*",
            "+",
            "%",
            "%2e",
            "@",
            "xn--",
            "[::1]",
            "256.1.1.1",
            "ß",
            "\u200D");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void changedTextsGiveAConfigOrProblemsWithinTheText(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            String text = changed(SITE, random);
            for (OverlapPolicy policy : OverlapPolicy.values()) {
                check(text, policy, "seed " + seed + ", text " + i + ":\n" + text);
            }
        }
    }

    private static String changed(String site, Random random) {
        StringBuilder text = new StringBuilder(site);
        for (int changes = random.nextInt(4); changes >= 0 && !text.isEmpty(); changes--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> text.delete(at, end);
                case 2 -> text.replace(at, at + 1, PIECES.get(random.nextInt(PIECES.size())));
                case 3 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
                default -> text.setLength(random.nextInt(8) == 0 ? at : text.length());
            }
        }
        return text.toString();
    }

    private static void check(String text, OverlapPolicy policy, String description) {
        try {
            MicrofrontendsConfig config = MicrofrontendsConfig.parse("text", text, policy);
            assertWithin(text, config.warnings(), description);
            assertThat(config.zones()).contains(config.defaultZone());
        } catch (InvalidConfigException e) {
            assertThat(e.problems()).as(description).isNotEmpty();
            assertWithin(text, e.problems(), description);
        } catch (RuntimeException e) {
            fail(description, e);
        }
    }

    private static void assertWithin(String text, List<Problem> problems, String description) {
        String read = text.startsWith("\uFEFF") ? text.substring(1) : text;
        List<String> lines = List.of(read.split("\r\n|\r|\n", -1));
        for (Problem problem : problems) {
            assertThat(problem.line()).as(description).isBetween(1, lines.size());
            assertThat(problem.column())
                    .as(description)
                    // A column behind the end is where something is missing, or the line feed of a pair
                    .isBetween(1, lines.get(problem.line() - 1).length() + 2);
            assertThat(problem.message()).isNotBlank();
            assertThat(problem.remedy()).isNotBlank();
            assertThat(problem.toString().lines()).hasSize(1);
        }
    }

    /** Anything quadratic would take minutes on these; there is no clock in the test but that of the time limit. */
    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void longTextsAreReadInReasonableTime() {
        check(zones(1000, i -> "\"z" + i + "\":{\"routing\":[{\"paths\":[\"/z" + i + "/:path*\"]}]}"));
        check(zone(list(10_000, i -> "\"/docs/page-" + i + "/:path*\"")));
        check(zone(list(60_000, i -> "\"/docs\"")));
        check(zone("\"/" + "x".repeat(100_000) + "\""));
        check(zones(60_000, i -> "\"z" + i + "\":{}"));
        check(zones(1, i -> "\"docs\":{\"routing\":[],\"assetPrefix\":\"" + "a".repeat(900_000) + "-\"}"));
        check(zones(1, i -> "\"docs\":{\"routing\":[],\"development\":{\"local\":" + "9".repeat(900_000) + "}}"));
        check(zones(1, i -> "\"docs\":{\"routing\":[],\"development\":{\"local\":\"" + "ä".repeat(900_000) + "\"}}"));
        check(zones(5000, i -> "\"z" + i + "\":{\"routing\":[],\"development\":{\"local\":\"漢字漢字漢字" + i + "\"}}"));
        check("{" + list(80_000, i -> "\"key" + i + "\":1") + "}");
        check("{" + list(100_000, i -> "\"key\":1") + "}");
        check("{\"a\":".repeat(100_000));
        check("/**/".repeat(250_000));
        check("\n".repeat(1_000_000) + "{\"a\": 1}");
    }

    private static void check(String text) {
        check(text, OverlapPolicy.ERROR, "a text of " + text.length() + " characters");
    }

    private static String zone(String paths) {
        return zones(1, i -> "\"docs\":{\"routing\":[{\"paths\":[" + paths + "]}]}");
    }

    private static String zones(int count, IntFunction<String> zone) {
        return "{\"applications\":{\"web\":{}," + list(count, zone) + "}}";
    }

    private static String list(int count, IntFunction<String> element) {
        return IntStream.range(0, count).mapToObj(element).collect(Collectors.joining(","));
    }
}
