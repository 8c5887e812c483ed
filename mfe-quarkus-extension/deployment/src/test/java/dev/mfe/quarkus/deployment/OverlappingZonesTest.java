package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.quarkus.runtime.BuiltSite;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With {@code quarkus.mfe.config.overlaps=warn} the first zone answers a path that two of them claim. */
class OverlappingZonesTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = Apps.with("""
                    {
                      "applications": {
                        "web": {},
                        "docs": { "routing": [ { "paths": ["/docs/:page/edit"] } ] },
                        "blog": { "routing": [ { "paths": ["/docs/blog/:page"] } ] }
                      }
                    }
                    """)
            .overrideConfigKey("quarkus.mfe.config.overlaps", "warn")
            .overrideConfigKey("quarkus.mfe.zones.blog.url", "http://localhost:2")
            .setLogRecordPredicate(record -> record.getLoggerName().startsWith("dev.mfe.quarkus.deployment"))
            .assertLogRecords(records -> assertThat(records)
                    .singleElement()
                    .satisfies(record -> assertThat(record.getMessage()).isNotEmpty()));

    @Inject
    BuiltSite built;

    @Test
    void theAppIsBuiltWithAWarning() {
        assertThat(built).isNotNull();
    }
}
