/** What an app that uses the Quarkus extension may name in its own code, besides the types of the core. */
@NullMarked
package dev.mfe.quarkus;

import org.jspecify.annotations.NullMarked;
