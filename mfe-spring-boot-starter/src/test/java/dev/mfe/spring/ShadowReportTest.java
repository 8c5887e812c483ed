package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What zones take over, and what keeps visitors from them. */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(
        classes = LocalApp.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "mfe.zones.docs.url=http://localhost:9",
            "mfe.zones.secret.url=http://localhost:9",
            "mfe.config.location=classpath:shadows.json",
            "logging.level.dev.mfe=info",
            // A context of its own, so that the report is logged while this test looks.
            "mfe.drain-timeout=1s"
        })
class ShadowReportTest {

    @Autowired
    private ShadowReport report;

    @Test
    void handlersAndRulesAreFoundWithAPathThatShowsThem() {
        assertThat(report.get())
                .contains(new ShadowReport.Shadow(
                        "handler", "Pages.search (/search)", "/search", "docs", "/search", "new-search"))
                .anySatisfy(shadow -> {
                    assertThat(shadow.kind()).isEqualTo("security");
                    assertThat(shadow.zone()).isEqualTo("secret");
                    assertThat(shadow.path()).startsWith("/private");
                })
                .noneSatisfy(shadow -> assertThat(shadow.what()).contains("Pages.home"))
                .noneSatisfy(shadow -> {
                    assertThat(shadow.kind()).isEqualTo("security");
                    assertThat(shadow.zone()).isEqualTo("docs");
                });
    }

    @Test
    void theReportIsLoggedAtTheStart(CapturedOutput output) {
        assertThat(output.getAll())
                .contains("Zones and this app claim the same paths:")
                .contains(
                        "/search: zone \"docs\" (/search) answers when flag \"new-search\" is on instead of Pages.search");
    }
}
