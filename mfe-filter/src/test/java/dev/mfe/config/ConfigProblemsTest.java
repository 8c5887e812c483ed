package dev.mfe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mfe.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routing files that are JSON but no routing files: all problems at once, in the order of the text. */
@Spec("design §2")
class ConfigProblemsTest {
    private static InvalidConfigException refused(String text) {
        InvalidConfigException refused = catchThrowableOfType(
                InvalidConfigException.class, () -> MicrofrontendsConfig.parse("microfrontends.json", text));
        assertThat(refused).as(text).isNotNull();
        return refused;
    }

    private static List<String> problems(String text) {
        return refused(text).problems().stream().map(Problem::toString).toList();
    }

    /** The problems of one zone beside a default zone. */
    private static List<String> problemsOfZone(String zone) {
        return problems("{\"applications\": {\"web\": {},\n\"docs\": " + zone + "}}");
    }

    @Test
    void theMessageListsEveryProblemWithItsPlaceInTheFile() {
        InvalidConfigException refused = refused("""
                {
                  "aplications": {},
                  "applications": {
                    "web": { "development": { } },
                    "docs": {
                      "routing": [
                        { "paths": ["/docs", "docs", 3], "Flag": "new-docs" },
                        { "path": ["/more"] }
                      ],
                      "assetPrefix": "Docs"
                    }
                  }
                }
                """);
        assertThat(refused).hasMessage("""
                microfrontends.json has 8 problems:
                microfrontends.json:2:3 /aplications: the key "aplications" is not known; did you mean "applications"?
                microfrontends.json:4:29 /applications/web/development: the default zone has no "fallback"; \
                add "fallback": "<host>", where the site is reached when a zone does not run locally
                microfrontends.json:7:30 /applications/docs/routing/0/paths/1: "docs" does not start with a slash; \
                write "/docs"
                microfrontends.json:7:38 /applications/docs/routing/0/paths/2: a path must be a string, but is a number; \
                put it in double quotes
                microfrontends.json:7:42 /applications/docs/routing/0/Flag: the key "Flag" is not known; \
                did you mean "flag"?
                microfrontends.json:8:9 /applications/docs/routing/1: "paths" is missing; add "paths": ["/docs/:path*"]
                microfrontends.json:8:11 /applications/docs/routing/1/path: the key "path" is not known; \
                did you mean "paths"?
                microfrontends.json:10:22 /applications/docs/assetPrefix: the asset prefix "Docs" is not allowed; \
                start with a lower-case letter, go on with lower-case letters, digits and hyphens, \
                and do not end with a hyphen""");
    }

    @Test
    void oneProblemIsCountedInTheSingular() {
        assertThat(refused("[]")).hasMessage("""
                microfrontends.json has 1 problem:
                microfrontends.json:1:1: the file must be an object, but is an array; \
                write {"applications": { }} and put the zones into it""");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '^', textBlock = """
            {}                                      => 1:1: "applications" is missing; add "applications": { } and put the zones into it
            {"applications": {}}                    => 1:18 /applications: there are no zones; add the default zone and one with "routing"
            {"applications": []}                    => 1:18 /applications: "applications" must be an object, but is an array; write { } with the name of each zone as a key
            {"applications": {"web": true}}         => 1:26 /applications/web: "web" must be an object, but is true; write { } with the zone's "routing" in it
            {"applications": {"a": {"routing": []}}} => 1:18 /applications: no zone is the default one, as all have "routing"; add the zone that answers everything else, without "routing"
            {"applications": {"a": {}, "b": {}}}    => 1:28 /applications/b: the zones "a" (1:19), "b" (1:28) have no "routing", but only one zone can be the default; add "routing" to all of them but one
            {"applications": {"": {}}}              => 1:19 /applications/: a zone has an empty name; give it a name
            {"applications": {"web": {}}, "version": "2"} => 1:42 /version: "version" is "2", which is not known; write "version": "1", or leave it out
            {"applications": {"web": {}}, "$schema": null} => 1:42 /$schema: "$schema" must be a string, but is null; put it in double quotes
            {"applications": {"web": {}}, "//": "x"} => 1:31 /~1~1: the key "//" is not known; remove it; a comment is written // outside of quotes
            {"applications": {"web": {}}, "options": {"disableOverrides": "no"}} => 1:63 /options/disableOverrides: "disableOverrides" must be true or false, but is a string; write true or false without quotes
            {"applications": {"web": {}}, "options": {"localProxyPort": "1"}} => 1:61 /options/localProxyPort: "localProxyPort" must be a number, but is a string; write a port without quotes, such as 3024
            {"applications": {"web": {"packageName": "x"}}} => 1:19 /applications/web: zone "web" has neither "routing" nor "development"; add "routing" with its paths; or, if it is the default zone, "development": {"fallback": "<host>"}
            {"applications": {"a~b": {"assetPrefix": "p"}}} => 1:19 /applications/a~0b: zone "a~b" has neither "routing" nor "development"; add "routing" with its paths; or, if it is the default zone, "development": {"fallback": "<host>"} | 1:27 /applications/a~0b/assetPrefix: "assetPrefix" belongs to zones with "routing" only; remove it, or add "routing"
            """)
    void aFileIsRefusedWithItsReason(String text, String expected) {
        assertThat(problems(text)).containsExactly(expected.split(" \\| "));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '^', textBlock = """
            {"routing": {}}                          => 2:21 /applications/docs/routing: "routing" must be an array, but is an object; write [{"paths": ["/docs/:path*"]}]
            {"routing": ["/docs"]}                   => 2:22 /applications/docs/routing/0: a path group must be an object, but is a string; write {"paths": ["/docs/:path*"]}
            {"routing": [{}]}                        => 2:22 /applications/docs/routing/0: "paths" is missing; add "paths": ["/docs/:path*"]
            {"routing": [{"paths": "/docs"}]}        => 2:32 /applications/docs/routing/0/paths: "paths" must be an array, but is a string; write ["/docs/:path*"]
            {"routing": [{"paths": [], "flag": true}]} => 2:44 /applications/docs/routing/0/flag: "flag" must be a string, but is true; write the name of one flag in double quotes
            {"routing": [], "projectId": "x"}        => 2:25 /applications/docs/projectId: the key "projectId" is not known; remove it; the known keys are "packageName", "development", "routing", "assetPrefix"
            {"routes": []}                           => 2:10 /applications/docs/routes: the key "routes" is not known; did you mean "routing"?
            {"routing": [], "development": []}       => 2:40 /applications/docs/development: "development" must be an object, but is an array; write {"fallback": "<host>"}
            {"routing": [], "development": {"local": true}} => 2:50 /applications/docs/development/local: "local" must be a number or a string, but is true; write a port, such as 3001, or a host, such as "localhost:3001"
            {"routing": [], "development": {"local": ""}} => 2:50 /applications/docs/development/local: there is no host; write a port, such as 3001, or a host, such as "localhost:3001"
            {"routing": [], "development": {"fallback": "https://a.example/x"}} => 2:53 /applications/docs/development/fallback: "https://a.example/x" has a path; write https://a.example
            {"routing": [], "development": {"port": 1}} => 2:41 /applications/docs/development/port: the key "port" is not known; remove it; the known keys are "local", "task", "fallback"
            {"routing": [], "assetPrefix": "docs-a"} => 2:40 /applications/docs/assetPrefix: the path "/docs-a/:path*" of the asset prefix is not routed; add it to the "paths" of a path group without "flag", and deploy that before the asset prefix
            {"routing": [{"flag": "f", "paths": ["/p/:path*"]}], "assetPrefix": "p"} => 2:77 /applications/docs/assetPrefix: the path "/p/:path*" of the asset prefix has a flag; move it to a path group without "flag"
            {"routing": [{"paths": ["/a", "/a"]}]}   => 2:39 /applications/docs/routing/0/paths/1: "/a" is already listed at 2:33; remove one of them
            """)
    void aZoneIsRefusedWithItsReason(String zone, String expected) {
        assertThat(problemsOfZone(zone)).containsExactly(expected);
    }

    @Test
    void aPasswordIsNotRepeated() {
        assertThat(problemsOfZone(
                        "{\"routing\": [], \"development\": {\"fallback\": \"https://u:secret@a.example/x\"}}"))
                .containsExactly("2:53 /applications/docs/development/fallback: there is a user name or a password;"
                        + " remove it; a host is no place for secrets");
    }

    @Test
    void repeatedKeysAreRefusedAndBothValuesAreChecked() {
        assertThat(problems("""
                {"applications": {
                  "docs": {"routing": [{"paths": ["a"], "paths": ["b"]}]},
                  "docs": {"routing": [{"paths": ["c"]}]},
                  "web": {}
                }}"""))
                .containsExactly(
                        "2:35 /applications/docs/routing/0/paths/0: \"a\" does not start with a slash; write \"/a\"",
                        "2:41 /applications/docs/routing/0/paths: the key \"paths\" stands at 2:25 already;"
                                + " merge the two, or remove one",
                        "2:51 /applications/docs/routing/0/paths/0: \"b\" does not start with a slash; write \"/b\"",
                        "3:3 /applications/docs: the key \"docs\" stands at 2:3 already; merge the two, or remove one",
                        "3:35 /applications/docs/routing/0/paths/0: \"c\" does not start with a slash; write \"/c\"");
    }

    @Test
    void textFromOutsideCannotForgeLinesOfTheMessage() {
        assertThat(refused("{\"a\\nmicrofrontends.json:9:9 \\u202e\": 1, \"applications\": {\"web\": {}}}"))
                .hasMessage("microfrontends.json has 1 problem:\n"
                        + "microfrontends.json:1:2 /a\\u000amicrofrontends.json:9:9 \\u202e: the key"
                        + " \"a\\u000amicrofrontends.json:9:9 \\u202e\" is not known; remove it; the known keys are"
                        + " \"$schema\", \"version\", \"applications\", \"options\"");
    }

    @Test
    void manyProblemsMakeNoEndlessMessage() {
        StringBuilder text = new StringBuilder("{\"applications\": {\"web\": {}}");
        for (int i = 0; i < 5000; i++) {
            text.append(", \"unknown").append(i).append("\": ").append(i);
        }
        InvalidConfigException refused = refused(text.append('}').toString());
        assertThat(refused.problems()).hasSize(1000);
        assertThat(refused.getMessage().lines()).hasSize(102).last().isEqualTo("… and 900 more");
    }
}
