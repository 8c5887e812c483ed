package dev.mfe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mfe.Spec;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Spec("design §2")
class ConfigLocatorTest {
    @TempDir
    private Path classes;

    @TempDir
    private Path work;

    private final Map<String, String> environment = new HashMap<>();
    private URLClassLoader loader;

    @BeforeEach
    void openClassPath() throws IOException {
        loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, null);
    }

    @AfterEach
    void closeClassPath() throws IOException {
        loader.close();
    }

    private ConfigLocator locator() {
        return new ConfigLocator(loader, environment::get, work);
    }

    private static Path write(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "{\"applications\": {\"" + name + "\": {}}}");
    }

    /** The name of the only zone tells which file was read. */
    private static String zoneIn(ConfigSource source) {
        return MicrofrontendsConfig.load(source, OverlapPolicy.ERROR)
                .defaultZone()
                .name();
    }

    @Test
    void theClassPathGoesBeforeTheWorkingDirectoryAndJsonBeforeJsonc() throws IOException {
        write(work, "microfrontends.jsonc");
        assertThat(locator().locate().name())
                .isEqualTo(work.resolve("microfrontends.jsonc").toString());
        write(work, "microfrontends.json");
        assertThat(locator().locate().name())
                .isEqualTo(work.resolve("microfrontends.json").toString());
        write(classes, "microfrontends.jsonc");
        assertThat(locator().locate().name()).isEqualTo("classpath:microfrontends.jsonc");
        write(classes, "microfrontends.json");
        assertThat(locator().locate().name()).isEqualTo("classpath:microfrontends.json");
        assertThat(zoneIn(locator().locate())).isEqualTo("microfrontends.json");
    }

    @Test
    void aFileNameFromTheEnvironmentGoesFirst() throws IOException {
        write(classes, "microfrontends.json");
        environment.put("VC_MICROFRONTENDS_CONFIG_FILE_NAME", "config/mfe-dev.jsonc");
        assertThat(locator().locate().name()).isEqualTo("classpath:microfrontends.json");
        write(work, "config/mfe-dev.jsonc");
        assertThat(locator().locate().name())
                .isEqualTo(work.resolve("config/mfe-dev.jsonc").toString());
        write(classes, "config/mfe-dev.jsonc");
        assertThat(locator().locate().name()).isEqualTo("classpath:config/mfe-dev.jsonc");
    }

    @Test
    void aFileNameFromTheEnvironmentMustBeThatOfAJsonFile() {
        environment.put("VC_MICROFRONTENDS_CONFIG_FILE_NAME", "mfe.yaml");
        assertThatThrownBy(() -> locator().locate())
                .isInstanceOf(ConfigUnavailableException.class)
                .hasMessage("Cannot read the routing file \"mfe.yaml\": the environment variable"
                        + " VC_MICROFRONTENDS_CONFIG_FILE_NAME names no JSON file; end the name with .json or .jsonc");
    }

    @Test
    void aPathFromTheEnvironmentGoesBeforeAllThatIsSearched() throws IOException {
        write(classes, "microfrontends.json");
        write(work, "config/site.json");
        environment.put("VC_MICROFRONTENDS_CONFIG", "config/site.json");
        assertThat(zoneIn(locator().locate())).isEqualTo("config/site.json");
    }

    @Test
    void aPathFromTheEnvironmentMustExist() throws IOException {
        write(classes, "microfrontends.json");
        environment.put("VC_MICROFRONTENDS_CONFIG", "site.json");
        assertThatThrownBy(() -> locator().locate())
                .isInstanceOf(ConfigUnavailableException.class)
                .hasMessage("Cannot read the routing file site.json (environment variable VC_MICROFRONTENDS_CONFIG):"
                        + " there is no file " + work.resolve("site.json") + "; check the path;"
                        + " relative ones start at the working directory");
    }

    @Test
    void emptyVariablesCountAsUnset() throws IOException {
        write(work, "microfrontends.json");
        environment.put("VC_MICROFRONTENDS_CONFIG", "");
        environment.put("VC_MICROFRONTENDS_CONFIG_FILE_NAME", "");
        assertThat(zoneIn(locator().locate())).isEqualTo("microfrontends.json");
    }

    @Test
    void whereNothingIsFoundEveryPlaceIsNamed() {
        environment.put("VC_MICROFRONTENDS_CONFIG_FILE_NAME", "site.json");
        ConfigUnavailableException nothing = catchThrowableOfType(
                ConfigUnavailableException.class, () -> locator().locate());
        assertThat(nothing)
                .hasMessage("There is no microfrontends.json. Looked at:\n"
                        + "  classpath:site.json\n  " + work.resolve("site.json") + "\n"
                        + "  classpath:microfrontends.json\n  classpath:microfrontends.jsonc\n"
                        + "  " + work.resolve("microfrontends.json") + "\n  " + work.resolve("microfrontends.jsonc")
                        + "\n"
                        + "Put the file at one of these places, or say where it is with mfe.config.location"
                        + " (classpath:…, file:… or https://…).");
        assertThat(nothing.places()).hasSize(6);
    }

    @Test
    void aConfiguredLocationIsTheOnlyPlace() throws IOException {
        write(classes, "microfrontends.json");
        write(classes, "config/a.json");
        Path spaced = write(work, "my config/b.json");
        write(work, "c.json");
        environment.put("VC_MICROFRONTENDS_CONFIG", "c.json");

        assertThat(zoneIn(locator().locate("classpath:config/a.json"))).isEqualTo("config/a.json");
        assertThat(zoneIn(locator().locate("classpath:/config/a.json"))).isEqualTo("config/a.json");
        assertThat(zoneIn(locator().locate("file:my config/b.json"))).isEqualTo("my config/b.json");
        assertThat(zoneIn(locator().locate(spaced.toUri().toString()))).isEqualTo("my config/b.json");
        assertThat(zoneIn(locator().locate("file:" + spaced))).isEqualTo("my config/b.json");
        assertThat(zoneIn(locator().locate("c.json"))).isEqualTo("c.json");
        assertThat(zoneIn(locator().locate(spaced.toString()))).isEqualTo("my config/b.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classpath:none.json", "classpath:", "file:none.json", "file:///none.json", "none.json"})
    void aConfiguredLocationMustExist(String location) {
        assertThatThrownBy(() -> locator().locate(location))
                .isInstanceOf(ConfigUnavailableException.class)
                .hasMessageStartingWith("Cannot read the routing file " + location + ": there is no ");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
            ftp://a.example/m.json          => Cannot read the routing file "ftp://a.example/m.json": this is no supported location; use classpath:…, file:…, http://… or https://…
            https://u:secret@a.example/m    => Cannot read the routing file https://a.example/m: credentials in the address are not supported; write it like https://config.example.com/microfrontends.json
            https:///m.json                 => Cannot read the routing file https:///m.json: not an http or https address with a host; write it like https://config.example.com/microfrontends.json
            https://a.example/m n?k=secret  => Cannot read the routing file https://a.example/m n: the address is malformed: Illegal character in path; write it like https://config.example.com/microfrontends.json
            """)
    void aLocationThatCannotBeIsRefusedWithoutItsSecrets(String location, String message) {
        assertThatThrownBy(() -> locator().locate(location))
                .isInstanceOf(ConfigUnavailableException.class)
                .hasMessage(message);
    }

    @Test
    void aWebServerIsNotAskedBeforeItIsRead() {
        ConfigSource source = locator().locate("HTTPS://config.invalid:1/m.json?signature=secret#x");
        assertThat(source)
                .isEqualTo(new ConfigSource.Http(URI.create("HTTPS://config.invalid:1/m.json?signature=secret#x")));
        assertThat(source.name()).isEqualTo("HTTPS://config.invalid:1/m.json");
    }
}
