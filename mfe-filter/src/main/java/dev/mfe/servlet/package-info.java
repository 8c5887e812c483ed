/**
 * The Jakarta Servlet filter that serves a request locally or proxies it to the zone that owns the path.
 *
 * <p>The only package that imports {@code jakarta.servlet}.
 */
@NullMarked
package dev.mfe.servlet;

import org.jspecify.annotations.NullMarked;
