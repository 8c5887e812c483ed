package dev.mfe.proxy;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The Via field (RFC 9110 §7.6.3) under one name of our own, by which a request that comes back is recognised.
 *
 * @since 0.1
 */
public final class ViaField {

    private final String pseudonym;
    private final String element;

    /** Takes a name, which is a token. */
    ViaField(String pseudonym) {
        this.pseudonym = pseudonym;
        this.element = "1.1 " + pseudonym;
    }

    /**
     * Makes the field of an instance.
     *
     * @return a field with a name that no other instance has
     */
    public static ViaField unique() {
        byte[] random = new byte[6];
        new SecureRandom().nextBytes(random);
        return new ViaField("mfe-" + HexFormat.of().formatHex(random));
    }

    /**
     * Adds this hop.
     *
     * @param received the values received, joined by commas, or null
     * @param protocol the protocol of the message received, such as {@code HTTP/1.1}
     * @return the value to send
     */
    public String append(@Nullable String received, String protocol) {
        String own = protocol.equals("HTTP/1.1") ? element : version(protocol) + " " + pseudonym;
        return received == null || received.isBlank() ? own : received + ", " + own;
    }

    private static String version(String protocol) {
        // RFC 9110 §7.6.3: the name of the protocol is left out where it is HTTP.
        String version = protocol.startsWith("HTTP/") ? protocol.substring(5) : protocol;
        return version.equals("2.0") || version.equals("3.0") ? version.substring(0, 1) : version;
    }

    /**
     * Tells whether a message has passed this instance before.
     *
     * @param received the values received, joined by commas, or null
     * @return true when our own name is among the recipients
     */
    public boolean passedBefore(@Nullable String received) {
        if (received == null) {
            return false;
        }
        // protocol RWS received-by [ RWS comment ]; commas and names inside a comment mean nothing.
        int word = 0;
        int comment = 0;
        int i = 0;
        while (i < received.length()) {
            char c = received.charAt(i);
            if (comment > 0) {
                comment += c == '(' ? 1 : c == ')' ? -1 : 0;
                i += c == '\\' ? 2 : 1;
            } else if (c == '(') {
                comment = 1;
                i++;
            } else if (c == ',') {
                word = 0;
                i++;
            } else if (c == ' ' || c == '\t') {
                i++;
            } else {
                int end = i;
                while (end < received.length() && " \t,(".indexOf(received.charAt(end)) < 0) {
                    end++;
                }
                word++;
                if (word == 2 && received.regionMatches(true, i, pseudonym, 0, Math.max(end - i, pseudonym.length()))) {
                    return true;
                }
                i = end;
            }
        }
        return false;
    }
}
