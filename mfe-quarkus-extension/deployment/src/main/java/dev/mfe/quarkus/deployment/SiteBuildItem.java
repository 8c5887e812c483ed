package dev.mfe.quarkus.deployment;

import dev.mfe.config.MicrofrontendsConfig;
import io.quarkus.builder.item.SimpleBuildItem;

/** The routing file, which is valid. */
final class SiteBuildItem extends SimpleBuildItem {

    private final MicrofrontendsConfig config;

    SiteBuildItem(MicrofrontendsConfig config) {
        this.config = config;
    }

    MicrofrontendsConfig config() {
        return config;
    }
}
