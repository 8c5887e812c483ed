package dev.mfe.conformance;

import dev.mfe.config.ClientConfig;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.conformance.Conformance.Case;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the browser is told, byte for byte as {@code @vercel/microfrontends} tells it. */
class ClientConfigConformanceTest {
    @Test
    void clientConfigIsWrittenAsByThePackage() {
        Tally tally = new Tally("client-config.json");
        for (Case testCase : Conformance.cases("client-config")) {
            MicrofrontendsConfig config =
                    MicrofrontendsConfig.parse("case", Conformance.json(testCase.get("config")), OverlapPolicy.WARN);
            String allOff = ClientConfig.json(config, flag -> false);
            Object buildTime = ((Map<?, ?>) Objects.requireNonNull(Conformance.read(allOff))).get("config");
            Map<?, ?> flags = (Map<?, ?>) testCase.get("flags");
            String resolved = ClientConfig.json(config, flag -> isTruthy(flags.get(flag)));
            if (!Objects.equals(buildTime, testCase.get("buildTimeClientConfig"))) {
                tally.disagreed(testCase, "all flags off: " + allOff);
            } else if (testCase.has("bodyText") && !resolved.equals(testCase.text("bodyText"))) {
                tally.disagreed(testCase, "ours: " + resolved);
            } else {
                // Where there is no body, the case is about the endpoint around it
                tally.agreed();
            }
        }
        tally.finish();
    }

    /** ECMA-262 ToBoolean, for what JSON can hold. */
    private static boolean isTruthy(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        return value instanceof Boolean on ? on : value != null && !value.equals("");
    }
}
