package dev.mfe.flags;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts JSON Web Encryption in its compact form (RFC 7516 §7.1) with {@code alg} {@code dir} and {@code enc} {@code
 * A256GCM}, and nothing else: the sender does not choose how a token is read. Safe for use by many threads.
 */
final class Jwe {
    /** Twice what a browser keeps in one cookie. Longer texts are not looked at. */
    static final int MAX_LENGTH = 8192;

    static final int KEY_BYTES = 32;

    // RFC 7518 §5.3: an initialization vector of 96 bits and a tag of 128.
    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;

    private static final int PARTS = 5;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";

    /**
     * {@code crit} names extensions that must be understood (RFC 7516 §4.1.13), and we understand none; {@code zip}
     * lets a small text become a large one. The others repeat claims outside of the encryption (RFC 7519 §5.3), for
     * which nobody here has a use. What else a header holds is to be ignored (RFC 7516 §4).
     */
    private static final Set<String> REFUSED_PARAMETERS = Set.of("crit", "zip", "iss", "sub", "aud");

    private final SecretKey key;

    /**
     * Takes the key, and tries it, so that a platform that cannot decrypt is found when the app starts.
     *
     * @param key {@value #KEY_BYTES} bytes
     */
    Jwe(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
        try {
            cipher(new byte[IV_BYTES]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "This Java runtime has no AES with 256 bits in GCM mode; see the security property crypto.policy",
                    e);
        }
    }

    /**
     * The text inside.
     *
     * @throws RefusedTokenException whenever anything is not exactly as it has to be
     */
    String decrypt(String token) throws RefusedTokenException {
        if (token.length() > MAX_LENGTH) {
            throw new RefusedTokenException("it is longer than " + MAX_LENGTH + " characters");
        }
        String[] parts = token.split("\\.", PARTS + 1);
        if (parts.length != PARTS || !parts[1].isEmpty()) {
            // RFC 7516 §7.1 and §5.2: with "dir" there is no encrypted key between the first two dots.
            throw new RefusedTokenException("it has not the form header..iv.ciphertext.tag");
        }
        checkHeader(new String(decode(parts[0]), StandardCharsets.UTF_8));
        byte[] iv = decode(parts[2]);
        byte[] ciphertext = decode(parts[3]);
        byte[] tag = decode(parts[4]);
        if (iv.length != IV_BYTES || tag.length != TAG_BYTES) {
            throw new RefusedTokenException("its initialization vector or its tag has the wrong length");
        }
        try {
            Cipher cipher = cipher(iv);
            // RFC 7516 §5.2: the text of the header is authenticated, not what it means.
            cipher.updateAAD(parts[0].getBytes(StandardCharsets.US_ASCII));
            byte[] sealed = Arrays.copyOf(ciphertext, ciphertext.length + TAG_BYTES);
            System.arraycopy(tag, 0, sealed, ciphertext.length, TAG_BYTES);
            // Returns nothing before it has seen that the tag is right.
            return new String(cipher.doFinal(sealed), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | ProviderException e) {
            throw new RefusedTokenException("it was altered, or made with another secret");
        }
    }

    private Cipher cipher(byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
        return cipher;
    }

    private static void checkHeader(String text) throws RefusedTokenException {
        Map<?, ?> header = JsonValues.object(text);
        if (header == null) {
            throw new RefusedTokenException("its header is no JSON object");
        }
        if (!"dir".equals(header.get("alg")) || !"A256GCM".equals(header.get("enc"))) {
            throw new RefusedTokenException("its algorithms are not \"dir\" and \"A256GCM\"");
        }
        for (Object name : header.keySet()) {
            if (REFUSED_PARAMETERS.contains(name)) {
                throw new RefusedTokenException("its header has the parameter \"" + name + "\"");
            }
        }
    }

    /** RFC 7515 §2: base64url without padding. Of the several texts that decoders take for the same bytes, only one. */
    private static byte[] decode(String part) throws RefusedTokenException {
        byte[] bytes = decodeOrNull(part);
        if (bytes == null || !ENCODER.encodeToString(bytes).equals(part)) {
            throw new RefusedTokenException("a part of it is not base64url");
        }
        return bytes;
    }

    private static byte @Nullable [] decodeOrNull(String part) {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
