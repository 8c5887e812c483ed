package dev.mfe.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What the browser's part of {@code @vercel/microfrontends} is told about the zones: their paths under hashed names, so
 * that links can be prefetched across zones. Names of zones, groups and flags do not appear.
 *
 * @since 0.1
 */
public final class ClientConfig {
    private ClientConfig() {}

    /**
     * The body of {@code /.well-known/vercel/microfrontends/client-config}, byte for byte as the package writes it.
     *
     * @param flags whether a flag is on for this visitor; asked for each flagged path group in the order of the file
     */
    public static String json(MicrofrontendsConfig config, Predicate<String> flags) {
        Map<String, String> zones = new LinkedHashMap<>();
        boolean hasFlaggedPaths = false;
        for (Zone zone : config.zones()) {
            if (!zone.isDefault()) {
                zones.put(zone.hash(), "{\"default\":false,\"routing\":" + routing(zone, flags) + "}");
                hasFlaggedPaths |=
                        zone.routing().stream().anyMatch(group -> group.flag().isPresent());
            }
        }
        zones.put(config.defaultZone().hash(), "{\"default\":true}");
        StringBuilder json = new StringBuilder("{\"config\":{\"applications\":{");
        inJavaScriptOrder(zones).forEach((hash, zone) -> {
            json.append(json.charAt(json.length() - 1) == '{' ? "" : ",");
            json.append('"').append(hash).append("\":").append(zone);
        });
        json.append('}').append(hasFlaggedPaths ? ",\"hasFlaggedPaths\":true" : "");
        return json.append("}}").toString();
    }

    /** One list of paths: those whose flags are on, then those without a flag. */
    private static String routing(Zone zone, Predicate<String> flags) {
        List<String> paths = new ArrayList<>();
        for (PathGroup group : zone.routing()) {
            if (group.flag().isPresent() && flags.test(group.flag().get())) {
                group.paths().forEach(path -> paths.add(quote(path.text())));
            }
        }
        for (PathGroup group : zone.routing()) {
            if (group.flag().isEmpty()) {
                group.paths().forEach(path -> paths.add(quote(path.text())));
            }
        }
        return paths.isEmpty() ? "[]" : "[{\"paths\":[" + String.join(",", paths) + "]}]";
    }

    /** Keys that look like an array index come first in an ECMAScript object, by their number. */
    private static Map<String, String> inJavaScriptOrder(Map<String, String> zones) {
        TreeMap<Integer, String> indexes = new TreeMap<>();
        for (String hash : zones.keySet()) {
            if (hash.chars().allMatch(c -> c >= '0' && c <= '9') && !hash.startsWith("0")) {
                indexes.put(Integer.parseInt(hash), hash);
            }
        }
        Map<String, String> ordered = new LinkedHashMap<>();
        indexes.values().forEach(hash -> ordered.put(hash, zones.getOrDefault(hash, "")));
        zones.forEach(ordered::putIfAbsent);
        return ordered;
    }

    /** As {@code JSON.stringify}: only what must be escaped is, and lone surrogates. */
    static String quote(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    boolean paired = Character.isHighSurrogate(c)
                            ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                            : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
                    if (c < ' ' || (Character.isSurrogate(c) && !paired)) {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }
}
