/**
 * Path expressions such as {@code /docs/:path*}: what they mean, which of them matches a path, and whether two of them
 * overlap. The meaning is that of path-to-regexp 6.3.0 for the expressions that {@code microfrontends.json} allows; the
 * matcher is a deterministic automaton, so no path makes it slow. Imports the JDK only.
 */
@NullMarked
package dev.mfe.path;

import org.jspecify.annotations.NullMarked;
