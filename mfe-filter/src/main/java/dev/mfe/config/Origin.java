package dev.mfe.config;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * Scheme, host and port where a zone is reached.
 *
 * <p>Written as {@code docs.example.com}, {@code localhost:3001} or {@code https://docs.example.com:8443}. The text is
 * read as browsers do (WHATWG URL Standard, for {@code http} and {@code https}): {@code 0x7f.1} is {@code 127.0.0.1}, a
 * host may be percent-encoded, Unicode becomes {@code xn--…}. Only an origin is accepted: credentials, a path, a query
 * or a fragment are refused.
 *
 * <p>Where it falls short of the standard: which characters a Unicode host may hold follows the Unicode version of the
 * JDK and not the tables of UTS #46, its rules for mixed reading directions are not checked, and zero-width joiners are
 * refused.
 *
 * <p>Immutable. Equal when scheme, host and {@linkplain #effectivePort() effective port} are.
 *
 * @since 0.1
 */
public final class Origin {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int NO_PORT = -1;

    private final String scheme;
    private final String host;
    private final int port;

    private Origin(String scheme, String host, int port) {
        this.scheme = scheme;
        this.host = host;
        this.port = port;
    }

    /**
     * Reads an origin; without a scheme it is {@code https}.
     *
     * @throws IllegalArgumentException if the text is no origin; the message says why and what to do
     */
    public static Origin parse(String text) {
        return parse(text, "https");
    }

    /**
     * Reads an origin.
     *
     * @param defaultScheme {@code http} or {@code https}, for a text without a scheme
     * @throws IllegalArgumentException if the text is no origin; the message says why and what to do
     */
    public static Origin parse(String text, String defaultScheme) {
        return OriginParser.parse(text, defaultScheme);
    }

    /** With a port as written, the default one of the scheme too. */
    static Origin of(String scheme, String host, int port) {
        return new Origin(scheme, host, port);
    }

    static Origin of(String scheme, String host) {
        return new Origin(scheme, host, NO_PORT);
    }

    static int defaultPort(String scheme) {
        return scheme.equals("http") ? HTTP_PORT : HTTPS_PORT;
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return scheme;
    }

    /** A domain in ASCII and lower case, an IPv4 address, or an IPv6 address in brackets. */
    public String host() {
        return host;
    }

    /** The port, if the text has one that is not the default of its scheme; 0 to 65535. */
    public OptionalInt port() {
        return port == NO_PORT ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /** The port to connect to: {@link #port()}, or the default one of the scheme where that is absent or 0. */
    public int effectivePort() {
        return port > 0 ? port : defaultPort(scheme);
    }

    /** Whether connections are encrypted: the scheme is {@code https}. */
    public boolean isSecure() {
        return scheme.equals("https");
    }

    /** What a request to it has in its Host field: the port only where it is not the scheme's own (RFC 9110 §7.2). */
    public String authority() {
        return effectivePort() == defaultPort(scheme) ? host : host + ":" + port;
    }

    /** The host as resolvers and TLS want it: {@link #host()}, an IPv6 address without its brackets. */
    public String addressableHost() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Whether the host is {@code localhost} or {@code 127.0.0.1}. */
    public boolean isLocal() {
        return host.equals("localhost") || host.equals("127.0.0.1");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Origin that
                && scheme.equals(that.scheme)
                && host.equals(that.host)
                && effectivePort() == that.effectivePort();
    }

    @Override
    public int hashCode() {
        return Objects.hash(scheme, host, effectivePort());
    }

    /** {@code https://docs.example.com:8443}; the port only where it is neither 0 nor the default of the scheme. */
    @Override
    public String toString() {
        return scheme + "://" + authority();
    }
}
