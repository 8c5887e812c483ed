/**
 * The extension while a Quarkus app is built. May change at any time. Imports Quarkus, the extension's runtime and the
 * core.
 */
@NullMarked
package dev.mfe.quarkus.deployment;

import org.jspecify.annotations.NullMarked;
