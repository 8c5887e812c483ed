/**
 * What HTTP asks of a gateway, and the connections to the zones. Internal: may change in any release.
 *
 * <p>Imports the JDK only, and value types of {@code dev.mfe.config}.
 */
@NullMarked
package dev.mfe.proxy;

import org.jspecify.annotations.NullMarked;
