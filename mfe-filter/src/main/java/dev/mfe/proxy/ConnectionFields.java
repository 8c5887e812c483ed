package dev.mfe.proxy;

import java.util.Enumeration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of one message end at this hop (RFC 9110 §7.6.1). Ask before adding fields of our own: a client that
 * nominates X-Forwarded-For must only lose what it sent itself.
 *
 * @since 0.1
 */
public final class ConnectionFields {

    private static final ConnectionFields NONE = new ConnectionFields(Set.of());

    private final Set<String> nominated;

    private ConnectionFields(Set<String> nominated) {
        this.nominated = nominated;
    }

    /**
     * Reads the Connection lines of a response.
     *
     * @param fields its fields
     * @return the rule for this message
     */
    public static ConnectionFields of(HeaderFields fields) {
        Set<String> nominated = null;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.known(i) == KnownField.CONNECTION) {
                nominated = nominate(fields.value(i), nominated);
            }
        }
        return nominated == null ? NONE : new ConnectionFields(nominated);
    }

    /**
     * Reads the Connection lines of a request.
     *
     * @param values the values of all of them
     * @return the rule for this message
     */
    public static ConnectionFields of(Enumeration<String> values) {
        Set<String> nominated = null;
        while (values.hasMoreElements()) {
            nominated = nominate(values.nextElement(), nominated);
        }
        return nominated == null ? NONE : new ConnectionFields(nominated);
    }

    private static @Nullable Set<String> nominate(String value, @Nullable Set<String> soFar) {
        Set<String> nominated = soFar;
        int from = 0;
        while (from <= value.length()) {
            int comma = value.indexOf(',', from);
            int to = comma < 0 ? value.length() : comma;
            String option = value.substring(from, to).strip();
            // Nearly every message says only this, and needs no set.
            boolean usual = option.isEmpty()
                    || option.equalsIgnoreCase("keep-alive")
                    || option.equalsIgnoreCase("close")
                    || option.equalsIgnoreCase("upgrade");
            if (!usual) {
                nominated = nominated == null ? new HashSet<>() : nominated;
                nominated.add(option.toLowerCase(Locale.ROOT));
            }
            from = to + 1;
        }
        return nominated;
    }

    /**
     * Tells whether a field must not be passed on.
     *
     * @param known the field where it is a usual one
     * @param name its name in any case
     * @return true when it ends here
     */
    public boolean endsHere(@Nullable KnownField known, String name) {
        if (known != null) {
            switch (known) {
                case CONNECTION,
                        KEEP_ALIVE,
                        PROXY_CONNECTION,
                        TE,
                        TRANSFER_ENCODING,
                        UPGRADE,
                        // RFC 9110 §11.7: between a client and its own proxy, which we are not.
                        PROXY_AUTHENTICATE,
                        PROXY_AUTHENTICATION_INFO,
                        PROXY_AUTHORIZATION -> {
                    return true;
                }
                default -> {}
            }
        } else if (name.equalsIgnoreCase("HTTP2-Settings")) {
            // RFC 9113 §3.1: part of an upgrade to h2c, which we never pass on.
            return true;
        }
        return !nominated.isEmpty() && nominated.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Tells whether an upgrade may be tunnelled. Inside HTTP/2 or another layer of TLS the client could send requests that
     * nobody here has routed or checked.
     *
     * @param protocols the value of the Upgrade field
     * @return true for WebSocket and all others
     */
    public static boolean mayTunnel(String protocols) {
        int from = 0;
        boolean any = false;
        while (from <= protocols.length()) {
            int comma = protocols.indexOf(',', from);
            int to = comma < 0 ? protocols.length() : comma;
            String protocol = protocols.substring(from, to).strip().toLowerCase(Locale.ROOT);
            if (protocol.equals("h2c")
                    || protocol.equals("h2")
                    || protocol.startsWith("http/")
                    || protocol.equals("http")
                    || protocol.startsWith("tls")) {
                return false;
            }
            any |= !protocol.isEmpty();
            from = to + 1;
        }
        return any;
    }
}
