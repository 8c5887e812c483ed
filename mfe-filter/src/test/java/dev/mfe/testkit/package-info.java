/**
 * An origin on a raw socket that does what a test tells it, for everything that has to be tried with odd or broken
 * HTTP.
 */
@NullMarked
package dev.mfe.testkit;

import org.jspecify.annotations.NullMarked;
