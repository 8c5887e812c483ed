/**
 * The filter in a Spring Boot app: registration, properties, and feature flags that are methods of beans. {@link
 * dev.mfe.spring.MicrofrontendsAutoConfiguration} is where to start.
 *
 * <p>Imports Spring, {@code dev.mfe.servlet}, {@code dev.mfe.routing}, {@code dev.mfe.flags} and
 * {@code dev.mfe.config}; what an app need not have (Spring Security, Actuator, Micrometer, Reactor, OpenFeature) each
 * in classes of their own.
 */
@NullMarked
package dev.mfe.spring;

import org.jspecify.annotations.NullMarked;
