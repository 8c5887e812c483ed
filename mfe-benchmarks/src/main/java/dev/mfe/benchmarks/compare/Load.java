package dev.mfe.benchmarks.compare;

/**
 * What a load brought.
 *
 * @param requests how many were answered well
 * @param failed how many were not
 * @param perSecond how many in a second
 * @param p50Millis half of them took no longer
 * @param p99Millis of a hundred all but one took no longer
 */
record Load(long requests, long failed, double perSecond, double p50Millis, double p99Millis) {}
