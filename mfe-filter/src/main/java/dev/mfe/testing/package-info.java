/**
 * Assertions with which users check their own {@code microfrontends.json}; they need no test framework.
 *
 * <p>Imports the JDK, {@code dev.mfe.config}, {@code dev.mfe.routing} and {@code dev.mfe.flags}.
 */
@NullMarked
package dev.mfe.testing;

import org.jspecify.annotations.NullMarked;
