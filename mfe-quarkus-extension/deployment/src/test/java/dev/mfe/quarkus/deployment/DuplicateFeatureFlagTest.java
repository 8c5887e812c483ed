package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.mfe.flags.FeatureFlag;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.enterprise.context.ApplicationScoped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Only one method may answer a flag. */
class DuplicateFeatureFlagTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = Apps.with(Apps.FLAGGED, Rollouts.class, OtherRollouts.class)
            .assertException(failure -> assertThat(failure)
                    .hasStackTraceContaining("DeploymentException: \"new-docs\" is answered by ")
                    .hasStackTraceContaining("DuplicateFeatureFlagTest$Rollouts.newDocs")
                    .hasStackTraceContaining("DuplicateFeatureFlagTest$OtherRollouts.docs")
                    .hasStackTraceContaining("; keep one"));

    @ApplicationScoped
    static class Rollouts {

        @FeatureFlag("new-docs")
        boolean newDocs() {
            return true;
        }
    }

    @ApplicationScoped
    static class OtherRollouts {

        @FeatureFlag({"docs", "new-docs"})
        boolean docs() {
            return true;
        }
    }

    @Test
    void theAppIsNotBuilt() {
        fail("It was");
    }
}
