package dev.mfe.quarkus.runtime;

import dev.mfe.quarkus.runtime.MicrofrontendsConfiguration.Mode;
import dev.mfe.quarkus.runtime.MicrofrontendsConfiguration.ZoneConfiguration;
import io.quarkus.runtime.LaunchMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** What is {@code mfe.*} to the gateway is {@code quarkus.mfe.*} to the user: the values one way, messages the other way. */
public final class PropertyNames {

    /** Below {@code mfe.flags}, but no flags. */
    private static final Set<String> NO_FLAGS = Set.of("timeout", "secret", "sdk-secret");

    /** A property, and neither {@code dev.mfe.flags.FlagProvider}, {@code /mfe.json} nor {@code quarkus.mfe.mode}. */
    private static final Pattern PROPERTY = Pattern.compile("(?<![\\w./-])mfe\\.(?=[a-z])");

    private PropertyNames() {}

    /**
     * A message of the core, with the names that the user knows.
     *
     * @param message names {@code mfe.*}
     * @return names {@code quarkus.mfe.*}
     */
    public static String inMessage(String message) {
        return PROPERTY.matcher(message).replaceAll("quarkus.mfe.");
    }

    /**
     * A name of a zone or flag as it stands in a property.
     *
     * @param name any
     * @return between quotes where it has to be
     */
    public static String key(String name) {
        return name.matches("[A-Za-z0-9_-]+")
                ? name
                : "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /**
     * The value of a flag's property.
     *
     * @param flag its name
     * @return null if it has none
     */
    public static @Nullable String flag(String flag) {
        Config config = ConfigProvider.getConfig();
        return config.getOptionalValue("quarkus.mfe.flags." + key(flag), String.class)
                .or(() -> config.getOptionalValue("quarkus.mfe.flags.\"" + flag + "\"", String.class))
                .orElse(null);
    }

    /** The flags that have a property. */
    static Map<String, String> flags(MicrofrontendsConfiguration configuration) {
        Map<String, String> flags = new LinkedHashMap<>(configuration.flags().values());
        flags.keySet().removeAll(NO_FLAGS);
        return flags;
    }

    /**
     * The values as the gateway takes them.
     *
     * @param fixed what was decided when the app was built
     * @param configuration what is decided now
     * @param launchMode how the app is run
     * @return values by the names of the core
     */
    static Map<String, String> forGateway(
            MicrofrontendsFixedConfig fixed, MicrofrontendsConfiguration configuration, LaunchMode launchMode) {
        Map<String, String> all = new LinkedHashMap<>();
        put(all, "mfe.config.location", fixed.config().location());
        put(all, "mfe.config.overlaps", fixed.config().overlaps());
        put(all, "mfe.filter.order", fixed.filter().order());
        put(all, "mfe.application", configuration.application());
        configuration.zones().forEach((name, zone) -> zone(all, "mfe.zones." + name + ".", zone));
        flags(configuration).forEach((name, value) -> put(all, "mfe.flags." + name, value));
        put(all, "mfe.flags.timeout", configuration.flags().timeout());
        put(all, "mfe.flags.secret", configuration.flags().secret());
        put(all, "mfe.flags.sdk-secret", configuration.flags().sdkSecret());
        put(all, "mfe.exclude", configuration.exclude());
        put(all, "mfe.trusted-proxies", configuration.trustedProxies());
        put(all, "mfe.overrides.allowed-hosts", configuration.overrides().allowedHosts());
        put(all, "mfe.overrides.credentials", configuration.overrides().credentials());
        put(all, "mfe.identity.secret", configuration.identity().secret());
        put(all, "mfe.session-cookies", sessionCookies(configuration));
        put(
                all,
                "mfe.mode",
                configuration.mode().orElse(launchMode == LaunchMode.DEVELOPMENT ? Mode.DEVELOPMENT : Mode.PRODUCTION));
        put(all, "mfe.debug", configuration.debug());
        put(all, "mfe.speculation-rules", configuration.speculationRules());
        // Whoever waits for a change to show must not wait for an event stream to end.
        put(
                all,
                "mfe.drain-timeout",
                launchMode == LaunchMode.DEVELOPMENT ? Duration.ZERO : configuration.drainTimeout());
        return all;
    }

    private static List<String> sessionCookies(MicrofrontendsConfiguration configuration) {
        List<String> cookies = new ArrayList<>(configuration.sessionCookies());
        ConfigProvider.getConfig()
                .getOptionalValue("quarkus.http.auth.form.cookie-name", String.class)
                .ifPresent(cookies::add);
        return cookies;
    }

    private static void zone(Map<String, String> all, String prefix, ZoneConfiguration zone) {
        put(all, prefix + "url", zone.url());
        put(all, prefix + "preserve-host", zone.preserveHost());
        put(all, prefix + "fallback", zone.fallback());
        put(all, prefix + "external", zone.external());
        put(all, prefix + "identity", zone.identity());
        put(all, prefix + "max-in-flight", zone.maxInFlight());
        put(all, prefix + "connect-timeout", zone.connectTimeout());
        put(all, prefix + "response-timeout", zone.responseTimeout());
        put(all, prefix + "idle-timeout", zone.idleTimeout());
        put(all, prefix + "tls-trusted-certificates", zone.tlsTrustedCertificates());
        put(all, prefix + "tls-certificate", zone.tlsCertificate());
        put(all, prefix + "tls-private-key", zone.tlsPrivateKey());
    }

    private static void put(Map<String, String> all, String name, Optional<?> value) {
        value.ifPresent(present -> put(all, name, present));
    }

    private static void put(Map<String, String> all, String name, Object value) {
        if (value instanceof Collection<?> list) {
            all.put(name, String.join(",", list.stream().map(String::valueOf).toList()));
        } else if (value instanceof Enum<?> choice) {
            all.put(name, choice.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        } else {
            all.put(name, value.toString());
        }
    }
}
