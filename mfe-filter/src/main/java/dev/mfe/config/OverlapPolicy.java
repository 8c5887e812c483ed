package dev.mfe.config;

/**
 * What two path expressions of different zones that share a path are.
 *
 * @since 0.1
 */
public enum OverlapPolicy {
    /** An error, whichever paths are shared. */
    ERROR,

    /**
     * A {@linkplain MicrofrontendsConfig#warnings() warning}: the order of the file decides. For files that were
     * accepted so far, because {@code @vercel/microfrontends} does not see every overlap. What that package sees stays
     * an error.
     */
    WARN
}
