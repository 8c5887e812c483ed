/**
 * Feature flags as the router sees them: named booleans, answered now or later.
 *
 * <p>Imports the JDK only.
 */
@NullMarked
package dev.mfe.flags;

import org.jspecify.annotations.NullMarked;
