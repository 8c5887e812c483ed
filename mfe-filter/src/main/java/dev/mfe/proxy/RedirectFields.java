package dev.mfe.proxy;

import dev.mfe.config.Origin;

/**
 * Location, Content-Location and Refresh: where they point at the zone's own origin the browser is told the public one,
 * and everything else stays as the zone wrote it.
 *
 * @since 0.1
 */
public final class RedirectFields {

    private final Origin zone;

    /**
     * Makes the rule for one zone.
     *
     * @param zone where the zone was reached
     */
    public RedirectFields(Origin zone) {
        this.zone = zone;
    }

    /**
     * Rewrites a field if it is one of the three.
     *
     * @param field the field
     * @param value its value
     * @param publicScheme the scheme the browser used
     * @param publicAuthority the host the browser used, with its port
     * @return the value to pass on, the same one where nothing changes
     */
    public String rewrite(KnownField field, String value, String publicScheme, String publicAuthority) {
        return switch (field) {
            case LOCATION, CONTENT_LOCATION -> reference(value, 0, publicScheme, publicAuthority);
            case REFRESH -> refresh(value, publicScheme, publicAuthority);
            default -> value;
        };
    }

    /** {@code 5; url=http://…}: only what follows the first "url=" is a reference. */
    private String refresh(String value, String publicScheme, String publicAuthority) {
        int i = 0;
        while (i < value.length() && "0123456789. \t".indexOf(value.charAt(i)) >= 0) {
            i++;
        }
        while (i < value.length() && ";, \t".indexOf(value.charAt(i)) >= 0) {
            i++;
        }
        if (!value.regionMatches(true, i, "url", 0, 3)) {
            return value;
        }
        i += 3;
        while (i < value.length() && "= \t".indexOf(value.charAt(i)) >= 0) {
            i++;
        }
        if (i < value.length() && (value.charAt(i) == '"' || value.charAt(i) == '\'')) {
            i++;
        }
        return reference(value, i, publicScheme, publicAuthority);
    }

    private String reference(String value, int start, String publicScheme, String publicAuthority) {
        int authority;
        boolean schemeNamed = value.regionMatches(
                true, start, zone.scheme() + "://", 0, zone.scheme().length() + 3);
        if (schemeNamed) {
            authority = start + zone.scheme().length() + 3;
        } else if (value.startsWith("//", start)) {
            authority = start + 2;
        } else {
            return value;
        }
        int end = authority;
        while (end < value.length() && "/?#\"'".indexOf(value.charAt(end)) < 0) {
            end++;
        }
        // The whole authority is compared, so a user name in front or a longer host name behind makes another origin.
        if (!isZone(value.substring(authority, end))) {
            return value;
        }
        return value.substring(0, start) + (schemeNamed ? publicScheme + ":" : "") + "//" + publicAuthority
                + value.substring(end);
    }

    private boolean isZone(String authority) {
        return authority.equalsIgnoreCase(zone.authority())
                || authority.equalsIgnoreCase(zone.host() + ":" + zone.effectivePort());
    }
}
