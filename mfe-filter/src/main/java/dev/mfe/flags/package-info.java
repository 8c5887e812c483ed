/**
 * Feature flags: who answers them, within which time, and what counts when nobody does. {@link dev.mfe.flags.Flags} is
 * where to start, {@link dev.mfe.flags.FlagProvider} is where other flag systems plug in.
 *
 * <p>Imports the JDK, and a JSON tokenizer that stays inside the types named {@code *Json*}.
 */
@NullMarked
package dev.mfe.flags;

import org.jspecify.annotations.NullMarked;
