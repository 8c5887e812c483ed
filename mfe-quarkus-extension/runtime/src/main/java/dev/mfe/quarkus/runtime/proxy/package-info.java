/** Proxying with the HTTP client of Vert.x. */
@NullMarked
package dev.mfe.quarkus.runtime.proxy;

import org.jspecify.annotations.NullMarked;
