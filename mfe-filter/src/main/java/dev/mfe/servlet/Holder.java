package dev.mfe.servlet;

/**
 * Who has one direction of what goes on without the thread that brought the request. Containers call back also when nobody
 * waits for it: Tomcat whenever there is something to read, Undertow while the write that it had no room for is still
 * returning.
 */
enum Holder {
    /** A thread that moves bytes. */
    MOVER,
    /** The selector, which waits for the zone. */
    SELECTOR,
    /** The container, which waits for the client. */
    CONTAINER
}
