package dev.mfe.flags;

import java.lang.System.Logger.Level;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the Flags SDK puts into tokens that only holders of {@code FLAGS_SECRET} can make: overrides of flags, and
 * proofs of access. A token that does not count is as good as none, and is mentioned at debug only, because anybody can
 * send one. Safe for use by many threads.
 */
final class SdkTokens {
    private static final System.Logger LOG = System.getLogger(Flags.class.getName());

    private static final String BEARER = "Bearer ";

    /** 32 bytes with and without padding. */
    private static final int SECRET_CHARS = 44;

    private final Jwe jwe;
    private final InstantSource clock;

    /**
     * Takes the secret in the forms that the SDK takes: either alphabet of base64, with or without padding.
     *
     * @throws IllegalArgumentException if it is not {@value Jwe#KEY_BYTES} bytes in base64; never repeats the secret
     */
    SdkTokens(String secret, InstantSource clock) {
        this.jwe = new Jwe(key(secret));
        this.clock = clock;
    }

    private static byte[] key(String secret) {
        String what = "is not base64";
        if (secret.length() <= SECRET_CHARS) {
            try {
                byte[] key =
                        Base64.getUrlDecoder().decode(secret.replace('+', '-').replace('/', '_'));
                if (key.length == Jwe.KEY_BYTES) {
                    return key;
                }
                what = "has " + key.length + " bytes";
            } catch (IllegalArgumentException e) {
                // Says at which character it failed, which is nobody's business.
            }
        } else {
            what = "has " + secret.length() + " characters";
        }
        throw new IllegalArgumentException(what + ", but must be " + Jwe.KEY_BYTES
                + " bytes in base64url, which are 43 characters; for example the output of: openssl rand -base64 "
                + Jwe.KEY_BYTES);
    }

    /**
     * The overrides in the cookies of a request, as the SDK reads them: of several cookies the last, percent-decoded.
     *
     * @param cookies the values as sent
     */
    Map<String, Boolean> overrides(List<String> cookies) {
        for (int i = cookies.size() - 1; i >= 0; i--) {
            String token = percentDecoded(cookies.get(i));
            if (token != null) {
                return token.isEmpty() ? Map.of() : overrides(token);
            }
        }
        return Map.of();
    }

    private static @Nullable String percentDecoded(String cookie) {
        try {
            boolean asItIs = cookie.length() > Jwe.MAX_LENGTH || cookie.indexOf('%') < 0;
            return asItIs ? cookie : URLDecoder.decode(cookie, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Map<String, Boolean> overrides(String token) {
        try {
            return overrides(claims(token));
        } catch (RefusedTokenException e) {
            LOG.log(Level.DEBUG, "The cookie " + FlagsSdk.OVERRIDES_COOKIE + " does not count: " + e.getMessage());
            return Map.of();
        }
    }

    private static Map<String, Boolean> overrides(Map<?, ?> claims) throws RefusedTokenException {
        Map<String, Boolean> overrides = new HashMap<>();
        if (hasPurpose(claims, "overrides") && claims.containsKey("o")) {
            if (claims.get("o") instanceof Map<?, ?> values) {
                values.forEach((flag, value) -> overrides.put((String) flag, isTruthy(value)));
            }
        } else if (!claims.containsKey("pur") && claims.get("c") instanceof Map<?, ?> values) {
            // SDK 3 has one form for everything, also for what it prints into pages: values of flags, and the
            // definitions of all flags. A visitor who sends these back must not switch all flags on: they are objects.
            values.forEach((flag, value) -> {
                if (value instanceof Boolean on) {
                    overrides.put((String) flag, on);
                }
            });
        } else {
            throw new RefusedTokenException("it holds something else than overrides");
        }
        return Map.copyOf(overrides);
    }

    /** Whether the value of an {@code Authorization} field holds a proof of access that is valid now. */
    boolean provesAccess(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return false;
        }
        try {
            if (hasPurpose(claims(authorization.substring(BEARER.length())), "proof")) {
                return true;
            }
            throw new RefusedTokenException("it was made for something else");
        } catch (RefusedTokenException e) {
            LOG.log(Level.DEBUG, "The proof of access to the flags does not count: " + e.getMessage());
            return false;
        }
    }

    private Map<?, ?> claims(String token) throws RefusedTokenException {
        Map<?, ?> claims = JsonValues.object(jwe.decrypt(token));
        if (claims == null) {
            throw new RefusedTokenException("its content is no JSON object");
        }
        double now = clock.instant().getEpochSecond();
        time(claims, "iat", now);
        // RFC 7519 §4.1.4 and §4.1.5: not any more at "exp", not yet before "nbf".
        if (time(claims, "exp", Double.POSITIVE_INFINITY) <= now) {
            throw new RefusedTokenException("it has expired");
        }
        if (time(claims, "nbf", now) > now) {
            throw new RefusedTokenException("it is not valid yet");
        }
        return claims;
    }

    /** A time in seconds; one that is there must be a number. */
    private static double time(Map<?, ?> claims, String name, double otherwise) throws RefusedTokenException {
        if (!claims.containsKey(name)) {
            return otherwise;
        }
        if (claims.get(name) instanceof Double time) {
            return time;
        }
        throw new RefusedTokenException("its \"" + name + "\" is no number");
    }

    private static boolean hasPurpose(Map<?, ?> claims, String purpose) {
        Object purposes = claims.get("pur");
        return purpose.equals(purposes) || (purposes instanceof List<?> several && several.contains(purpose));
    }

    /** ECMA-262 ToBoolean: the SDK hands on whatever the override is, and routing goes by whether that is truthy. */
    private static boolean isTruthy(@Nullable Object value) {
        if (value instanceof Boolean on) {
            return on;
        }
        if (value instanceof Double number) {
            return number != 0 && !number.isNaN();
        }
        return value != null && !value.equals("");
    }
}
