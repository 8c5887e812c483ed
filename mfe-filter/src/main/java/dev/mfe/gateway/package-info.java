/**
 * What a site does with a request, whatever server it came in by: the settings, the answers of our own, and what of a
 * message reaches the zone or the client. Internal, but for {@link dev.mfe.gateway.InvalidPropertiesException}: may change in
 * any release.
 *
 * <p>Knows no server API. {@code dev.mfe.servlet} puts it in front of a servlet container, and other modules in front of
 * others.
 */
@NullMarked
package dev.mfe.gateway;

import org.jspecify.annotations.NullMarked;
