/** Spring Cloud Gateway Server MVC, set up to be compared with. */
@NullMarked
package dev.mfe.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
