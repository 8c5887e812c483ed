package dev.mfe.quarkus.it;

import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;

/** Has OpenFeature answer a flag by what it is told of the request. */
@ApplicationScoped
public class OpenFeatureSetup {

    void start(@Observes StartupEvent event) {
        Flag<Boolean> beta = Flag.<Boolean>builder()
                .variant("on", true)
                .variant("off", false)
                .defaultVariant("off")
                .contextEvaluator((flag, context) ->
                        "beta".equals(context.getValue("query").asString()))
                .build();
        OpenFeatureAPI.getInstance().setProviderAndWait(new InMemoryProvider(Map.of("by-open-feature", beta)));
    }
}
