package dev.mfe.spring;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.Zone;
import dev.mfe.routing.Router;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code mfe.*}. They are checked by the filter, which knows the routing file as well; here is only how
 * they are called.
 *
 * @param enabled Whether the starter does anything.
 * @param config Where the routing file is and how it is read.
 * @param application Zone of the routing file that this app serves. The default zone unless set.
 * @param zones Where each zone of the routing file is reached, by its name.
 * @param flags Feature flags by name: true, false, or a share of the visitors such as 25%. Wins over code that answers
 * the same flag.
 * @param exclude Path expressions that are left to this app without looking at them.
 * @param trustedProxies Addresses and networks of proxies in front of this app whose forwarded fields are believed,
 * such as 10.0.0.0/8.
 * @param overrides What clients may ask for.
 * @param identity What zones are told about users.
 * @param sessionCookies Cookies of this app that an external zone must not see. A name that ends in * stands for all
 * that begin so.
 * @param mode What the app is run for.
 * @param debug When responses say which zone was chosen and why. Unless set, on in development and off in production.
 * @param speculationRules Whether browsers are told which pages of other zones they may fetch ahead.
 * @param filter How the filter is registered.
 * @param drainTimeout How long proxied requests in flight may take when the app stops.
 * @since 0.1
 */
@ConfigurationProperties(prefix = "mfe", ignoreUnknownFields = false)
public record MicrofrontendsProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Config config,
        @Nullable String application,
        @DefaultValue Map<String, ZoneProperties> zones,
        @DefaultValue Map<String, String> flags,
        @DefaultValue List<String> exclude,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue Overrides overrides,
        @DefaultValue IdentityProperties identity,

        @DefaultValue({"JSESSIONID", "SESSION", "remember-me"})
        List<String> sessionCookies,

        @DefaultValue("production") Mode mode,
        @Nullable Debug debug,
        @DefaultValue("false") boolean speculationRules,
        @DefaultValue Filter filter,
        @DefaultValue("20s") Duration drainTimeout) {

    /**
     * The routing file.
     *
     * @param location Where the routing file is: classpath:…, file:…, http://… or https://…. Unless set it is looked
     * for as microfrontends.json on the class path, then in the working directory.
     * @param overlaps What to do when a path belongs to two zones.
     */
    public record Config(
            @Nullable String location,
            @DefaultValue("error") Overlaps overlaps) {}

    /** What to do when a path belongs to two zones. */
    public enum Overlaps {
        /** The app does not start. */
        ERROR,
        /** The first zone in the file answers, and a warning is logged. */
        WARN
    }

    /**
     * One zone.
     *
     * @param url Where the zone is reached: scheme, host and port, such as https://docs.internal:8443.
     * @param preserveHost Whether the zone is sent the Host that the browser used instead of its own.
     * @param fallback Who answers when the zone cannot be reached.
     * @param external Whether the zone belongs to somebody else, who is sent neither session cookies nor Authorization.
     * @param identity What the zone is told about the user who is logged in: nothing, the name in X-Forwarded-User, or
     * a signed token in X-Forwarded-Identity.
     * @param maxInFlight How many requests to the zone may be under way at the same time, from 1 to 65536.
     * @param connectTimeout How long connecting to the zone may take.
     * @param responseTimeout How long the zone may take until it begins to answer.
     * @param idleTimeout How long the zone may pause within a response.
     * @param tlsTrustedCertificates File with the certificates, in PEM, of those whom to believe that a server is the
     * zone. Those of the Java platform unless set.
     * @param tlsCertificate File with the certificate, in PEM, by which this app shows the zone who it is.
     * @param tlsPrivateKey File with the private key of that certificate, in PEM.
     * @param sslBundle SSL bundle of Spring Boot to use for the zone instead of such files.
     */
    @ConfigurationPropertiesSource
    public record ZoneProperties(
            @Nullable String url,
            @DefaultValue("false") boolean preserveHost,
            @DefaultValue("none") Fallback fallback,
            @DefaultValue("false") boolean external,
            @DefaultValue("none") Identity identity,
            @DefaultValue("4096") int maxInFlight,
            @DefaultValue("2s") Duration connectTimeout,
            @DefaultValue("30s") Duration responseTimeout,
            @DefaultValue("60s") Duration idleTimeout,
            @Nullable String tlsTrustedCertificates,
            @Nullable String tlsCertificate,
            @Nullable String tlsPrivateKey,
            @Nullable String sslBundle) {}

    /** Who answers when a zone cannot be reached. */
    public enum Fallback {
        /** Nobody: the client is told. */
        NONE,
        /** This app, as if the path belonged to no zone. */
        LOCAL
    }

    /**
     * What clients may ask for.
     *
     * @param credentials Whether session cookies and Authorization go along to such a host.
     * @param allowedHosts Hosts that a client may have a zone's requests sent to by cookie,
     * such as *.preview.example.com.
     */
    public record Overrides(
            @DefaultValue("false") boolean credentials,
            @DefaultValue List<String> allowedHosts) {}

    /**
     * What zones are told about users.
     *
     * @param secret Secret of at least 32 bytes that signs the tokens for zones with identity jwt, and that those zones
     * know.
     */
    public record IdentityProperties(@Nullable String secret) {}

    /** What a zone is told about the user. */
    public enum Identity {
        /** Nothing. */
        NONE,
        /** The name, in a field. */
        HEADER,
        /** A signed token. */
        JWT
    }

    /** What the app is run for. */
    public enum Mode {
        /** Everyday use. */
        PRODUCTION,
        /** Work on the app or a zone. */
        DEVELOPMENT
    }

    /** When responses say which zone was chosen and why. */
    public enum Debug {
        /** Never. */
        OFF,
        /** To clients with the cookie {@code VERCEL_MFE_DEBUG=1}. */
        COOKIE,
        /** Always. */
        ON
    }

    /**
     * The filter.
     *
     * @param order Whether the filter runs after Spring Security, so that this app's rules protect the zones and flags
     * see the user, or before it and most other filters.
     */
    public record Filter(@DefaultValue("after-security") Order order) {}

    /** Where the filter runs. */
    public enum Order {
        /** Right after Spring Security. */
        AFTER_SECURITY,
        /** In front of it: zones guard themselves, and flags see no user. */
        BEFORE_SECURITY
    }

    /**
     * The same properties as the filter takes them. Environment variables cannot spell every name:
     * {@code MFE_ZONES_MYDOCS_URL} is meant for zone {@code my-docs} where there is one.
     *
     * @param routing knows the names of zones and flags
     * @return what an own filter is given with {@link dev.mfe.servlet.MicrofrontendsFilter.Builder#properties}
     */
    public Map<String, String> forFilter(MicrofrontendsConfig routing) {
        Map<String, String> all = new LinkedHashMap<>();
        put(all, "mfe.config.location", config.location);
        put(all, "mfe.config.overlaps", config.overlaps);
        put(all, "mfe.application", application);
        byZone(routing).forEach((name, zone) -> zone(all, "mfe.zones." + name + ".", zone));
        Collection<String> flagNames = Router.flagNames(routing);
        flags.forEach((name, value) -> put(all, "mfe.flags." + known(name, flagNames), value));
        put(all, "mfe.exclude", exclude);
        put(all, "mfe.trusted-proxies", trustedProxies);
        put(all, "mfe.overrides.allowed-hosts", overrides.allowedHosts);
        put(all, "mfe.overrides.credentials", overrides.credentials());
        put(all, "mfe.identity.secret", identity.secret());
        put(all, "mfe.session-cookies", sessionCookies);
        put(all, "mfe.mode", mode);
        put(all, "mfe.debug", debug);
        put(all, "mfe.speculation-rules", speculationRules);
        put(all, "mfe.filter.order", filter.order);
        put(all, "mfe.drain-timeout", drainTimeout);
        return all;
    }

    /** By the names that the routing file uses. */
    Map<String, ZoneProperties> byZone(MicrofrontendsConfig routing) {
        List<String> names = routing.zones().stream().map(Zone::name).toList();
        Map<String, ZoneProperties> byZone = new LinkedHashMap<>();
        zones.forEach((name, zone) -> byZone.put(known(name, names), zone));
        return byZone;
    }

    private static void zone(Map<String, String> all, String prefix, ZoneProperties zone) {
        put(all, prefix + "url", zone.url);
        put(all, prefix + "preserve-host", zone.preserveHost);
        put(all, prefix + "fallback", zone.fallback);
        put(all, prefix + "external", zone.external);
        put(all, prefix + "identity", zone.identity);
        put(all, prefix + "max-in-flight", zone.maxInFlight);
        put(all, prefix + "connect-timeout", zone.connectTimeout);
        put(all, prefix + "response-timeout", zone.responseTimeout);
        put(all, prefix + "idle-timeout", zone.idleTimeout);
        put(all, prefix + "tls-trusted-certificates", zone.tlsTrustedCertificates);
        put(all, prefix + "tls-certificate", zone.tlsCertificate);
        put(all, prefix + "tls-private-key", zone.tlsPrivateKey);
    }

    private static void put(Map<String, String> all, String name, @Nullable Object value) {
        if (value instanceof List<?> list) {
            if (!list.isEmpty()) {
                all.put(
                        name,
                        String.join(",", list.stream().map(String::valueOf).toList()));
            }
        } else if (value instanceof Enum<?> choice) {
            all.put(name, choice.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        } else if (value != null) {
            all.put(name, value.toString());
        }
    }

    private static String known(String written, Collection<String> names) {
        if (names.contains(written)) {
            return written;
        }
        List<String> meant = names.stream()
                .filter(name -> plain(name).equals(plain(written)))
                .toList();
        return meant.size() == 1 ? meant.get(0) : written;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
