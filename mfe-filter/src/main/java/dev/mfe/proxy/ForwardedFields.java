package dev.mfe.proxy;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a zone is told about the client: {@code Forwarded} (RFC 7239) and the {@code X-Forwarded-} fields. They are always
 * made here; what came with the request is carried on only from a peer that is trusted.
 *
 * @param clientAddresses X-Forwarded-For
 * @param host X-Forwarded-Host: the one value that the browser used, with its port
 * @param scheme X-Forwarded-Proto: {@code http} or {@code https}
 * @param port X-Forwarded-Port
 * @param prefix X-Forwarded-Prefix, only from a trusted peer
 * @param forwarded Forwarded
 * @since 0.1
 */
public record ForwardedFields(
        String clientAddresses,
        String host,
        String scheme,
        String port,
        @Nullable String prefix,
        String forwarded) {

    /**
     * Tells whether a field is one that only we write.
     *
     * @param known the field where it is a usual one
     * @param name its name
     * @return true when a client's value must not be copied to a zone
     */
    public static boolean ours(@Nullable KnownField known, String name) {
        if (known == null) {
            return name.regionMatches(true, 0, "X-Forwarded-", 0, 12);
        }
        return switch (known) {
            case FORWARDED,
                    X_FORWARDED_FOR,
                    X_FORWARDED_HOST,
                    X_FORWARDED_PORT,
                    X_FORWARDED_PREFIX,
                    X_FORWARDED_PROTO,
                    X_REAL_IP -> true;
            default -> false;
        };
    }

    /**
     * Makes the fields of one request.
     *
     * @param peer address of whoever sent the request to us
     * @param trusted whether the peer is believed
     * @param scheme scheme of the connection to us, {@code http} or {@code https}
     * @param authority the value of Host, or {@code :authority}
     * @param received all values of a field of the request joined by commas, or null
     * @return the fields
     * @throws ProxyException with {@link ProxyFailure#BAD_REQUEST} when the authority is none
     */
    public static ForwardedFields of(
            String peer,
            boolean trusted,
            String scheme,
            String authority,
            Function<KnownField, @Nullable String> received)
            throws ProxyException {
        String address = withoutBrackets(peer);
        if (!trusted) {
            return make(address, address, scheme, authority, null, null, null);
        }
        String forwarded = received.apply(KnownField.FORWARDED);
        String addresses = received.apply(KnownField.X_FORWARDED_FOR);
        String host = firstOf(received.apply(KnownField.X_FORWARDED_HOST));
        String proto = firstOf(received.apply(KnownField.X_FORWARDED_PROTO));
        if (host == null) {
            host = parameter(forwarded, "host");
        }
        if (proto == null) {
            proto = parameter(forwarded, "proto");
        }
        String first = addresses == null ? parameter(forwarded, "for") : addresses;
        return make(
                first == null || first.isBlank() ? address : withoutBrackets(first) + ", " + address,
                address,
                proto != null && (proto.equalsIgnoreCase("https") || proto.equalsIgnoreCase("http"))
                        ? lower(proto)
                        : scheme,
                host == null ? authority : host,
                firstOf(received.apply(KnownField.X_FORWARDED_PORT)),
                received.apply(KnownField.X_FORWARDED_PREFIX),
                forwarded);
    }

    private static ForwardedFields make(
            String addresses,
            String address,
            String scheme,
            String authority,
            @Nullable String receivedPort,
            @Nullable String prefix,
            @Nullable String receivedForwarded)
            throws ProxyException {
        String portOfAuthority = portOf(authority);
        String port = portOfAuthority;
        if (port.isEmpty()) {
            port = receivedPort != null && isNumber(receivedPort)
                    ? receivedPort
                    : scheme.equals("https") ? "443" : "80";
        }
        String element = "for=" + node(address) + ";host=" + quoted(authority) + ";proto=" + scheme;
        return new ForwardedFields(
                addresses,
                authority,
                scheme,
                port,
                prefix,
                receivedForwarded == null || receivedForwarded.isBlank()
                        ? element
                        : receivedForwarded + ", " + element);
    }

    /** RFC 7239 §6: an IPv6 address stands in brackets and quotes. */
    private static String node(String address) {
        return address.indexOf(':') >= 0 ? "\"[" + address + "]\"" : address;
    }

    private static String quoted(String authority) {
        return Syntax.isToken(authority) ? authority : "\"" + authority + "\"";
    }

    private static String withoutBrackets(String address) {
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }

    /** The digits behind the host, or nothing; refuses what is no host at all, as it may be believed by the zone. */
    private static String portOf(String authority) throws ProxyException {
        int end = authority.startsWith("[") ? authority.indexOf(']') : 0;
        int colon = end < 0 ? -1 : authority.indexOf(':', end);
        String host = colon < 0 ? authority : authority.substring(0, colon);
        String port = colon < 0 ? "" : authority.substring(colon + 1);
        boolean valid = !host.isEmpty() && end >= 0 && (port.isEmpty() ? colon < 0 : isNumber(port));
        for (int i = 0; valid && i < host.length(); i++) {
            char c = host.charAt(i);
            // RFC 3986 §3.2.2 without what would end a list or a quoted string.
            boolean letterOrDigit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            valid = letterOrDigit || "-._~%!$&'*+=".indexOf(c) >= 0 || (end > 0 && "[:]".indexOf(c) >= 0);
        }
        if (!valid) {
            throw ProxyException.badRequest("The request has no valid host");
        }
        return port;
    }

    private static boolean isNumber(String text) {
        boolean number = !text.isEmpty() && text.length() <= 5;
        for (int i = 0; number && i < text.length(); i++) {
            number = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return number;
    }

    private static @Nullable String firstOf(@Nullable String list) {
        if (list == null) {
            return null;
        }
        int comma = list.indexOf(',');
        String first = (comma < 0 ? list : list.substring(0, comma)).strip();
        return first.isEmpty() ? null : first;
    }

    /** A parameter of the first element of Forwarded, which is about the client itself. */
    private static @Nullable String parameter(@Nullable String forwarded, String name) {
        if (forwarded == null) {
            return null;
        }
        int i = 0;
        while (i < forwarded.length() && forwarded.charAt(i) != ',') {
            int equals = forwarded.indexOf('=', i);
            if (equals < 0) {
                return null;
            }
            String found = forwarded.substring(i, equals).strip();
            StringBuilder value = new StringBuilder();
            i = equals + 1;
            boolean inQuotes = i < forwarded.length() && forwarded.charAt(i) == '"';
            i += inQuotes ? 1 : 0;
            while (i < forwarded.length()) {
                char c = forwarded.charAt(i);
                if (inQuotes ? c == '"' : c == ';' || c == ',') {
                    break;
                }
                if (inQuotes && c == '\\' && i + 1 < forwarded.length()) {
                    c = forwarded.charAt(++i);
                }
                value.append(c);
                i++;
            }
            if (found.equalsIgnoreCase(name)) {
                String text = value.toString().strip();
                return text.isEmpty() ? null : text;
            }
            while (i < forwarded.length() && forwarded.charAt(i) != ';' && forwarded.charAt(i) != ',') {
                i++;
            }
            if (i < forwarded.length() && forwarded.charAt(i) == ';') {
                i++;
            }
        }
        return null;
    }

    private static String lower(String scheme) {
        return scheme.equalsIgnoreCase("https") ? "https" : "http";
    }
}
