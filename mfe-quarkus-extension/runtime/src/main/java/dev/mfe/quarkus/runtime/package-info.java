/**
 * The extension while a Quarkus app runs. May change at any time; an app uses {@code quarkus.mfe.*} and the types of
 * the core.
 *
 * <p>Imports Quarkus, Vert.x and the core, never {@code dev.mfe.servlet}.
 */
@NullMarked
package dev.mfe.quarkus.runtime;

import org.jspecify.annotations.NullMarked;
