/**
 * Feature flags as the router sees them: named booleans, answered now or later.
 *
 * <p>Imports the JDK, and a JSON tokenizer that stays inside the types named {@code *Json*}.
 */
@NullMarked
package dev.mfe.flags;

import org.jspecify.annotations.NullMarked;
