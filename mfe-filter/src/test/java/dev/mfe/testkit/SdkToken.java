package dev.mfe.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens as the Flags SDK does, and such as it would never make. */
public final class SdkToken {
    /** What the tests call {@code FLAGS_SECRET}. */
    public static final String SECRET = "S0x2cXJYbVpfVDlLWG5iNzVhcWd3c2pGRGxvU1VGcS0";

    /** The header of every token of the SDK. */
    public static final String HEADER = "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}";

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private SdkToken() {}

    /** The value of the cookie that sets flags; the argument is a JSON object. */
    public static String overrides(String flags) {
        return of("{\"o\":" + flags + ",\"pur\":\"overrides\",\"exp\":4070908800}");
    }

    /** A proof of access. */
    public static String proof() {
        return of("{\"pur\":\"proof\",\"exp\":4070908800}");
    }

    /** A token with the usual header around a payload. */
    public static String of(String payload) {
        return of(HEADER, payload);
    }

    /** A token with any header, encrypted with AES-GCM whatever that says. */
    public static String of(String header, String payload) {
        return of(header, payload.getBytes(StandardCharsets.UTF_8), 12, 16);
    }

    /** A token whose initialization vector and tag have lengths of the caller's choice. */
    public static String of(String header, byte[] payload, int ivBytes, int tagBytes) {
        try {
            byte[] iv = new byte[ivBytes];
            Arrays.fill(iv, (byte) Arrays.hashCode(payload));
            String first = BASE64URL.encodeToString(header.getBytes(StandardCharsets.UTF_8));
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] key = Base64.getUrlDecoder().decode(SECRET);
            cipher.init(
                    Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(tagBytes * Byte.SIZE, iv));
            cipher.updateAAD(first.getBytes(StandardCharsets.US_ASCII));
            byte[] sealed = cipher.doFinal(payload);
            int length = sealed.length - tagBytes;
            return first + ".." + BASE64URL.encodeToString(iv) + "."
                    + BASE64URL.encodeToString(Arrays.copyOf(sealed, length)) + "."
                    + BASE64URL.encodeToString(Arrays.copyOfRange(sealed, length, sealed.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
