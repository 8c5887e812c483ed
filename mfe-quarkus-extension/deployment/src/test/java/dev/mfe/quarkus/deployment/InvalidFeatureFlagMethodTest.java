package dev.mfe.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.mfe.flags.FeatureFlag;
import io.quarkus.test.QuarkusUnitTest;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Methods that cannot answer flags are all named when the app is built, each with what to do. */
class InvalidFeatureFlagMethodTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = Apps.with(Apps.FLAGGED, Rollouts.class)
            .assertException(failure -> assertThat(failure)
                    .hasStackTraceContaining(
                            "Rollouts.text returns java.lang.String; let it return boolean, Uni<Boolean> or"
                                    + " CompletionStage<Boolean>")
                    .hasStackTraceContaining("Rollouts.uniOfText returns")
                    .hasStackTraceContaining(
                            "Rollouts.nameless names no flag; write @FeatureFlag(\"name-of-the-flag\")")
                    .hasStackTraceContaining("Rollouts.blank names a flag without a name")
                    .hasStackTraceContaining("Rollouts.hidden is private; make it package-private")
                    .hasStackTraceContaining("Rollouts.number has a parameter of type int; it may have a FlagRequest")
                    .hasStackTraceContaining("boolean newDocs(FlagRequest request) {"));

    @ApplicationScoped
    static class Rollouts {

        @FeatureFlag("text")
        String text() {
            return "yes";
        }

        @FeatureFlag("uni-of-text")
        Uni<String> uniOfText() {
            return Uni.createFrom().item("yes");
        }

        @FeatureFlag({})
        boolean nameless() {
            return true;
        }

        @FeatureFlag(" ")
        boolean blank() {
            return true;
        }

        @FeatureFlag("hidden")
        @SuppressWarnings("UnusedMethod")
        private boolean hidden() {
            return true;
        }

        @FeatureFlag("number")
        boolean number(int number) {
            return number > 0;
        }
    }

    @Test
    void theAppIsNotBuilt() {
        fail("It was");
    }
}
