package dev.mfe.benchmarks.compare;

/**
 * One contestant under one load in one round.
 *
 * @param load what the client saw
 * @param cpuMicros CPU time of the server for each request
 * @param allocated bytes allocated for each request, negative where that cannot be known
 */
record Sample(Load load, double cpuMicros, double allocated) {}
