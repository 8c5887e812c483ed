package dev.mfe.gateway;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs tokens (RFC 7519) that tell a zone who is logged in. Not a record, so that no log shows the secret.
 *
 * @since 0.1
 */
public final class IdentityTokens {

    /** RFC 7518 §3.2: a key at least as long as the hash. */
    private static final int SHORTEST_SECRET = 32;

    /** Long enough for clocks that differ a little, too short to be worth stealing. */
    private static final int LIFETIME_SECONDS = 60;

    private static final String HMAC = "HmacSHA256";
    private static final String HEADER = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");

    private final SecretKeySpec key;
    private final InstantSource clock;

    /**
     * Takes the secret that the zones know as well.
     *
     * @throws IllegalArgumentException when it is too short
     */
    IdentityTokens(String secret, InstantSource clock) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < SHORTEST_SECRET) {
            throw new IllegalArgumentException("the secret has " + bytes.length + " bytes; use at least "
                    + SHORTEST_SECRET + ", for example the output of: openssl rand -base64 32");
        }
        this.key = new SecretKeySpec(bytes, HMAC);
        this.clock = clock;
    }

    String token(String user, String zone) {
        long now = clock.instant().getEpochSecond();
        String content = HEADER + "."
                + base64("{\"iss\":\"mfe\",\"sub\":" + quoted(user) + ",\"aud\":" + quoted(zone) + ",\"iat\":" + now
                        + ",\"exp\":" + (now + LIFETIME_SECONDS) + "}");
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return content + "." + base64(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + HMAC, e);
        }
    }

    /** A JSON string of ASCII characters, so that even half a surrogate pair survives. */
    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
