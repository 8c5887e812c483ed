/**
 * The docs and the checkout zone that every sample proxies to: ordinary HTTP apps on embedded Tomcat.
 *
 * <p>Imports the servlet and WebSocket API and Tomcat. Knows nothing of mfe: a zone need not.
 */
@NullMarked
package dev.mfe.samples.apps;

import org.jspecify.annotations.NullMarked;
