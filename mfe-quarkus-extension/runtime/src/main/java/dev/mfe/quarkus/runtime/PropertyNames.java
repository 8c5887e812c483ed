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
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * What is {@code mfe.*} to the gateway is {@code quarkus.mfe.*} to the user: values one way, names in messages the
 * other way.
 */
public final class PropertyNames {

    /** Below {@code mfe.flags}, but no flags. */
    private static final Set<String> NO_FLAGS = Set.of("timeout", "secret", "sdk-secret");

    /** What stands behind the name of a zone. */
    static final Set<String> OF_ZONE = Set.of(
            "url",
            "preserve-host",
            "fallback",
            "external",
            "identity",
            "max-in-flight",
            "connect-timeout",
            "response-timeout",
            "idle-timeout",
            "tls-trusted-certificates",
            "tls-certificate",
            "tls-private-key");

    private static final String ZONES = "mfe.zones.";
    private static final String FLAGS = "mfe.flags.";

    private PropertyNames() {}

    /**
     * A property as the user writes it.
     *
     * @param name as the core calls it, such as {@code mfe.zones.my.docs.url}
     * @return such as {@code quarkus.mfe.zones."my.docs".url}
     */
    public static String written(String name) {
        if (name.startsWith(ZONES)) {
            String zone = name.substring(ZONES.length());
            int dot = zone.lastIndexOf('.');
            return "quarkus." + ZONES
                    + (dot > 0 && OF_ZONE.contains(zone.substring(dot + 1))
                            ? key(zone.substring(0, dot)) + zone.substring(dot)
                            : key(zone));
        }
        if (name.startsWith(FLAGS)) {
            String flag = name.substring(FLAGS.length());
            return "quarkus." + FLAGS + (NO_FLAGS.contains(flag) ? flag : key(flag));
        }
        return "quarkus." + name;
    }

    /** A name of a zone or flag as it stands in a property: between quotes where it has to be. */
    private static String key(String name) {
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
        return config.getOptionalValue(written(FLAGS + flag), String.class)
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
