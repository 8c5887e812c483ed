package dev.mfe.gateway;

/**
 * How a zone is told who is logged in.
 *
 * @since 0.1
 */
public enum Identity {
    /** Not at all. */
    NONE,
    /** By {@code X-Forwarded-User}, which holds the name as it is. */
    HEADER,
    /** By {@code X-Forwarded-Identity}, which holds a signed token. */
    JWT
}
