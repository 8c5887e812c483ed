/** The proxy contract on Vert.x, and what is particular to it. */
@NullMarked
package dev.mfe.quarkus.runtime.proxy;

import org.jspecify.annotations.NullMarked;
