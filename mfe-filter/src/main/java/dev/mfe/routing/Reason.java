package dev.mfe.routing;

import java.util.Locale;

/**
 * Why a decision was taken.
 *
 * @since 0.1
 */
public enum Reason {
    /** Local: no path expression matches, so the path belongs to the default zone. */
    NO_MATCH,
    /** Local: the zone that the local app serves owns the path. */
    LOCAL_ZONE,
    /** Local: only path groups whose flags are off match. */
    FLAG_OFF,
    /** Proxied: a path expression without a flag matches. */
    PATH,
    /** Proxied: a path expression whose flag is on matches. */
    FLAG_ON,
    /** Proxied: the path is below an asset prefix of the zone, which needs no entry in the file. */
    ASSET_PREFIX,
    /** Proxied: data of the Next.js Pages Router, whose build id starts with an asset prefix of the zone. */
    NEXT_DATA,
    /** Refused: the path is ambiguous, and one way to read it leads to a zone. */
    AMBIGUOUS_PATH;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /**
     * Returns the name as clients, observers and tools see it.
     *
     * @return in lower case with dashes, such as {@code flag-on}
     */
    public String label() {
        return label;
    }
}
