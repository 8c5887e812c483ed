package dev.mfe.gateway;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.Origin;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.config.Zone;
import dev.mfe.flags.Flags;
import dev.mfe.path.PathExpression;
import dev.mfe.path.PathExpressionException;
import dev.mfe.proxy.PemFiles;
import dev.mfe.proxy.TrustedProxies;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What the properties say once the routing file is known. Valid by construction.
 *
 * @param application the zone that the local app serves; null for the default zone
 * @param zones by name, one for each zone of the routing file
 * @param exclude paths that are passed on to the local app without looking at them
 * @param trustedProxies whose forwarded fields are believed
 * @param allowedOverrideHosts where a client's override may lead
 * @param overrideCredentials whether an override's host gets what the zone itself gets of who is logged in
 * @param identityTokens signs who is logged in; null where no zone asks for that
 * @param sessionCookies cookies of the local app that an external zone must not see
 * @param debug when to tell clients why a zone was chosen
 * @param beforeSecurity whether the filter runs in front of those that check who is there
 * @param speculationRules whether browsers are told which pages of other zones they may prefetch
 * @param drainTimeout how long requests in flight may take when the app stops
 * @param propertyNames how the app calls a property, for messages
 * @since 0.1
 */
public record Settings(
        @Nullable String application,
        Map<String, ZoneSettings> zones,
        List<PathExpression> exclude,
        TrustedProxies trustedProxies,
        List<String> allowedOverrideHosts,
        boolean overrideCredentials,
        @Nullable IdentityTokens identityTokens,
        Set<String> sessionCookies,
        Debug debug,
        boolean beforeSecurity,
        boolean speculationRules,
        Duration drainTimeout,
        UnaryOperator<String> propertyNames) {

    /** When debug headers are sent. */
    public enum Debug {
        /** Never. */
        OFF,
        /** To clients with the cookie {@code VERCEL_MFE_DEBUG=1}. */
        COOKIE,
        /** Always. */
        ON
    }

    private static final int DEFAULT_MAX_IN_FLIGHT = 4096;
    private static final int LARGEST_MAX_IN_FLIGHT = 65536;
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");
    private static final Pattern HOST_PATTERN =
            Pattern.compile("(\\*\\.)?[a-z0-9.-]+(:\\d{1,5})?|\\[[0-9a-f:]+](:\\d{1,5})?");

    /** {@code mfe.config.location}. */
    static @Nullable String configLocation(Properties properties) {
        return properties.text("mfe.config.location");
    }

    /** {@code mfe.config.overlaps}. */
    static OverlapPolicy overlaps(Properties properties) {
        return properties.choice(
                "mfe.config.overlaps",
                Map.of("error", OverlapPolicy.ERROR, "warn", OverlapPolicy.WARN),
                OverlapPolicy.ERROR);
    }

    /**
     * Whether a cookie belongs to a session of the local app.
     *
     * @param name of the cookie; a name in the properties that ends in {@code *} stands for all that begin so
     */
    public boolean isSessionCookie(String name) {
        return sessionCookies.contains(name)
                || sessionCookies.stream()
                        .anyMatch(cookie ->
                                cookie.endsWith("*") && name.startsWith(cookie.substring(0, cookie.length() - 1)));
    }

    /**
     * Reads everything.
     *
     * @throws IllegalArgumentException with all problems, each with the property and what to do
     */
    static Settings read(Properties properties, MicrofrontendsConfig config) {
        Map<String, ZoneSettings> zones = new LinkedHashMap<>();
        for (Zone zone : config.zones()) {
            zones.put(zone.name(), zone(properties, "mfe.zones." + zone.name() + "."));
        }
        Set<String> sessionCookies = new TreeSet<>(properties.list("mfe.session-cookies", cookie -> cookie));
        if (sessionCookies.isEmpty()) {
            sessionCookies = Set.of("JSESSIONID", "SESSION", "remember-me");
        }
        TrustedProxies trusted =
                properties.parsed("mfe.trusted-proxies", text -> TrustedProxies.parse(List.of(text.split(",", -1))));
        Settings settings = new Settings(
                properties.text("mfe.application"),
                Map.copyOf(zones),
                properties.list("mfe.exclude", Settings::path),
                trusted == null ? TrustedProxies.parse(List.of()) : trusted,
                properties.list("mfe.overrides.allowed-hosts", Settings::hostPattern),
                properties.flag("mfe.overrides.credentials", false),
                identityTokens(properties, zones),
                Set.copyOf(sessionCookies),
                properties.choice(
                        "mfe.debug",
                        Map.of("off", Debug.OFF, "cookie", Debug.COOKIE, "on", Debug.ON),
                        development(properties) ? Debug.ON : Debug.OFF),
                properties.choice("mfe.filter.order", Map.of("before-security", true, "after-security", false), false),
                properties.flag("mfe.speculation-rules", false),
                duration(properties, "mfe.drain-timeout", Duration.ofSeconds(20)),
                properties.names());
        reportUnknownZones(properties, config);
        String application = settings.application();
        if (application != null && config.zone(application).isEmpty()) {
            properties.problem(
                    "mfe.application", "the routing file has no zone \"" + application + "\"", zoneNames(config));
        }
        return settings;
    }

    private static @Nullable IdentityTokens identityTokens(Properties properties, Map<String, ZoneSettings> zones) {
        String name = "mfe.identity.secret";
        String secret = properties.text(name);
        String asking = zones.entrySet().stream()
                .filter(zone -> zone.getValue().identity() == Identity.JWT)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        if (asking == null) {
            return null;
        }
        if (secret == null || secret.isEmpty()) {
            properties.problem(
                    name,
                    properties.written("mfe.zones." + asking + ".identity") + "=jwt takes a secret to sign with",
                    "set it to at least 32 bytes that the zone knows as well, for example the output of: openssl rand"
                            + " -base64 32");
            return null;
        }
        return properties.parsed(name, text -> new IdentityTokens(text, InstantSource.system()));
    }

    /** {@code mfe.mode}. */
    private static boolean development(Properties properties) {
        return properties.choice("mfe.mode", Map.of("development", true, "production", false), false);
    }

    /** {@code mfe.flags.timeout} and {@code mfe.flags.secret}. */
    static void flagSettings(Properties properties, Flags.Builder flags) {
        properties.parsed("mfe.flags.timeout", text -> flags.timeout(duration(text)));
        properties.parsed("mfe.flags.secret", flags::secret);
        flagsSdkSettings(properties, flags);
    }

    /** {@code mfe.flags.sdk-secret}, or {@code FLAGS_SECRET} in the environment, its name wherever the Flags SDK runs. */
    private static void flagsSdkSettings(Properties properties, Flags.Builder flags) {
        String secret = properties.text("mfe.flags.sdk-secret", "FLAGS_SECRET");
        if (secret != null && !secret.isEmpty()) {
            flags.sdkSecret(secret);
        }
    }

    private static ZoneSettings zone(Properties properties, String prefix) {
        dev.mfe.config.Origin url = properties.parsed(prefix + "url", Origin::parse);
        boolean external = properties.flag(prefix + "external", false);
        return new ZoneSettings(
                url,
                properties.flag(prefix + "preserve-host", false),
                properties.choice(prefix + "fallback", Map.of("local", true, "none", false), false),
                external,
                !external,
                properties.choice(
                        prefix + "identity",
                        Map.of("none", Identity.NONE, "header", Identity.HEADER, "jwt", Identity.JWT),
                        Identity.NONE),
                maxInFlight(properties, prefix + "max-in-flight"),
                duration(properties, prefix + "connect-timeout", Duration.ofSeconds(2)),
                duration(properties, prefix + "response-timeout", Duration.ofSeconds(30)),
                duration(properties, prefix + "idle-timeout", Duration.ofSeconds(60)),
                sslContext(properties, prefix, url));
    }

    private static @Nullable SSLContext sslContext(Properties properties, String prefix, @Nullable Origin url) {
        Path trusted = properties.parsed(prefix + "tls-trusted-certificates", Path::of);
        Path certificate = properties.parsed(prefix + "tls-certificate", Path::of);
        Path privateKey = properties.parsed(prefix + "tls-private-key", Path::of);
        if (trusted == null && certificate == null && privateKey == null) {
            return null;
        }
        if ((certificate == null) != (privateKey == null)) {
            String missing = prefix + (certificate == null ? "tls-certificate" : "tls-private-key");
            properties.problem(missing, "a certificate and its private key belong together", "set this one as well");
            return null;
        }
        if (url != null && url.scheme().equals("http")) {
            properties.problem(prefix + "url", "there are files for TLS, but the URL is http", "write https://");
        }
        String about = certificate == null ? "tls-trusted-certificates" : "tls-certificate";
        return properties.parsed(prefix + about, path -> PemFiles.sslContext(trusted, certificate, privateKey));
    }

    private static int maxInFlight(Properties properties, String name) {
        Integer value = properties.parsed(name, text -> {
            int number =
                    text.length() <= 6 && text.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(text) : 0;
            if (number < 1 || number > LARGEST_MAX_IN_FLIGHT) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" is out of range; use a number from 1 to " + LARGEST_MAX_IN_FLIGHT);
            }
            return number;
        });
        return value == null ? DEFAULT_MAX_IN_FLIGHT : value;
    }

    private static Duration duration(Properties properties, String name, Duration otherwise) {
        Duration value = properties.parsed(name, Settings::duration);
        return value == null ? otherwise : value;
    }

    private static Duration duration(String text) {
        Matcher simple = DURATION.matcher(text);
        try {
            if (simple.matches()) {
                long number = Long.parseLong(simple.group(1));
                return switch (simple.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                };
            }
            Duration value = Duration.parse(text);
            if (!value.isNegative()) {
                return value;
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw new IllegalArgumentException("\"" + text + "\" is no time; write it like 500ms, 30s, 2m or PT30S");
    }

    private static PathExpression path(String text) {
        try {
            return PathExpression.parse(text);
        } catch (PathExpressionException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no path expression: " + e.getMessage()
                            + "; write it like /health or /assets/:path*",
                    e);
        }
    }

    private static String hostPattern(String text) {
        String pattern = text.toLowerCase(Locale.ROOT);
        if (!HOST_PATTERN.matcher(pattern).matches()) {
            throw new IllegalArgumentException("\"" + text
                    + "\" is no host; write it like docs-preview.example.com, *.preview.example.com or localhost:3001");
        }
        return pattern;
    }

    private static void reportUnknownZones(Properties properties, MicrofrontendsConfig config) {
        Set<String> names = config.zones().stream().map(Zone::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> unknown = properties.namesBelow("mfe.zones.", rest -> {
            int dot = rest.lastIndexOf('.');
            return dot < 0 ? rest : rest.substring(0, dot);
        });
        unknown.removeAll(names);
        for (String zone : unknown) {
            properties.problem("mfe.zones." + zone, "the routing file has no zone \"" + zone + "\"", zoneNames(config));
        }
    }

    private static String zoneNames(MicrofrontendsConfig config) {
        return config.zones().stream().map(Zone::name).sorted().collect(Collectors.joining(", ", "its zones are ", ""));
    }
}
