package dev.mfe.quarkus.deployment;

import dev.mfe.quarkus.runtime.MicrofrontendsFixedConfig;
import java.util.function.BooleanSupplier;

/** Whether the app wants the extension to do anything. */
final class MicrofrontendsEnabled implements BooleanSupplier {

    private final MicrofrontendsFixedConfig properties;

    MicrofrontendsEnabled(MicrofrontendsFixedConfig properties) {
        this.properties = properties;
    }

    @Override
    public boolean getAsBoolean() {
        return properties.enabled();
    }
}
