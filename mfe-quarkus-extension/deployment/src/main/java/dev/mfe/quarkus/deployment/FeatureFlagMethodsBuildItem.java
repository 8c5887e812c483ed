package dev.mfe.quarkus.deployment;

import io.quarkus.builder.item.SimpleBuildItem;
import java.util.List;

/** The methods of beans that answer flags, each of which has what it takes. */
final class FeatureFlagMethodsBuildItem extends SimpleBuildItem {

    private final List<FeatureFlagMethodInfo> methods;

    FeatureFlagMethodsBuildItem(List<FeatureFlagMethodInfo> methods) {
        this.methods = List.copyOf(methods);
    }

    List<FeatureFlagMethodInfo> methods() {
        return methods;
    }
}
