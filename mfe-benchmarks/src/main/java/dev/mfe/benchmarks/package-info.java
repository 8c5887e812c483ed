/** How much a decision costs, and what users could take instead. Run with {@code java -jar target/benchmarks.jar}. */
@NullMarked
package dev.mfe.benchmarks;

import org.jspecify.annotations.NullMarked;
