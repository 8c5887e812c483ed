/** What holds for the shop whatever it is made with. Knows it only as visitors do: over HTTP, and in a browser. */
@NullMarked
package dev.mfe.samples.tests;

import org.jspecify.annotations.NullMarked;
