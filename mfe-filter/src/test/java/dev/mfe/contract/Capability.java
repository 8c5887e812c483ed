package dev.mfe.contract;

/** What not every container can do, whatever filter runs in it. */
public enum Capability {
    /** {@code HttpServletRequest.upgrade}, or another way to leave HTTP on a connection. */
    UPGRADE("upgrade"),
    /** After that, goes on writing to a client that has said its last. */
    HALF_CLOSED_UPGRADE("a client that has said all and listens, after an upgrade"),
    /** Sends 103 (Early Hints) before the final response. */
    EARLY_HINTS("103"),
    /** Shows the trailer fields of a request without being configured to. */
    REQUEST_TRAILERS("request trailers"),
    /** Sends 100 (Continue) when the body is read and not before. */
    LATE_CONTINUE("100 only when asked for"),
    /** Lets an encoded percent sign or a double encoding in a path through to the filter. */
    ENCODED_PERCENT("%25 in a path"),
    /** Has a setting that lets characters through which no URI has, and leaves the rest of the target as it was. */
    RELAXED_TARGETS("[ ] | in a query"),
    /** Hands on bytes above 0x7F in a field. */
    LATIN_1_FIELDS("bytes above 0x7F in a field"),
    /** Hands on several blanks inside a request field. */
    VERBATIM_FIELDS("two blanks in a field"),
    /** Sends a Content-Type as it was set. */
    VERBATIM_CONTENT_TYPE("a Content-Type in the zone's spelling"),
    /** Sends a text type without a charset, as the zone did. */
    TYPE_WITHOUT_CHARSET("a text type without a charset"),
    /** Tells an empty query from none, and keeps question marks at its start. */
    VERBATIM_QUERY("an empty query"),
    /** Runs servlet filters in front of the one under test. */
    EARLIER_FILTERS("servlet filters in front"),
    /** Runs servlets: sessions, forwards, error pages. */
    SERVLETS("servlets"),
    /** Mounts the app below a path. */
    CONTEXT_PATH("a context path");

    private final String text;

    Capability(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
