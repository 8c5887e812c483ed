package dev.mfe.proxy;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a zone is reached: scheme, host and port, and nothing else.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a lower-case name or address; an IPv6 address stands in brackets
 * @param port 1 to 65535
 * @since 0.1
 */
public record Origin(String scheme, String host, int port) {

    /** Checks the parts. */
    public Origin {
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("The scheme of an origin is http or https, not \"" + scheme + "\"");
        }
        if (host.isEmpty() || !host.equals(host.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("The host of an origin is a lower-case name or address");
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7f || "/?#@\\%".indexOf(c) >= 0 || (c == ':' && host.charAt(0) != '[')) {
                throw new IllegalArgumentException("The host of an origin holds a character that no host name has");
            }
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("The port of an origin is between 1 and 65535, not " + port);
        }
    }

    /**
     * Reads {@code http://host:port}; the port may be left out and one closing slash is ignored.
     *
     * @param url the address of the origin
     * @return the origin
     * @throws IllegalArgumentException when the text has any other form, says what is wrong with it
     */
    public static Origin parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("Not a URL: " + e.getMessage(), e);
        }
        String scheme = uri.getScheme();
        String host = uri.getHost();
        if (scheme == null || host == null) {
            throw new IllegalArgumentException("An origin looks like http://host:port or https://host");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("An origin has no user name or password");
        }
        String path = uri.getRawPath();
        if ((path != null && !path.isEmpty() && !path.equals("/"))
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("An origin has no path, query or fragment");
        }
        String lowerScheme = scheme.toLowerCase(Locale.ROOT);
        int port = uri.getPort() == -1 ? defaultPort(lowerScheme) : uri.getPort();
        return new Origin(lowerScheme, host.toLowerCase(Locale.ROOT), port);
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    /**
     * Tells whether connections to the origin are encrypted.
     *
     * @return true for {@code https}
     */
    public boolean secure() {
        return scheme.equals("https");
    }

    /**
     * Returns the value of the Host field: the port is left out where it is the scheme's own (RFC 9110 §7.2).
     *
     * @return host, or host and port
     */
    public String authority() {
        return port == defaultPort(scheme) ? host : host + ":" + port;
    }

    /** The host as the resolver wants it, without brackets. */
    String resolvableHost() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Returns the origin as a URL without a path. */
    @Override
    public String toString() {
        return scheme + "://" + authority();
    }
}
