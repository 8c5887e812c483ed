/**
 * Help for the tests of an app that uses the starter: {@link dev.mfe.spring.test.StubZone} stands for a zone.
 */
@NullMarked
package dev.mfe.spring.test;

import org.jspecify.annotations.NullMarked;
