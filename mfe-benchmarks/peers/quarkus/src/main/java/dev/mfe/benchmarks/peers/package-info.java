/** The Quarkus extension, set up to be compared. */
@NullMarked
package dev.mfe.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
