package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A flag of the routing file that nobody answers fails the build with the code to add. */
class MissingFeatureFlagTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = Apps.with(Apps.FLAGGED)
            .assertException(failure -> assertThat(failure)
                    .hasStackTraceContaining(
                            "DeploymentException: The routing file names a feature flag that nothing answers:\n  \"new-docs\"")
                    .hasStackTraceContaining("    @ApplicationScoped\n    class Rollouts {\n")
                    .hasStackTraceContaining(
                            "        @FeatureFlag(\"new-docs\")\n        boolean newDocs(FlagRequest request) {")
                    .hasStackTraceContaining("\n    quarkus.mfe.flags.new-docs=false"));

    @Test
    void theAppIsNotBuilt() {
        fail("It was");
    }
}
