/**
 * The whole process compared: mfe in Tomcat beside what else could stand in its place, each in a process of its own in
 * front of the same origin. Run with {@code java -jar target/benchmarks.jar compare}.
 */
@NullMarked
package dev.mfe.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
