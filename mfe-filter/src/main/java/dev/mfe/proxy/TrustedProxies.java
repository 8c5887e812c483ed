package dev.mfe.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The peers whose word about a client is believed.
 *
 * @since 0.1
 */
public final class TrustedProxies {

    private static final class Network {

        private final byte[] address;
        private final int bits;

        Network(byte[] address, int bits) {
            this.address = address;
            this.bits = bits;
        }

        boolean contains(byte[] candidate) {
            if (candidate.length != address.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (candidate[i] != address[i]) {
                    return false;
                }
            }
            int rest = bits % 8;
            return rest == 0 || (candidate[whole] ^ address[whole]) >> (8 - rest) == 0;
        }
    }

    private final List<Network> networks;

    private TrustedProxies(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /**
     * Reads addresses and networks.
     *
     * @param networks for example {@code 10.0.0.0/8}, {@code ::1}; names are refused, because they would be looked up
     * @return the proxies
     * @throws IllegalArgumentException when one is neither an address nor a network
     */
    public static TrustedProxies parse(List<String> networks) {
        List<Network> parsed = new ArrayList<>();
        for (String network : networks) {
            String text = network.strip();
            int slash = text.indexOf('/');
            byte[] address = address(slash < 0 ? text : text.substring(0, slash));
            if (address == null) {
                throw new IllegalArgumentException(
                        "\"" + network + "\" is no IP address and no network like 10.0.0.0/8");
            }
            int bits = slash < 0 ? address.length * 8 : bits(text.substring(slash + 1), address.length * 8);
            if (bits < 0) {
                throw new IllegalArgumentException(
                        "\"" + network + "\" has a prefix that is not between 0 and " + address.length * 8);
            }
            parsed.add(new Network(address, bits));
        }
        return new TrustedProxies(parsed);
    }

    /**
     * Tells whether a peer is believed.
     *
     * @param peer its address as the server gives it
     * @return false for anything that is not an address
     */
    public boolean contains(String peer) {
        if (networks.isEmpty()) {
            return false;
        }
        byte[] address = address(peer);
        if (address == null) {
            return false;
        }
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static int bits(String text, int max) {
        if (text.isEmpty() || text.length() > 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int bits = Integer.parseInt(text);
        return bits > max ? -1 : bits;
    }

    /** The bytes of a literal address; an IPv4 address written as IPv6 becomes IPv4. Never asks a name server. */
    private static byte @Nullable [] address(String text) {
        String literal = text;
        if (literal.startsWith("[") && literal.endsWith("]")) {
            literal = literal.substring(1, literal.length() - 1);
        }
        int scope = literal.indexOf('%');
        if (scope >= 0) {
            literal = literal.substring(0, scope);
        }
        boolean v6 = literal.indexOf(':') >= 0;
        int dots = 0;
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            dots += c == '.' ? 1 : 0;
            boolean allowed = c == '.' || (v6 ? c == ':' || Syntax.hexDigit(c) >= 0 : c >= '0' && c <= '9');
            if (!allowed) {
                return null;
            }
        }
        if (literal.isEmpty() || (!v6 && dots != 3)) {
            return null;
        }
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
