package dev.mfe.proxy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The field names we meet all day. A name found here costs no String, and rules can ask for it by identity.
 *
 * @since 0.1
 */
public enum KnownField {
    ACCEPT,
    ACCEPT_CHARSET,
    ACCEPT_ENCODING,
    ACCEPT_LANGUAGE,
    ACCEPT_RANGES,
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD,
    AGE,
    ALLOW,
    ALT_SVC,
    AUTHORIZATION,
    CACHE_CONTROL,
    CONNECTION,
    CONTENT_DISPOSITION,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_LOCATION,
    CONTENT_RANGE,
    CONTENT_SECURITY_POLICY,
    CONTENT_TYPE,
    COOKIE,
    CROSS_ORIGIN_EMBEDDER_POLICY,
    CROSS_ORIGIN_OPENER_POLICY,
    CROSS_ORIGIN_RESOURCE_POLICY,
    DATE,
    ETAG("ETag"),
    EXPECT,
    EXPIRES,
    FORWARDED,
    HOST,
    IF_MATCH,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    IF_RANGE,
    IF_UNMODIFIED_SINCE,
    KEEP_ALIVE,
    LAST_MODIFIED,
    LINK,
    LOCATION,
    MAX_FORWARDS,
    NEXT_ACTION,
    NEXT_ROUTER_STATE_TREE,
    ORIGIN,
    PERMISSIONS_POLICY,
    PRAGMA,
    PRIORITY,
    PROXY_AUTHENTICATE,
    PROXY_AUTHENTICATION_INFO,
    PROXY_AUTHORIZATION,
    PROXY_CONNECTION,
    RANGE,
    REFERER,
    REFERRER_POLICY,
    REFRESH,
    RETRY_AFTER,
    RSC("RSC"),
    SEC_CH_UA("sec-ch-ua"),
    SEC_CH_UA_MOBILE("sec-ch-ua-mobile"),
    SEC_CH_UA_PLATFORM("sec-ch-ua-platform"),
    SEC_FETCH_DEST,
    SEC_FETCH_MODE,
    SEC_FETCH_SITE,
    SEC_FETCH_USER,
    SEC_PURPOSE,
    SEC_WEBSOCKET_ACCEPT("Sec-WebSocket-Accept"),
    SEC_WEBSOCKET_EXTENSIONS("Sec-WebSocket-Extensions"),
    SEC_WEBSOCKET_KEY("Sec-WebSocket-Key"),
    SEC_WEBSOCKET_PROTOCOL("Sec-WebSocket-Protocol"),
    SEC_WEBSOCKET_VERSION("Sec-WebSocket-Version"),
    SERVER,
    SERVER_TIMING,
    SET_COOKIE,
    STRICT_TRANSPORT_SECURITY,
    TE("TE"),
    TRACEPARENT("traceparent"),
    TRACESTATE("tracestate"),
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    UPGRADE_INSECURE_REQUESTS,
    USER_AGENT,
    VARY,
    VIA,
    WWW_AUTHENTICATE("WWW-Authenticate"),
    X_ACCEL_BUFFERING,
    X_CONTENT_TYPE_OPTIONS,
    X_FORWARDED_FOR,
    X_FORWARDED_HOST,
    X_FORWARDED_PORT,
    X_FORWARDED_PREFIX,
    X_FORWARDED_PROTO,
    X_FRAME_OPTIONS,
    X_NEXTJS_CACHE("x-nextjs-cache"),
    X_NEXTJS_PRERENDER("x-nextjs-prerender"),
    X_NEXTJS_STALE_TIME("x-nextjs-stale-time"),
    X_POWERED_BY,
    X_REAL_IP("X-Real-IP"),
    X_REQUEST_ID("X-Request-ID"),
    X_XSS_PROTECTION("X-XSS-Protection");

    private static final int SLOTS = 1024;
    private static final @Nullable KnownField[] TABLE = table();

    private final String canonical;
    private final String lower;

    KnownField() {
        StringBuilder name = new StringBuilder();
        for (String word : name().split("_", -1)) {
            name.append(name.isEmpty() ? "" : "-")
                    .append(word.charAt(0))
                    .append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        this.canonical = name.toString();
        this.lower = canonical.toLowerCase(Locale.ROOT);
    }

    KnownField(String canonical) {
        this.canonical = canonical;
        this.lower = canonical.toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the name as documents write it.
     *
     * @return for example {@code Content-Type}
     */
    public String canonicalName() {
        return canonical;
    }

    /**
     * Finds a name, whatever its case.
     *
     * @param name a field name
     * @return the known field, or null
     */
    public static @Nullable KnownField of(String name) {
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = hash(hash, name.charAt(i));
        }
        for (int slot = hash & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
            KnownField candidate = TABLE[slot];
            if (candidate == null || matches(candidate.lower, name)) {
                return candidate;
            }
        }
    }

    /** One step of the hash of a name; setting the bit 0x20 makes letters lower-case and only mixes up the others. */
    static int hash(int hash, int character) {
        return hash * 31 + (character | 0x20);
    }

    static @Nullable KnownField of(int hash, byte[] bytes, int from, int to) {
        for (int slot = hash & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
            KnownField candidate = TABLE[slot];
            if (candidate == null || matches(candidate.lower, bytes, from, to)) {
                return candidate;
            }
        }
    }

    /** The name in the case the origin used, without making a String where that case is a usual one. */
    @SuppressWarnings("deprecation") // the bytes are a token, hence ASCII; this constructor copies them in one go
    String spelled(byte[] bytes, int from, int to) {
        if (same(canonical, bytes, from)) {
            return canonical;
        }
        return same(lower, bytes, from) ? lower : new String(bytes, 0, from, to - from);
    }

    private static boolean same(String name, byte[] bytes, int from) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String lower, byte[] bytes, int from, int to) {
        if (lower.length() != to - from) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (lower.charAt(i) != lowerCase(bytes[from + i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String lower, String name) {
        if (lower.length() != name.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (lower.charAt(i) != lowerCase(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lowerCase(int c) {
        return c >= 'A' && c <= 'Z' ? c + 0x20 : c;
    }

    private static @Nullable KnownField[] table() {
        @Nullable KnownField[] table = new @Nullable KnownField[SLOTS];
        for (KnownField field : values()) {
            int hash = 0;
            for (int i = 0; i < field.lower.length(); i++) {
                hash = hash(hash, field.lower.charAt(i));
            }
            int slot = hash & (SLOTS - 1);
            while (table[slot] != null) {
                slot = (slot + 1) & (SLOTS - 1);
            }
            table[slot] = field;
        }
        return table;
    }
}
