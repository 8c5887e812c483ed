package dev.mfe.spring;

import dev.mfe.flags.Flags;
import java.util.function.Consumer;

/** What else belongs to the flags that the starter makes. */
@FunctionalInterface
interface FlagsCustomizer extends Consumer<Flags.Builder> {}
