package dev.mfe.spring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.testing.MicrofrontendsAssertions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"mfe.flags.new-search=true", "mfe.filter.order=before-security"})
@MicrofrontendsTest
class MicrofrontendsTestTest {

    @Autowired
    private StubZones zones;

    @Autowired
    private MicrofrontendsConfig config;

    @LocalServerPort
    private int port;

    @Test
    void everyZoneOfTheFileHasAStub() throws Exception {
        zones.reset();
        zones.zone("docs").answer("/docs/intro", 203, "text/plain", "made up");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/docs/intro"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(203);
        assertThat(answer.body()).isEqualTo("made up");
        assertThat(zones.zone("docs").takeRequest().header("X-Forwarded-Host")).isEqualTo("localhost:" + port);
        assertThatThrownBy(() -> zones.zone("web")).hasMessageContaining("only of [docs]");
    }

    @Test
    void theFileOfTheAppCanBeAskedWithoutRequests() {
        MicrofrontendsAssertions.validateRouting(
                config, Map.of("docs", List.of("/docs", "/search"), "web", List.of("/")), "new-search");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {}
}
