package dev.mfe.flags;

import dev.mfe.flags.FlagSource.Absent;
import dev.mfe.flags.FlagSource.Provided;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All feature flags of one app.
 *
 * <pre>{@code
 * Flags flags = Flags.builder()
 *         .provider(FlagProvider.of("new-docs", request -> "beta".equals(request.header("X-Group"))))
 *         .property("new-shop", "25%")
 *         .build();
 * flags.requireAll(List.of("new-docs", "new-shop"));
 * boolean on = flags.forRequest(request).isEnabled("new-shop");
 * }</pre>
 *
 * <p>A flag is answered by its property, else by its provider, else by the first fallback that knows it. What cannot be
 * answered counts as off. Overrides of the Flags SDK, if {@linkplain Builder#sdkSecret switched on}, come before all of
 * these.
 *
 * <p>Unchanging and safe for use by many threads. Close it when the app stops.
 *
 * @since 0.1
 */
public final class Flags implements AutoCloseable {
    /**
     * The cookie that a visitor is known by whom a percentage flag has drawn. Its value is signed and for nobody
     * outside the site.
     *
     * @since 0.1
     */
    public static final String VISITOR_COOKIE = VisitorIds.COOKIE;

    private static final System.Logger LOG = System.getLogger(Flags.class.getName());

    /** How many names are kept with counters. An app that asks for names from a request must not fill the memory. */
    static final int MAX_NAMES = 1_000;

    private final Map<String, Rollout> rollouts;
    private final List<Provided> providers;
    private final List<Provided> fallbacks;
    private final VisitorIds visitorIds;
    private final @Nullable SdkTokens sdkTokens;
    private final Map<String, String> descriptions;
    private final Evaluation.Limits limits;
    private final UnaryOperator<String> propertyNames;

    private final List<FlagProvider> loadedProviders;
    private final @Nullable ThreadPoolExecutor ownThreads;

    /** Grows while flags are asked for the first time. */
    private final ConcurrentHashMap<String, Flag> flags = new ConcurrentHashMap<>();

    /** The flags known without anybody asking for them: unlike others, their names never come from a request. */
    private final Set<String> declared = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean fullReported = new AtomicBoolean();

    private Flags(Builder builder, Map<String, Rollout> rollouts, List<Provided> providers, List<FlagProvider> loaded) {
        this.rollouts = Map.copyOf(rollouts);
        this.providers = List.copyOf(providers);
        this.fallbacks = builder.fallbacks.stream().map(Provided::new).toList();
        this.visitorIds = new VisitorIds(builder.secret);
        this.sdkTokens = builder.sdkTokens;
        this.descriptions = Map.copyOf(builder.descriptions);
        this.declared.addAll(Builder.names(rollouts.keySet(), providers));
        this.loadedProviders = List.copyOf(loaded);
        this.propertyNames = builder.propertyNames;
        Executor executor = builder.executor;
        if (executor == null) {
            this.ownThreads = ProviderThreads.newPool();
            this.limits = new Evaluation.Limits(
                    decorated(ownThreads, builder.taskDecorator), ProviderThreads.MAX_PER_PROVIDER, builder.timeout);
        } else {
            this.ownThreads = null;
            this.limits = new Evaluation.Limits(
                    decorated(executor, builder.taskDecorator), Integer.MAX_VALUE, builder.timeout);
        }
    }

    private static Executor decorated(Executor executor, @Nullable UnaryOperator<Runnable> decorator) {
        return decorator == null ? executor : task -> executor.execute(decorator.apply(task));
    }

    /** Starts with no flags, a timeout of 500 ms, threads of its own and a random secret. */
    public static Builder builder() {
        return new Builder();
    }

    /** The flags of one request; reads nothing yet. */
    public FlagValues forRequest(FlagRequest request) {
        return new FlagValues(this, Objects.requireNonNull(request, "request"));
    }

    /**
     * Checks, when the app starts, that somebody answers each of these flags.
     *
     * @throws MissingFlagException naming every flag that nobody answers, and how to add it
     * @throws InvalidFlagsException if a flag has several providers; names these and the missing ones
     */
    public void requireAll(Collection<String> flagNames) {
        List<String> missing = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String name : new LinkedHashSet<>(flagNames)) {
            FlagSource source = keep(name).source;
            if (source instanceof Absent absent) {
                if (absent.missing()) {
                    missing.add(name);
                }
                problems.add(absent.reason());
            } else {
                declared.add(name);
            }
        }
        if (problems.size() > missing.size()) {
            throw new InvalidFlagsException(problems);
        }
        if (!missing.isEmpty()) {
            throw new MissingFlagException(missing, propertyNames);
        }
    }

    /**
     * How each flag did so far, by name; a snapshot. Contains the flags that were required or asked for, at most 1,000
     * of the latter: names are bounded, so they can be tags of metrics.
     */
    public SortedMap<String, FlagCounters> counters() {
        SortedMap<String, FlagCounters> counters = new TreeMap<>();
        flags.forEach((name, flag) -> counters.put(name, flag.counters()));
        return counters;
    }

    /**
     * Answers a request for {@link FlagsSdk#DISCOVERY_PATH}: which flags there are, for those who prove that they know
     * the {@linkplain Builder#sdkSecret secret}. Lists the flags that have been {@linkplain #requireAll required}, have
     * a property, or a provider made by {@link FlagProvider#of} or {@link FlagProvider#ofAsync}.
     *
     * @param method the method of the request
     * @param authorization the value of its {@code Authorization} field, or null
     * @return the answer; empty without a secret, when this path is like any other
     */
    public Optional<FlagsSdk.Discovery> discovery(String method, @Nullable String authorization) {
        if (sdkTokens == null) {
            return Optional.empty();
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Optional.of(FlagsSdk.methodNotAllowed());
        }
        return Optional.of(
                sdkTokens.provesAccess(authorization)
                        ? FlagsSdk.definitions(new TreeSet<>(declared), descriptions)
                        : FlagsSdk.unauthorized());
    }

    /**
     * Stops the threads for blocking providers, interrupting those at work, and closes the providers that {@link
     * Builder#serviceLoader} made, if they are {@link AutoCloseable}. From now on a blocking provider counts as off. An
     * executor or a provider that was handed in stays open.
     */
    @Override
    public void close() {
        if (ownThreads != null) {
            List<Runnable> unused = ownThreads.shutdownNow();
        }
        closeAll(loadedProviders);
    }

    private static void closeAll(List<FlagProvider> providers) {
        for (FlagProvider provider : providers) {
            if (provider instanceof AutoCloseable closeable) {
                close(closeable);
            }
        }
    }

    private static void close(AutoCloseable provider) {
        try {
            provider.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "Flag provider " + provider + " could not be closed", e);
        }
    }

    RequestReader newReader(FlagRequest request) {
        return new RequestReader(request, visitorIds, sdkTokens);
    }

    Evaluation newEvaluation(Flag flag, RequestReader reader) {
        return new Evaluation(flag, reader, limits);
    }

    Flag flag(String name) {
        Flag known = flags.get(name);
        if (known != null) {
            return known;
        }
        if (flags.size() < MAX_NAMES) {
            return keep(name);
        }
        if (fullReported.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "More than " + MAX_NAMES
                            + " different flags were asked for; further ones are not counted, and their"
                            + " failures are logged at debug only. Are flag names taken from requests?");
        }
        return Flag.quiet(name, source(name));
    }

    /** Asks the providers outside any lock of the map: what they do is not known. */
    private Flag keep(String name) {
        Flag flag = new Flag(name, source(name));
        Flag kept = flags.putIfAbsent(name, flag);
        return kept != null ? kept : flag;
    }

    private FlagSource source(String name) {
        Rollout rollout = rollouts.get(name);
        if (rollout != null) {
            return rollout;
        }
        List<Provided> claims = new ArrayList<>();
        try {
            providersOf(name, providers, claims);
            if (claims.isEmpty()) {
                providersOf(name, fallbacks, claims);
                return claims.isEmpty()
                        ? new Absent(MissingFlagException.problem(name, propertyNames), true)
                        : claims.get(0);
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.WARNING, "A flag provider failed at provides(\"" + Flag.printable(name) + "\")", e);
            return new Absent(
                    "\"" + Flag.printable(name) + "\": a provider failed when asked whether it provides this flag: "
                            + e,
                    false);
        }
        return claims.size() == 1 ? claims.get(0) : new Absent(severalProviders(name, claims), false);
    }

    private static void providersOf(String name, List<Provided> candidates, List<Provided> claims) {
        for (Provided candidate : candidates) {
            if (candidate.provider.provides(name)) {
                claims.add(candidate);
            }
        }
    }

    private static String severalProviders(String name, List<Provided> claims) {
        StringBuilder text =
                new StringBuilder("\"" + Flag.printable(name) + "\" has " + claims.size() + " providers: ");
        for (int i = 0; i < claims.size(); i++) {
            text.append(i == 0 ? "" : i == claims.size() - 1 ? " and " : ", ").append(claims.get(i));
        }
        return text.append("; keep one, or add those that answer any flag with fallback(...)")
                .toString();
    }

    /**
     * Collects the flags of an app. Not for use by several threads.
     *
     * @since 0.1
     */
    public static final class Builder {
        private static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(500);
        private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
        private static final int SHORTEST_SECRET = 16;

        private final List<FlagProvider> providers = new ArrayList<>();
        private final List<FlagProvider> fallbacks = new ArrayList<>();
        private final List<ClassLoader> classLoaders = new ArrayList<>();
        private final Map<String, String> properties = new LinkedHashMap<>();
        private final List<Function<UnaryOperator<String>, String>> problems = new ArrayList<>();
        private Duration timeout = DEFAULT_TIMEOUT;
        private UnaryOperator<String> propertyNames = UnaryOperator.identity();
        private @Nullable Executor executor;
        private @Nullable UnaryOperator<Runnable> taskDecorator;
        private byte @Nullable [] secret;
        private @Nullable SdkTokens sdkTokens;
        private final Map<String, String> descriptions = new LinkedHashMap<>();

        private Builder() {}

        /** Adds a provider. Two that provide the same flag are an error. */
        public Builder provider(FlagProvider provider) {
            providers.add(Objects.requireNonNull(provider, "provider"));
            return this;
        }

        /**
         * Adds a provider that is asked for flags which have neither property nor provider; the place for one that
         * takes any name. Of several the first that provides a flag is asked.
         */
        public Builder fallback(FlagProvider provider) {
            fallbacks.add(Objects.requireNonNull(provider, "provider"));
            return this;
        }

        /**
         * Adds the providers listed in {@code META-INF/services/dev.mfe.flags.FlagProvider}, and closes them in the
         * end.
         */
        public Builder serviceLoader(ClassLoader classLoader) {
            classLoaders.add(Objects.requireNonNull(classLoader, "classLoader"));
            return this;
        }

        /**
         * Answers a flag without a provider; the property {@code mfe.flags.<flag>}.
         *
         * <p>{@code true} and {@code false} speak for themselves. {@code 25%} is on for a quarter of the visitors,
         * {@code 0.5%} for one in 200: always the same ones, known by the user's name or by a signed cookie. A larger
         * percentage adds visitors and drops none; two flags choose their visitors independently. A visitor who logs in
         * is known by another id from then on.
         *
         * <p>The property wins over a provider of the same flag, so that operators can switch it without a new version;
         * that is logged at the start.
         */
        public Builder property(String flag, String value) {
            Objects.requireNonNull(value, "value");
            if (flag.isBlank()) {
                problems.add(names ->
                        names.apply(Rollout.property(flag)) + "=" + value + ": the name of the flag is missing");
            } else {
                String other = properties.putIfAbsent(flag, value);
                if (other != null) {
                    problems.add(names -> names.apply(Rollout.property(flag)) + " is set twice: " + other + " and "
                            + value + "; keep one");
                }
            }
            return this;
        }

        /**
         * How long the evaluation of one flag may take as a whole; 500 ms unless set.
         *
         * @throws IllegalArgumentException unless it is more than zero and at most a day
         */
        public Builder timeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
                throw new IllegalArgumentException(propertyNames.apply("mfe.flags.timeout")
                        + " must be more than zero and at most a day, not " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        /**
         * Where providers that {@linkplain FlagProvider#mayBlock may block} run. Unless set, on up to 64 daemon threads
         * made when needed, of which one provider gets at most half; when all are taken, the flag is off at once
         * instead of waiting in a queue.
         *
         * <p>{@code Runnable::run} uses the thread of whoever asks: that saves a change of thread, but then a provider
         * that hangs hangs the request, whatever the timeout. On Java 21
         * {@code Executors.newVirtualThreadPerTaskExecutor()} is a choice without a limit on calls. The executor stays
         * open when the flags are closed.
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Wraps each call of a provider that may block, on the thread that asks for the flag: the place to hand on what
         * that thread knows of the request, such as a security context. Unless set, calls run as they are.
         *
         * @param taskDecorator returns what to run instead, which runs what it was given
         */
        public Builder taskDecorator(UnaryOperator<Runnable> taskDecorator) {
            this.taskDecorator = Objects.requireNonNull(taskDecorator, "taskDecorator");
            return this;
        }

        /**
         * The secret that signs the visitor cookie; the property {@code mfe.flags.secret}. Unless set, a random one for
         * each start: then visitors are drawn anew after a restart, and several instances do not recognise each
         * other's. Changing it draws all visitors anew too.
         */
        public Builder secret(String secret) {
            if (secret.length() < SHORTEST_SECRET) {
                problems.add(names -> names.apply("mfe.flags.secret") + " has " + secret.length()
                        + " characters and can be guessed; use at least " + SHORTEST_SECRET
                        + ", for example the output of: openssl rand -base64 32");
            }
            this.secret = secret.getBytes(StandardCharsets.UTF_8);
            return this;
        }

        /**
         * The secret shared with Vercel's Flags SDK, {@code FLAGS_SECRET} there; the property
         * {@code mfe.flags.sdk-secret}. With it, overrides from the toolbar count, and {@link Flags#discovery} answers.
         * Unless set, neither does.
         *
         * <p>An override wins over everything else that answers a flag, also over a property: only holders of the
         * secret can make one, and what they want to look at is usually off for everybody else. It needs a flag that
         * somebody answers; one for an unknown flag changes nothing. Values that are not booleans count as JavaScript
         * takes them for a condition.
         *
         * @param secret 32 bytes in base64url or base64; not the one for {@link #secret}, which nobody else has to know
         */
        public Builder sdkSecret(String secret) {
            try {
                this.sdkTokens = new SdkTokens(secret, InstantSource.system());
            } catch (IllegalArgumentException e) {
                problems.add(names -> names.apply("mfe.flags.sdk-secret") + " (or FLAGS_SECRET in the environment) "
                        + e.getMessage());
            }
            return this;
        }

        /**
         * How the app calls its properties, for messages. As they are called here unless set.
         *
         * @param propertyNames given {@code mfe.flags.new-docs}, returns {@code quarkus.mfe.flags.new-docs} for example
         */
        public Builder propertyNames(UnaryOperator<String> propertyNames) {
            this.propertyNames = Objects.requireNonNull(propertyNames, "propertyNames");
            return this;
        }

        /** What a flag is for, in the words that the Flags SDK's toolbar shows; see {@link Flags#discovery}. */
        public Builder description(String flag, String description) {
            descriptions.put(Objects.requireNonNull(flag, "flag"), Objects.requireNonNull(description, "description"));
            return this;
        }

        /**
         * Checks all that was added.
         *
         * @throws InvalidFlagsException with every malformed property, flag with several providers and other problem
         */
        public Flags build() {
            List<String> found = new ArrayList<>();
            problems.forEach(problem -> found.add(problem.apply(propertyNames)));
            Map<String, Rollout> rollouts = parseProperties(found);
            List<FlagProvider> loaded = loadProviders(found);
            List<Provided> provided = Stream.concat(providers.stream(), loaded.stream())
                    .map(Provided::new)
                    .toList();
            checkForSeveralProviders(provided, found);
            if (!found.isEmpty()) {
                closeAll(loaded);
                throw new InvalidFlagsException(found);
            }
            logOverrides(rollouts, provided);
            logMissingSecret(rollouts);
            return new Flags(this, rollouts, provided, loaded);
        }

        private List<FlagProvider> loadProviders(List<String> found) {
            List<FlagProvider> loaded = new ArrayList<>();
            for (ClassLoader classLoader : classLoaders) {
                try {
                    ServiceLoader.load(FlagProvider.class, classLoader).forEach(loaded::add);
                } catch (ServiceConfigurationError e) {
                    found.add("META-INF/services/" + FlagProvider.class.getName() + ": " + e.getMessage()
                            + "; correct the entry or remove it");
                }
            }
            return loaded;
        }

        private Map<String, Rollout> parseProperties(List<String> found) {
            Map<String, Rollout> rollouts = new LinkedHashMap<>();
            properties.forEach((flag, value) -> {
                try {
                    rollouts.put(flag, Rollout.parse(propertyNames.apply(Rollout.property(flag)), value));
                } catch (IllegalArgumentException e) {
                    found.add(String.valueOf(e.getMessage()));
                }
            });
            return rollouts;
        }

        /** Only names known by now can be checked; {@link Flags#requireAll} checks those of the routing file. */
        private void checkForSeveralProviders(List<Provided> provided, List<String> found) {
            for (String name : names(properties.keySet(), provided)) {
                List<Provided> claims = new ArrayList<>();
                providersOf(name, provided, claims);
                if (claims.size() > 1) {
                    found.add(severalProviders(name, claims));
                }
            }
        }

        /** The flags that are known without asking for them. */
        private static Set<String> names(Set<String> properties, List<Provided> provided) {
            Set<String> names = new LinkedHashSet<>(properties);
            for (Provided candidate : provided) {
                if (candidate.provider instanceof SingleFlagProvider single) {
                    names.add(single.flag());
                }
            }
            return names;
        }

        private void logOverrides(Map<String, Rollout> rollouts, List<Provided> provided) {
            rollouts.forEach((flag, rollout) -> {
                List<Provided> claims = new ArrayList<>();
                providersOf(flag, provided, claims);
                for (Provided overridden : claims) {
                    LOG.log(
                            Level.INFO,
                            "The property " + rollout.property() + "=" + rollout.text()
                                    + " answers this flag instead of " + overridden);
                }
            });
        }

        private void logMissingSecret(Map<String, Rollout> rollouts) {
            if (secret == null && rollouts.values().stream().anyMatch(Rollout::isPartial)) {
                LOG.log(
                        Level.INFO,
                        propertyNames.apply("mfe.flags.secret")
                                + " is not set: percentage flags choose their visitors anew after each start. Several"
                                + " instances of the app need the same "
                                + propertyNames.apply("mfe.flags.secret") + ".");
            }
        }
    }
}
