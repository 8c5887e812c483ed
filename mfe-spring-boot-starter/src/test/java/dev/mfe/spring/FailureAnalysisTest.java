package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.flags.FeatureFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What an app says that does not start. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTest {

    private static final String NO_FLAGS = """
            { "applications": { "web": {}, "docs": { "routing": [ { "paths": ["/docs"] } ] } } }""";

    @TempDir
    private Path folder;

    @Test
    void aZoneWithoutUrlNamesThePropertyToSet(CapturedOutput output) throws Exception {
        fails(output, App.class, "mfe.config.location=" + file(NO_FLAGS));
        assertThat(output).contains("zone \"docs\" has no origin", "    mfe.zones.docs.url=${DOCS_URL}");
    }

    @Test
    void aPlaceholderWithoutValueIsNamed(CapturedOutput output) throws Exception {
        fails(output, App.class, "mfe.config.location=" + file(NO_FLAGS), "mfe.zones.docs.url=${NOT_SET_ANYWHERE}");
        assertThat(output).contains("mfe.zones.docs.url: ${NOT_SET_ANYWHERE} has no value");
    }

    @Test
    void aMissingFlagShowsTheCodeToAdd(CapturedOutput output) {
        fails(output, App.class, "mfe.zones.docs.url=http://localhost:1");
        assertThat(output)
                .contains(
                        "names a feature flag that nothing answers:\n  \"new-search\"",
                        """
                            @Component
                            class Rollouts {

                                @FeatureFlag("new-search")
                                boolean newSearch(FlagRequest request) {
                                    return false;
                                }
                            }
                        """,
                        "mfe.flags.new-search=false");
    }

    @Test
    void twoAnswersToOneFlagAreNamed(CapturedOutput output) {
        fails(output, Twice.class, "mfe.zones.docs.url=http://localhost:1");
        assertThat(output)
                .contains("\"new-search\" has 2 providers", "Twice.one of bean", "Twice.other of bean")
                .contains("Let one method with @FeatureFlag or one FlagProvider answer each flag");
    }

    @Test
    void twoAnswersAreNamedAlsoForAFlagThatTheFileDoesNotName(CapturedOutput output) throws Exception {
        fails(output, Twice.class, "mfe.config.location=" + file(NO_FLAGS), "mfe.zones.docs.url=http://localhost:1");
        assertThat(output).contains("\"new-search\" has 2 providers");
    }

    @Test
    void anInvalidRoutingFileIsShownWithEveryProblem(CapturedOutput output) throws Exception {
        String broken = """
                { "applications": { "web": {}, "docs": { "routing": [ { "path": ["/docs"], "paths": ["/a:b:c"] } ] } } }""";
        fails(output, App.class, "mfe.config.location=" + file(broken));
        assertThat(output).contains("has 2 problems:", "did you mean \"paths\"?", "Correct the routing file");
    }

    @Test
    void aRoutingFileThatIsNotThereSaysWhereItBelongs(CapturedOutput output) {
        fails(output, App.class, "mfe.config.location=classpath:nowhere.json");
        assertThat(output).contains("classpath:nowhere.json", "Put microfrontends.json into src/main/resources");
    }

    @Test
    void aBadValueIsShownWithThePlaceThatSetsIt(CapturedOutput output) throws Exception {
        fails(
                output,
                App.class,
                "mfe.config.location=" + file(NO_FLAGS),
                "mfe.zones.docs.url=ftp://docs.internal",
                "mfe.zones.dosc.url=http://docs",
                "mfe.exclude=health");
        assertThat(output)
                .contains("Some properties cannot be used:", "mfe.zones.docs.url: ", "mfe.exclude: \"health\"")
                .contains("the routing file has no zone \"dosc\"; its zones are docs, web")
                .contains("(set in \"mfe.exclude\" from property source \"commandLineArgs\")");
    }

    @Test
    void aPropertyThatDoesNotExistIsNamed(CapturedOutput output) {
        fails(output, App.class, "mfe.zonez.docs.url=http://docs");
        assertThat(output).contains("mfe.zonez.docs.url");
    }

    @Test
    void aMethodThatCannotAnswerFlagsSaysHowToWriteIt(CapturedOutput output) {
        fails(output, Wrong.class, "mfe.zones.docs.url=http://localhost:1");
        assertThat(output)
                .contains("Wrong.text returns java.lang.String; let it return boolean")
                .contains("Wrong.hidden is private")
                .contains("Wrong.late has a parameter of type int")
                .contains("@FeatureFlag(\"new-docs\")");
    }

    @Test
    void aReactiveAppIsToldToUseServlets(CapturedOutput output) {
        assertThatThrownBy(() -> new SpringApplicationBuilder(MicrofrontendsReactiveAutoConfiguration.class)
                        .bannerMode(Banner.Mode.OFF)
                        .web(WebApplicationType.REACTIVE)
                        .contextFactory(type ->
                                new org.springframework.boot.web.context.reactive
                                        .GenericReactiveWebApplicationContext())
                        .run())
                .isInstanceOf(ReactiveAppException.class);
        assertThat(output).contains("a reactive web app", "Use spring-boot-starter-webmvc");
    }

    private String file(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("site.json"), text);
        return "file:" + file;
    }

    private static void fails(CapturedOutput output, Class<?> app, String... properties) {
        List<String> arguments = new ArrayList<>(List.of("--server.port=0"));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        assertThatThrownBy(() -> new SpringApplicationBuilder(app)
                        .bannerMode(Banner.Mode.OFF)
                        .run(arguments.toArray(String[]::new)))
                .isNotNull();
        assertThat(output).contains("APPLICATION FAILED TO START");
    }

    @WithoutSecurity
    static class App {}

    @WithoutSecurity
    static class Twice {

        @FeatureFlag("new-search")
        boolean one() {
            return true;
        }

        @FeatureFlag("new-search")
        boolean other() {
            return true;
        }
    }

    @WithoutSecurity
    @SuppressWarnings("UnusedMethod") // called by nobody, as it should be
    static class Wrong {

        @FeatureFlag("new-search")
        String text() {
            return "true";
        }

        @FeatureFlag("new-search")
        private boolean hidden() {
            return true;
        }

        @FeatureFlag("new-search")
        boolean late(int count) {
            return count > 0;
        }
    }
}
