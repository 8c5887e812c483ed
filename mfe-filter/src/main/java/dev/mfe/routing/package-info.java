/**
 * Which zone answers a request, and why: pure decisions without I/O, clock or framework.
 *
 * <p>Imports the JDK, {@code dev.mfe.config}, {@code dev.mfe.path} and {@code dev.mfe.flags}.
 */
@NullMarked
package dev.mfe.routing;

import org.jspecify.annotations.NullMarked;
