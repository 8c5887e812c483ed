package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.flags.FeatureFlag;
import dev.mfe.flags.FlagRequest;
import dev.mfe.flags.FlagValues;
import dev.mfe.spring.test.StubZone;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A method of a controller takes the flags of its request. */
@SpringBootTest(classes = FlagValuesParameterTest.App.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class FlagValuesParameterTest {

    private static final StubZone docs = StubZone.start("docs");

    @LocalServerPort
    private int port;

    @Autowired
    private Pages pages;

    @DynamicPropertySource
    static void zones(DynamicPropertyRegistry properties) {
        properties.add("mfe.zones.docs.url", docs::url);
    }

    @AfterAll
    static void stop() {
        docs.close();
    }

    @Test
    void thePageSeesTheValueThatDecidedItsRoute() throws Exception {
        int before = pages.asked.get();
        assertThat(Http.get(port, "/search").body()).isEqualTo("local search, new-search is false");
        assertThat(pages.asked).hasValue(before + 1);
        assertThat(Http.get(port, "/search", "Group: beta").body()).doesNotContain("local search");
    }

    @Test
    void aPageThatNoFlagDecidedAsksForOne() throws Exception {
        assertThat(Http.get(port, "/about/us").body()).isEqualTo("about us, new-search is false");
        assertThat(Http.get(port, "/about/us", "Group: beta").body()).isEqualTo("about us, new-search is true");
    }

    @WithoutSecurity
    @Import(Pages.class)
    static class App {}

    @RestController
    static class Pages {

        private final AtomicInteger asked = new AtomicInteger();

        @FeatureFlag("new-search")
        boolean newSearch(FlagRequest request) {
            asked.incrementAndGet();
            return "beta".equals(request.header("Group"));
        }

        @GetMapping("/search")
        String search(FlagValues flags) {
            return "local search, new-search is " + flags.isEnabled("new-search");
        }

        @GetMapping("/about/{whom}")
        String about(@PathVariable("whom") String whom, FlagValues flags) {
            return "about " + whom + ", new-search is " + flags.isEnabled("new-search");
        }
    }
}
