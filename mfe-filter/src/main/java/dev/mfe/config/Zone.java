package dev.mfe.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An entry of {@code applications} in {@code microfrontends.json}: an HTTP app that owns paths, or the default zone,
 * which answers what nobody else claims.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class Zone {
    private static final String GENERATED_PREFIX = "vc-ap-";
    private static final int FIRST_GENERATED_PORT = 3000;
    private static final int GENERATED_PORTS = 5000;
    private static final int HASH_BYTES = 3;

    private final String name;
    private final @Nullable String packageName;
    private final boolean isDefault;
    private final List<PathGroup> routing;
    private final @Nullable String assetPrefix;
    private final List<String> assetPrefixes;
    private final String hash;
    private final Development development;

    Zone(
            String name,
            @Nullable String packageName,
            boolean isDefault,
            List<PathGroup> routing,
            @Nullable String assetPrefix,
            Development development) {
        this.name = name;
        this.packageName = packageName;
        this.isDefault = isDefault;
        this.routing = List.copyOf(routing);
        this.assetPrefix = assetPrefix == null || assetPrefix.isEmpty() ? null : assetPrefix;
        this.hash = hash(name);
        this.assetPrefixes = isDefault ? List.of() : assetPrefixes(name, hash, this.assetPrefix);
        this.development = development;
    }

    private static List<String> assetPrefixes(String name, String hash, @Nullable String configured) {
        Set<String> prefixes = new LinkedHashSet<>();
        if (configured != null) {
            prefixes.add(configured);
        }
        prefixes.add(GENERATED_PREFIX + hash);
        prefixes.add(namedAssetPrefix(name));
        return List.copyOf(prefixes);
    }

    /** The name of the entry. */
    public String name() {
        return name;
    }

    /** The name of the zone's package, where it differs from that of the entry. */
    public Optional<String> packageName() {
        return Optional.ofNullable(packageName);
    }

    /** Whether this is the default zone: the one entry without {@code routing}. */
    public boolean isDefault() {
        return isDefault;
    }

    /** The path groups in the order of the file; none for the default zone. */
    public List<PathGroup> routing() {
        return routing;
    }

    /** The asset prefix that the file gives; an empty one counts as none. */
    public Optional<String> assetPrefix() {
        return Optional.ofNullable(assetPrefix);
    }

    /**
     * First path segments that belong to this zone without being listed in {@code routing}: the configured asset
     * prefix, {@code vc-ap-<hash>} and {@code vc-ap-<name>}; none for the default zone. Plain text, no path
     * expressions.
     */
    public List<String> assetPrefixes() {
        return assetPrefixes;
    }

    /** {@code vc-ap-<hash>}, the asset prefix of a zone for which the file gives none. */
    public String defaultAssetPrefix() {
        return GENERATED_PREFIX + hash;
    }

    /**
     * The first six hexadecimal digits of the MD5 of the name: what stands for the zone where its name should not show.
     */
    public String hash() {
        return hash;
    }

    /** Where the zone is found while developing. */
    public Development development() {
        return development;
    }

    /**
     * The environment variable that may hold the secret with which automation passes this zone's deployment protection.
     */
    public String automationBypassVariable() {
        StringBuilder variable = new StringBuilder("AUTOMATION_BYPASS_");
        for (char c : name.toUpperCase(Locale.ROOT).toCharArray()) {
            variable.append((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_');
        }
        return variable.toString();
    }

    /** {@code zone "docs"}, for messages. */
    @Override
    public String toString() {
        return "zone " + Printable.quote(name);
    }

    static String namedAssetPrefix(String name) {
        return GENERATED_PREFIX + name;
    }

    static int generatedPort(String name) {
        // The package hashes names as String.hashCode does, and takes the absolute value of the widened number
        return (int) (FIRST_GENERATED_PORT + Math.abs((long) name.hashCode()) % GENERATED_PORTS);
    }

    private static String hash(String name) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(md5.digest(name.getBytes(StandardCharsets.UTF_8)), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }
}
