package dev.mfe.servlet;

/** How a zone is told who is logged in. */
enum Identity {
    NONE,
    /** By {@code X-Forwarded-User}, which holds the name as it is. */
    HEADER,
    /** By {@code X-Forwarded-Identity}, which holds a signed token. */
    JWT
}
