package dev.mfe.quarkus.runtime;

import io.quarkus.runtime.annotations.ConfigDocMapKey;
import io.quarkus.runtime.annotations.ConfigDocSection;
import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithDefaults;
import io.smallrye.config.WithParentName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The properties {@code quarkus.mfe.*} that are read when the app starts. What they mean is checked by the gateway,
 * which knows the routing file as well; here is only how they are called.
 */
@ConfigMapping(prefix = "quarkus.mfe")
@ConfigRoot(phase = ConfigPhase.RUN_TIME)
public interface MicrofrontendsConfiguration {

    /** Zone of the routing file that this app serves. The default zone unless set. */
    Optional<String> application();

    /** Where each zone of the routing file is reached, by its name. */
    @ConfigDocSection
    @ConfigDocMapKey("zone")
    @WithDefaults
    Map<String, ZoneConfiguration> zones();

    /** Feature flags. */
    FlagsConfiguration flags();

    /** Path expressions that are left to this app without looking at them. */
    Optional<List<String>> exclude();

    /**
     * Addresses and networks of proxies in front of this app whose forwarded fields are believed, such as 10.0.0.0/8.
     */
    Optional<List<String>> trustedProxies();

    /** What clients may ask for. */
    OverridesConfiguration overrides();

    /** What zones are told about users. */
    IdentityConfiguration identity();

    /**
     * Cookies of this app that an external zone must not see. A name that ends in * stands for all that begin so. That
     * of quarkus.http.auth.form.cookie-name belongs to them in any case.
     */
    @WithDefault("JSESSIONID,quarkus-credential,q_session*,q_auth*,vertx-web.session")
    List<String> sessionCookies();

    /** What the app is run for. Unless set, development in dev mode and production otherwise. */
    Optional<Mode> mode();

    /** When responses say which zone was chosen and why. Unless set, on in development and off in production. */
    Optional<Debug> debug();

    /** Whether browsers are told which pages of other zones they may fetch ahead. */
    @WithDefault("false")
    boolean speculationRules();

    /** How long proxied requests in flight may take when the app stops. They are not waited for in dev mode. */
    @WithDefault("20s")
    Duration drainTimeout();

    /** One zone. */
    interface ZoneConfiguration {

        /** Where the zone is reached: scheme, host and port, such as https://docs.internal:8443. */
        Optional<String> url();

        /** Whether the zone is sent the Host that the browser used instead of its own. */
        @WithDefault("false")
        boolean preserveHost();

        /** Who answers when the zone cannot be reached. */
        @WithDefault("none")
        Fallback fallback();

        /** Whether the zone belongs to somebody else, who is sent neither session cookies nor Authorization. */
        @WithDefault("false")
        boolean external();

        /**
         * What the zone is told about the user who is logged in: nothing, the name in X-Forwarded-User, or a signed
         * token in X-Forwarded-Identity.
         */
        @WithDefault("none")
        Identity identity();

        /** How many requests to the zone may be under way at the same time, from 1 to 65536. */
        @WithDefault("4096")
        int maxInFlight();

        /** How long connecting to the zone may take. */
        @WithDefault("2s")
        Duration connectTimeout();

        /** How long the zone may take until it begins to answer. */
        @WithDefault("30s")
        Duration responseTimeout();

        /** How long the zone may pause within a response. */
        @WithDefault("60s")
        Duration idleTimeout();

        /**
         * File with the certificates, in PEM, of those whom to believe that a server is the zone. Those of the Java
         * platform unless set.
         */
        Optional<String> tlsTrustedCertificates();

        /** File with the certificate, in PEM, by which this app shows the zone who it is. */
        Optional<String> tlsCertificate();

        /** File with the private key of that certificate, in PEM. */
        Optional<String> tlsPrivateKey();
    }

    /** Feature flags. */
    interface FlagsConfiguration {

        /**
         * Feature flags by name: true, false, or a share of the visitors such as 25%. Wins over code that answers the
         * same flag.
         */
        @WithParentName
        @ConfigDocMapKey("flag")
        Map<String, String> values();

        /** How long the evaluation of one flag may take; after that it counts as off. */
        @WithDefault("500ms")
        Duration timeout();

        /**
         * Secret of at least 16 characters that signs the cookie by which percentage flags know visitors. The same for
         * all instances of the app; a random one for each start unless set.
         */
        Optional<String> secret();

        /**
         * The FLAGS_SECRET that the zones use with the Flags SDK; needed for its overrides and for flag discovery. The
         * environment variable FLAGS_SECRET unless set.
         */
        Optional<String> sdkSecret();
    }

    /** What clients may ask for. */
    interface OverridesConfiguration {

        /** Hosts that a client may have a zone's requests sent to by cookie, such as *.preview.example.com. */
        Optional<List<String>> allowedHosts();

        /** Whether session cookies and Authorization go along to such a host. */
        @WithDefault("false")
        boolean credentials();
    }

    /** What zones are told about users. */
    interface IdentityConfiguration {

        /** Secret of at least 32 bytes that signs the tokens for zones with identity jwt, and that those zones know. */
        Optional<String> secret();
    }

    /** Who answers when a zone cannot be reached. */
    enum Fallback {
        /** Nobody: the client is told. */
        NONE,
        /** This app, as if the path belonged to no zone. */
        LOCAL
    }

    /** What a zone is told about the user. */
    enum Identity {
        /** Nothing. */
        NONE,
        /** The name, in a field. */
        HEADER,
        /** A signed token. */
        JWT
    }

    /** What the app is run for. */
    enum Mode {
        /** Everyday use. */
        PRODUCTION,
        /** Work on the app or a zone. */
        DEVELOPMENT
    }

    /** When responses say which zone was chosen and why. */
    enum Debug {
        /** Never. */
        OFF,
        /** To clients with the cookie VERCEL_MFE_DEBUG=1. */
        COOKIE,
        /** Always. */
        ON
    }
}
