package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.spring.test.StubZone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class QuickStartTest {

    private static final StubZone docs = StubZone.start("docs");

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void zones(DynamicPropertyRegistry properties) {
        properties.add("mfe.zones.docs.url", docs::url);
    }

    @AfterAll
    static void stop() {
        docs.close();
    }

    @Test
    void aPathOfAZoneIsProxied() throws Exception {
        assertThat(Http.get(port, "/docs/intro?a=1").body()).isEqualTo("docs GET /docs/intro?a=1");
    }

    @Test
    void otherPathsAreAnsweredLocally() throws Exception {
        assertThat(Http.get(port, "/").body()).isEqualTo("home");
    }

    @Test
    void aMethodOfABeanDecidesAFlaggedPath() throws Exception {
        assertThat(Http.get(port, "/search").body()).isEqualTo("local search");
        assertThat(Http.get(port, "/search", "X-Beta: yes").body()).isEqualTo("docs GET /search");
    }

    @RestController
    static class Pages {

        @GetMapping("/")
        String home() {
            return "home";
        }

        @GetMapping("/search")
        String search() {
            return "local search";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @WithoutSecurity
    @Import({Rollouts.class, Pages.class})
    static class App {}
}
