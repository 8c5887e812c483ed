/**
 * What {@code microfrontends.json} says, as immutable values that are valid by construction.
 *
 * <p>Imports the JDK, {@code dev.mfe.path}, and a JSON tokenizer that stays inside the types named {@code *Json*}.
 */
@NullMarked
package dev.mfe.config;

import org.jspecify.annotations.NullMarked;
