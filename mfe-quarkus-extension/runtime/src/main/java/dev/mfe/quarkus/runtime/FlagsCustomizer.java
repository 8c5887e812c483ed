package dev.mfe.quarkus.runtime;

import dev.mfe.flags.Flags;
import java.util.function.Consumer;

/** What else belongs to the flags that the extension makes. */
@FunctionalInterface
interface FlagsCustomizer extends Consumer<Flags.Builder> {}
