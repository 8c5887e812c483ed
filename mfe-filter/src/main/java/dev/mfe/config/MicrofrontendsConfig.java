package dev.mfe.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What {@code microfrontends.json} says. Valid by construction: every path expression can be compiled, exactly one zone
 * is the default, and no path belongs to two zones (or its {@linkplain #warnings() warning} says so).
 *
 * <p>The file means what it means to {@code @vercel/microfrontends} 2.4.0. On purpose different: text that is not JSON
 * with comments and trailing commas is refused, keys may not repeat, {@code "web": {}} is accepted for the default
 * zone, and every overlap of two zones is found, see {@link OverlapPolicy}.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class MicrofrontendsConfig {
    private static final String PROXY_PORT_VARIABLE = "MFE_LOCAL_PROXY_PORT";
    private static final int DEFAULT_PROXY_PORT = 3024;

    private final String source;
    private final List<Zone> zones;
    private final Zone defaultZone;
    private final Options options;
    private final List<Problem> warnings;

    MicrofrontendsConfig(String source, List<Zone> zones, Zone defaultZone, Options options, List<Problem> warnings) {
        this.source = source;
        this.zones = List.copyOf(zones);
        this.defaultZone = defaultZone;
        this.options = options;
        this.warnings = List.copyOf(warnings);
    }

    /** The object {@code options}; the port is a number as written. */
    record Options(boolean disableOverrides, @Nullable String localProxyPort) {
        static final Options NONE = new Options(false, null);
    }

    /**
     * Reads a file; overlaps are errors.
     *
     * @throws InvalidConfigException if the file cannot be used; lists every problem
     * @throws ConfigUnavailableException if the file cannot be read
     */
    public static MicrofrontendsConfig load(Path file) {
        return load(file, OverlapPolicy.ERROR);
    }

    /**
     * Reads a file.
     *
     * @throws InvalidConfigException if the file cannot be used; lists every problem
     * @throws ConfigUnavailableException if the file cannot be read
     */
    public static MicrofrontendsConfig load(Path file, OverlapPolicy overlaps) {
        return load(new ConfigSource.File(file), overlaps);
    }

    /**
     * Reads what a {@link ConfigLocator} found.
     *
     * @throws InvalidConfigException if the text cannot be used; lists every problem
     * @throws ConfigUnavailableException if it cannot be read
     */
    public static MicrofrontendsConfig load(ConfigSource source, OverlapPolicy overlaps) {
        return load(source, overlaps, UnaryOperator.identity());
    }

    /**
     * Reads what a {@link ConfigLocator} found, for an app that calls properties differently.
     *
     * @param propertyNames given a property as it is called here, returns how the app calls it; for messages
     * @throws InvalidConfigException if the text cannot be used; lists every problem
     * @throws ConfigUnavailableException if it cannot be read
     */
    public static MicrofrontendsConfig load(
            ConfigSource source, OverlapPolicy overlaps, UnaryOperator<String> propertyNames) {
        return parse(source.name(), Utf8.decode(source.name(), source.read()), overlaps, propertyNames);
    }

    /**
     * Reads a text; overlaps are errors.
     *
     * @param source name of the text in messages
     * @throws InvalidConfigException if the text cannot be used; lists every problem
     */
    public static MicrofrontendsConfig parse(String source, String text) {
        return parse(source, text, OverlapPolicy.ERROR);
    }

    /**
     * Reads a text.
     *
     * @param source name of the text in messages
     * @throws InvalidConfigException if the text cannot be used; lists every problem
     */
    public static MicrofrontendsConfig parse(String source, String text, OverlapPolicy overlaps) {
        return parse(source, text, overlaps, UnaryOperator.identity());
    }

    /**
     * Reads a text for an app that calls properties differently.
     *
     * @param source name of the text in messages
     * @param propertyNames given a property as it is called here, returns how the app calls it; for messages
     * @throws InvalidConfigException if the text cannot be used; lists every problem
     */
    public static MicrofrontendsConfig parse(
            String source, String text, OverlapPolicy overlaps, UnaryOperator<String> propertyNames) {
        return new ConfigReader(new SourceText(source, text), overlaps, propertyNames).read();
    }

    /** The zones in the order of the file, the default zone among them. */
    public List<Zone> zones() {
        return zones;
    }

    /** The zone that answers what nobody else claims. */
    public Zone defaultZone() {
        return defaultZone;
    }

    /**
     * The zone with this name; if there is none, the first with this package name. The default zone goes first: it is
     * found by its package name even where another zone has that name, as in the npm package.
     */
    public Optional<Zone> zone(String nameOrPackageName) {
        if (isCalled(defaultZone, nameOrPackageName)) {
            return Optional.of(defaultZone);
        }
        return zones.stream()
                .filter(zone -> zone.name().equals(nameOrPackageName))
                .findFirst()
                .or(() -> zones.stream()
                        .filter(zone -> isCalled(zone, nameOrPackageName))
                        .findFirst());
    }

    private static boolean isCalled(Zone zone, String name) {
        return zone.name().equals(name)
                || zone.packageName().filter(name::equals).isPresent();
    }

    /**
     * Where a zone is reached in development when it does not run on this machine: its own fallback, or the default
     * zone's.
     */
    public Optional<Origin> fallback(Zone zone) {
        return zone.development().fallback().or(defaultZone.development()::fallback);
    }

    /** Whether the file forbids clients to ask for another deployment of a zone. */
    public boolean overridesDisabled() {
        return options.disableOverrides();
    }

    /**
     * The port of the development proxy, 3024 if the file gives none.
     *
     * @throws IllegalStateException if the file has a number there that is no port; reading it gave a
     *     {@linkplain #warnings() warning}
     */
    public int localProxyPort() {
        String configured = options.localProxyPort();
        if (configured == null) {
            return DEFAULT_PROXY_PORT;
        }
        Integer port = PortNumber.of(configured);
        if (port == null) {
            throw new IllegalStateException(
                    "options.localProxyPort is " + configured + ", which is no port; use 1 to 65535");
        }
        return port;
    }

    /**
     * As {@link #localProxyPort()}, but a port in the environment variable {@code MFE_LOCAL_PROXY_PORT} wins.
     *
     * @param environment value of an environment variable, or null
     */
    public int localProxyPort(Function<String, @Nullable String> environment) {
        Integer port = PortNumber.fromEnvironment(environment.apply(PROXY_PORT_VARIABLE));
        return port == null ? localProxyPort() : port;
    }

    /** What is accepted but hardly meant, in the order of the file. */
    public List<Problem> warnings() {
        return warnings;
    }

    /** Where the text came from, as in messages. */
    public String source() {
        return source;
    }
}
