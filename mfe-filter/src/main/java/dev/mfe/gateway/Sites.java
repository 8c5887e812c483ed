package dev.mfe.gateway;

import dev.mfe.config.ConfigLocator;
import dev.mfe.config.ConfigSource;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.Origin;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.config.SpeculationRules;
import dev.mfe.config.Zone;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.Flags;
import dev.mfe.path.PathExpression;
import dev.mfe.path.PathMatcher;
import dev.mfe.routing.Router;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes the versions of one site: from its properties and flags, which stay, and from routing files. Opens no connection and
 * starts no thread.
 *
 * @since 0.1
 */
public final class Sites implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Sites.class.getName());

    private final Properties properties;
    private final Map<String, SSLContext> sslContexts;
    private final Flags flags;
    private final boolean ownFlags;
    private final Site first;

    private Sites(Builder builder) {
        this.properties = builder.properties();
        this.sslContexts = Map.copyOf(builder.sslContexts);
        MicrofrontendsConfig config = builder.load(properties);
        Settings settings = Settings.read(properties, config);
        Flags given = builder.flags;
        this.ownFlags = given == null;
        this.flags = given == null ? builder.newFlags(properties, config) : given;
        try {
            properties.finish();
            this.first = site(config, settings);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts with no settings at all.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** The version that the builder has read. */
    public Site first() {
        return first;
    }

    /**
     * Makes another version; the properties are read anew.
     *
     * @param config its routing file
     * @throws RuntimeException when it cannot be used; the message says why
     */
    public Site next(MicrofrontendsConfig config) {
        Properties fresh = properties.again();
        Settings settings = Settings.read(fresh, config);
        fresh.failOnProblems();
        return site(config, settings);
    }

    /** The flags that decide routes. */
    public Flags flags() {
        return flags;
    }

    /** Closes the flags, if they were made here. */
    @Override
    public void close() {
        if (ownFlags) {
            flags.close();
        }
    }

    private Site site(MicrofrontendsConfig config, Settings settings) {
        Map<String, ZoneTarget> targets = new LinkedHashMap<>();
        for (Zone zone : config.zones()) {
            ZoneSettings found = Objects.requireNonNull(settings.zones().get(zone.name()));
            Origin origin = found.url();
            if (origin != null) {
                SSLContext given = sslContexts.get(zone.name());
                targets.put(
                        zone.name(),
                        new ZoneTarget(zone.name(), origin, given == null ? found : found.withSslContext(given)));
            }
        }
        Router.Builder router = Router.builder(config).flags(flags).origins(zone -> {
            ZoneTarget target = targets.get(zone.name());
            return target == null ? null : target.origin();
        });
        router.propertyNames(settings.propertyNames());
        if (settings.application() != null) {
            router.localZone(settings.application());
        }
        PathMatcher excluded = settings.exclude().isEmpty()
                ? null
                : PathMatcher.compile(settings.exclude().stream()
                        .map(PathExpression::withUnreservedDecoded)
                        .toList());
        Overrides overrides = new Overrides(
                config.overridesDisabled() ? List.of() : settings.allowedOverrideHosts(),
                settings.overrideCredentials());
        return new Site(
                config,
                settings,
                router.build(),
                Map.copyOf(targets),
                overrides,
                settings.speculationRules() ? speculationRules(config, settings) : null,
                excluded);
    }

    private static SpeculationRules speculationRules(MicrofrontendsConfig config, Settings settings) {
        String application = settings.application();
        Zone local = application == null
                ? config.defaultZone()
                : config.zone(application).orElseGet(config::defaultZone);
        SpeculationRules rules = SpeculationRules.of(config, local, settings.exclude());
        if (!rules.leftOut().isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "Links to these paths are not prefetched, for speculation rules cannot express them: {0}",
                    rules.leftOut());
        }
        return rules;
    }

    /**
     * Collects what a site needs. Not for use by several threads.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final Map<String, String> given = new LinkedHashMap<>();
        private final Map<String, SSLContext> sslContexts = new HashMap<>();
        private final List<FlagProvider> providers = new ArrayList<>();
        private final List<Consumer<? super Flags.Builder>> flagCustomizers = new ArrayList<>();
        private UnaryOperator<String> propertyNames = UnaryOperator.identity();
        private @Nullable MicrofrontendsConfig config;
        private @Nullable Flags flags;
        private @Nullable ClassLoader environment;

        private Builder() {}

        /**
         * Uses a routing file that was read already. Without it the file is looked for; see {@link ConfigLocator}.
         *
         * @param config what the file says
         * @return this
         */
        public Builder config(MicrofrontendsConfig config) {
            this.config = Objects.requireNonNull(config, "config");
            return this;
        }

        /**
         * Sets a property, which wins over one that the environment sets.
         *
         * @param name for example {@code mfe.zones.docs.url}
         * @param value its value; {@code ${NAME}} and {@code ${NAME:default}} stand for environment variables and system
         *     properties
         * @return this
         */
        public Builder property(String name, String value) {
            given.put(name, Objects.requireNonNull(value, name));
            return this;
        }

        /**
         * Reads system properties, environment variables ({@code MFE_ZONES_DOCS_URL}), {@code mfe.properties} on the class
         * path, and flag providers listed for {@link java.util.ServiceLoader}. Without this call only what was given counts.
         *
         * @param classLoader the app's
         * @return this
         */
        public Builder environment(ClassLoader classLoader) {
            this.environment = Objects.requireNonNull(classLoader, "classLoader");
            return this;
        }

        /**
         * Says how the app calls its properties, for messages. As they are called here unless set.
         *
         * @param propertyNames given {@code mfe.zones.docs.url}, returns {@code quarkus.mfe.zones.docs.url} for example
         * @return this
         */
        public Builder propertyNames(UnaryOperator<String> propertyNames) {
            this.propertyNames = Objects.requireNonNull(propertyNames, "propertyNames");
            return this;
        }

        /**
         * Sets keys and trust for the connections to a zone, instead of the properties {@code mfe.zones.<name>.tls-*}.
         *
         * @param zone the zone's name
         * @param context what its {@code https} origin asks for
         * @return this
         */
        public Builder sslContext(String zone, SSLContext context) {
            sslContexts.put(Objects.requireNonNull(zone, "zone"), Objects.requireNonNull(context, "context"));
            return this;
        }

        /**
         * Adds a flag provider.
         *
         * @param provider answers flags that path groups name
         * @return this
         */
        public Builder flagProvider(FlagProvider provider) {
            providers.add(Objects.requireNonNull(provider, "provider"));
            return this;
        }

        /**
         * Says more about the flags that are made here, such as {@linkplain Flags.Builder#fallback fallbacks}.
         *
         * @param customizer called once, with what the properties say already set
         * @return this
         */
        public Builder flags(Consumer<? super Flags.Builder> customizer) {
            flagCustomizers.add(Objects.requireNonNull(customizer, "customizer"));
            return this;
        }

        /**
         * Uses flags that the caller made, and closes; properties and providers given here are then not asked.
         *
         * @param flags the flags
         * @return this
         */
        public Builder flags(Flags flags) {
            this.flags = Objects.requireNonNull(flags, "flags");
            return this;
        }

        /**
         * Reads the routing file, checks everything and compiles the routes.
         *
         * @return what was read, to be closed
         * @throws RuntimeException when routing file, properties or flags cannot be used; the message names each problem and
         *     what to do about it
         */
        public Sites build() {
            return new Sites(this);
        }

        private Properties properties() {
            ClassLoader classLoader = environment;
            return classLoader == null
                    ? new Properties(given, Map.of(), name -> null, name -> null, propertyNames)
                    : new Properties(
                            given, propertiesFile(classLoader), System::getProperty, System::getenv, propertyNames);
        }

        private static Map<String, String> propertiesFile(ClassLoader classLoader) {
            URL file = classLoader.getResource("mfe.properties");
            Map<String, String> values = new HashMap<>();
            if (file != null) {
                java.util.Properties read = new java.util.Properties();
                try (Reader reader = new InputStreamReader(file.openStream(), StandardCharsets.UTF_8)) {
                    read.load(reader);
                } catch (IOException e) {
                    throw new UncheckedIOException("mfe.properties cannot be read from " + file, e);
                }
                read.stringPropertyNames().forEach(name -> values.put(name, read.getProperty(name)));
            }
            return values;
        }

        private MicrofrontendsConfig load(Properties properties) {
            String location = Settings.configLocation(properties);
            OverlapPolicy overlaps = Settings.overlaps(properties);
            MicrofrontendsConfig read = config;
            if (read != null) {
                return read;
            }
            ClassLoader classLoader = environment;
            Function<String, @Nullable String> variables = classLoader == null ? name -> null : System::getenv;
            ConfigLocator locator = new ConfigLocator(
                    classLoader == null ? Sites.class.getClassLoader() : classLoader,
                    variables,
                    Path.of(""),
                    propertyNames);
            ConfigSource source = location == null ? locator.locate() : locator.locate(location);
            return MicrofrontendsConfig.load(source, overlaps, propertyNames);
        }

        private Flags newFlags(Properties properties, MicrofrontendsConfig read) {
            Flags.Builder builder = Flags.builder().propertyNames(propertyNames);
            if (environment != null) {
                builder.serviceLoader(environment);
            }
            providers.forEach(builder::provider);
            Set<String> names = new TreeSet<>(Router.flagNames(read));
            names.addAll(properties.namesBelow("mfe.flags.", rest -> rest));
            names.removeAll(Set.of("timeout", "secret", "sdk-secret"));
            for (String name : names) {
                String value = properties.text("mfe.flags." + name);
                if (value != null) {
                    builder.property(name, value);
                }
            }
            Settings.flagSettings(properties, builder);
            flagCustomizers.forEach(customizer -> customizer.accept(builder));
            return builder.build();
        }
    }
}
