package dev.mfe.flags;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * What an adapter has to know to work with Vercel's <a href="https://flags-sdk.dev">Flags SDK</a> and its toolbar.
 * Switched on by {@link Flags.Builder#sdkSecret}.
 *
 * @since 0.1
 */
public final class FlagsSdk {
    /**
     * The cookie in which the toolbar puts overrides of flags. {@link FlagValues} reads it; to zones it goes on, since
     * those that use the SDK too go by it, but not to zones of others.
     */
    public static final String OVERRIDES_COOKIE = "vercel-flag-overrides";

    /** Where the toolbar asks which flags there are; see {@link Flags#discovery}. */
    public static final String DISCOVERY_PATH = "/.well-known/vercel/flags";

    /** The toolbar wants to know whose rules an answer follows; since version 4 tokens say what they are for. */
    private static final String VERSION = "4.3.1";

    private static final List<Map<String, Object>> OPTIONS = List.of(option(false, "Off"), option(true, "On"));

    private FlagsSdk() {}

    /**
     * A response to be written as it is, but for the body if the method is HEAD.
     *
     * @param status the status code
     * @param fields header fields
     * @param body JSON, to be sent in UTF-8
     * @since 0.1
     */
    public record Discovery(int status, Map<String, String> fields, String body) {
        /** Copies the fields. */
        public Discovery {
            fields = Map.copyOf(fields);
        }
    }

    static Discovery methodNotAllowed() {
        return answer(405, Map.of("Allow", "GET, HEAD"), "null");
    }

    static Discovery unauthorized() {
        // RFC 9110 §15.5.2: a 401 has to say what would help.
        return answer(401, Map.of("WWW-Authenticate", "Bearer"), "null");
    }

    static Discovery definitions(SortedSet<String> flags, Map<String, String> descriptions) {
        Map<String, Object> definitions = new LinkedHashMap<>();
        for (String flag : flags) {
            Map<String, Object> definition = new LinkedHashMap<>();
            definition.put("options", OPTIONS);
            String description = descriptions.get(flag);
            if (description != null) {
                definition.put("description", description);
            }
            definition.put("declaredInCode", true);
            definitions.put(flag, definition);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("definitions", definitions);
        body.put("hints", List.of());
        return answer(200, Map.of("x-flags-sdk-version", VERSION), JsonValues.text(body));
    }

    private static Discovery answer(int status, Map<String, String> more, String body) {
        Map<String, String> fields = new LinkedHashMap<>(more);
        fields.put("Content-Type", "application/json");
        fields.put("Cache-Control", "no-store");
        fields.put("X-Content-Type-Options", "nosniff");
        return new Discovery(status, fields, body);
    }

    private static Map<String, Object> option(boolean value, String label) {
        Map<String, Object> option = new LinkedHashMap<>();
        option.put("value", value);
        option.put("label", label);
        return option;
    }
}
