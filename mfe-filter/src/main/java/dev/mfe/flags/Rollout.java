package dev.mfe.flags;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A flag that its property answers alone: {@code true}, {@code false}, or a share of the visitors.
 *
 * @param property its name as the app spells it, for messages
 * @param text the value of the property, for messages
 * @param size how many of the {@link #BUCKETS} are switched on
 */
record Rollout(String property, String text, int size) implements FlagSource {
    /** One bucket is 0.01 %. */
    static final int BUCKETS = 10_000;

    private static final Pattern SHARE = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,2})?)%");

    /** The property of a flag, before the app's own spelling. */
    static String property(String flag) {
        return "mfe.flags." + flag;
    }

    /**
     * Reads the property of a flag; the message of the exception names the property, the value and what is allowed.
     *
     * @param property its name as the app spells it
     * @param value what it says
     */
    static Rollout parse(String property, String value) {
        String text = value.strip();
        int size = switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> BUCKETS;
            case "false" -> 0;
            default -> share(text);
        };
        if (size < 0 || size > BUCKETS) {
            throw new IllegalArgumentException(property + "=" + value
                    + ": allowed are true, false, or a percentage from 0% to 100% with at most two decimals, such as 25% or"
                    + " 0.5%");
        }
        return new Rollout(property, text, size);
    }

    private static int share(String text) {
        var matcher = SHARE.matcher(text);
        return matcher.matches()
                ? new BigDecimal(matcher.group(1)).movePointRight(2).intValueExact()
                : -1;
    }

    /** Whether the answer differs between visitors; if not, nobody needs an id. */
    boolean isPartial() {
        return size > 0 && size < BUCKETS;
    }

    /** A larger share contains every smaller one, so raising it takes the flag from nobody. */
    boolean includes(String flag, String id) {
        return bucket(flag, id) < size;
    }

    /**
     * Where an id stands in the order in which a flag reaches the visitors. The name is hashed too, so that two flags
     * at 5 % do not meet the same visitors. Part of the promise to users: another formula would change everybody's
     * flags.
     */
    static int bucket(String flag, String id) {
        MessageDigest sha256 = sha256();
        sha256.update(flag.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
        sha256.update(id.getBytes(StandardCharsets.UTF_8));
        // 2^64 is so much larger than the number of buckets that the remainder favours none measurably.
        return (int) Long.remainderUnsigned(ByteBuffer.wrap(sha256.digest()).getLong(), BUCKETS);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
