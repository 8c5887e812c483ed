package dev.mfe.flags;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a visitor again, so that a percentage flag stays what it was: by user name, else by a signed cookie. The
 * signature keeps visitors from choosing an id that has the flag. Safe for use by many threads.
 */
final class VisitorIds {
    static final String COOKIE = "mfe-visitor";

    private static final Duration COOKIE_AGE = Duration.ofDays(365);

    /** 128 bits, and the length of their base64url form without padding. */
    private static final int BYTES = 16;

    private static final int CHARS = 22;

    /** A browser sends one such cookie; a client that sends a thousand must not make us check a thousand signatures. */
    private static final int COOKIES_CHECKED = 4;

    private static final String HMAC = "HmacSHA256";
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;

    /** With no secret, one that is forgotten when the app stops. */
    VisitorIds(byte @Nullable [] secret) {
        key = new SecretKeySpec(secret == null ? randomBytes(32) : secret, HMAC);
    }

    /**
     * Who sent a request.
     *
     * @param id what a percentage is decided by; null if the visitor is not known and not to be enrolled
     * @param setCookie the {@code Set-Cookie} value that makes a new visitor known, null for all others
     */
    record Visitor(@Nullable String id, @Nullable String setCookie) {}

    /** Reads the user, then the cookie, and takes in a new visitor if neither is there. */
    Visitor visitor(FlagRequest request) {
        String user = userName(request);
        if (user != null) {
            return new Visitor(user, null);
        }
        List<String> cookies = request.cookies(COOKIE);
        for (String cookie : cookies.subList(0, Math.min(cookies.size(), COOKIES_CHECKED))) {
            String value = unquoted(cookie);
            if (isSigned(value)) {
                return new Visitor(value.substring(0, CHARS), null);
            }
        }
        if (isSpeculative(request)) {
            return new Visitor(null, null);
        }
        String id = BASE64URL.encodeToString(randomBytes(BYTES));
        return new Visitor(id, setCookie(id, request.secure()));
    }

    /** RFC 6265 §4.1.1 allows quotes around a value, and {@code java.net.CookieManager} adds them. */
    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** A user without a usable name is no user: all of them would share one id. */
    private static @Nullable String userName(FlagRequest request) {
        try {
            Principal principal = request.principal();
            String name = principal == null ? null : principal.getName();
            return name == null || name.isEmpty() ? null : name;
        } catch (RuntimeException e) {
            return null;
        }
    }

    /**
     * Whether the browser fetches a page that nobody may ever see. {@code Sec-Purpose} is {@code prefetch}, with {@code
     * prerender} as a parameter (Fetch standard, "Sec-Purpose").
     */
    private static boolean isSpeculative(FlagRequest request) {
        for (String purpose : request.headers("Sec-Purpose")) {
            if (purpose.toLowerCase(Locale.ROOT).contains("prefetch")) {
                return true;
            }
        }
        return false;
    }

    private String setCookie(String id, boolean secure) {
        return COOKIE + "=" + id + "." + signature(id) + "; Path=/; Max-Age=" + COOKIE_AGE.toSeconds()
                + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
    }

    private boolean isSigned(String cookie) {
        if (cookie.length() != CHARS + 1 + CHARS || cookie.charAt(CHARS) != '.') {
            return false;
        }
        // The text is signed and compared, not the decoded bytes: base64 has several texts for the same 16 bytes.
        byte[] expected = signature(cookie.substring(0, CHARS)).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, cookie.substring(CHARS + 1).getBytes(StandardCharsets.UTF_8));
    }

    String signature(String id) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            // The name of the cookie keeps this apart from whatever else is ever signed with the same secret.
            mac.update((COOKIE + "=" + id).getBytes(StandardCharsets.UTF_8));
            return BASE64URL.encodeToString(Arrays.copyOf(mac.doFinal(), BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + HMAC, e);
        }
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
