/** A shop with a login and a cart, and what it takes to make it the default app of several zones: {@code Rollouts}. */
@NullMarked
package dev.mfe.samples.shop;

import org.jspecify.annotations.NullMarked;
