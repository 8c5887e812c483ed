package dev.mfe.quarkus.deployment;

import dev.mfe.flags.FlagProvider;
import io.quarkus.builder.item.SimpleBuildItem;
import io.quarkus.runtime.RuntimeValue;
import java.util.List;

/** The methods that answer flags, as the app will have them. */
final class RecordedFlagsBuildItem extends SimpleBuildItem {

    private final List<RuntimeValue<FlagProvider>> methods;
    private final List<String> names;

    RecordedFlagsBuildItem(List<RuntimeValue<FlagProvider>> methods, List<String> names) {
        this.methods = List.copyOf(methods);
        this.names = List.copyOf(names);
    }

    List<RuntimeValue<FlagProvider>> methods() {
        return methods;
    }

    /** The flags that they answer. */
    List<String> names() {
        return names;
    }
}
