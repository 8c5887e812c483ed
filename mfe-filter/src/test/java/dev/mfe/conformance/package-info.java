/**
 * Runs the test vectors that were recorded from the npm packages {@code @vercel/microfrontends} and {@code flags}.
 *
 * <p>Each test prints one line that says how many cases agree, and how many do not on purpose and by which documented
 * rule. A disagreement that no rule explains fails the test.
 */
@NullMarked
package dev.mfe.conformance;

import org.jspecify.annotations.NullMarked;
