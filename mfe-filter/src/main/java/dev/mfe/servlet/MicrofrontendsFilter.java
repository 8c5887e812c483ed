package dev.mfe.servlet;

import dev.mfe.config.ClientConfig;
import dev.mfe.config.ConfigLocator;
import dev.mfe.config.ConfigSource;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.Origin;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.config.SpeculationRules;
import dev.mfe.config.Zone;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagValues;
import dev.mfe.flags.Flags;
import dev.mfe.flags.FlagsSdk;
import dev.mfe.path.PathExpression;
import dev.mfe.path.PathMatcher;
import dev.mfe.path.RequestPath;
import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.Transport;
import dev.mfe.proxy.ZoneCounters;
import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.routing.Reason;
import dev.mfe.routing.Router;
import dev.mfe.routing.RoutingDecision;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import dev.mfe.routing.RoutingDecision.Refuse;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Serves a request locally or proxies it to the zone that owns its path.
 *
 * <pre>{@code
 * MicrofrontendsFilter filter = MicrofrontendsFilter.builder()
 *         .config(MicrofrontendsConfig.load(Path.of("microfrontends.json")))
 *         .property("mfe.zones.docs.url", "https://docs.internal:8443")
 *         .build();
 * FilterRegistration.Dynamic registration = servletContext.addFilter("microfrontends", filter);
 * registration.setAsyncSupported(true);
 * registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), true, "/*");
 * }</pre>
 *
 * <p>Both dispatcher types are needed: REQUEST is where a request is decided, and by ASYNC a response that broke off after
 * its head was sent is ended in a way that the client notices.
 *
 * <p>A request for the local app passes untouched. Safe for use by any number of threads; {@link #destroy()} ends it.
 *
 * @since 0.1
 */
public final class MicrofrontendsFilter implements Filter {

    private static final String CLIENT_CONFIG_PATH = "/.well-known/vercel/microfrontends/client-config";

    /** RFC 9110 §9.3: what can be asked of a zone. Which of them a page of it takes is for the zone to say. */
    private static final String ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());
    private static final String FLAG_VALUES = FlagValues.class.getName();

    private final Flags flags;
    private final boolean ownFlags;
    private final Transport transport = new Transport();
    private final Gateway gateway = new Gateway();
    private final Properties properties;
    private final @Nullable ProxyObserver<? super HttpServletRequest> observer;
    private final Map<String, SSLContext> sslContexts;
    private volatile String speculationField = speculationField("");
    private volatile Site site;

    private MicrofrontendsFilter(Builder builder) {
        this.properties = builder.properties();
        this.sslContexts = Map.copyOf(builder.sslContexts);
        this.observer = builder.observer;
        MicrofrontendsConfig config = builder.load(properties);
        Settings settings = Settings.read(properties, config);
        Flags given = builder.flags;
        this.ownFlags = given == null;
        this.flags = given == null ? builder.newFlags(properties, config) : given;
        try {
            properties.finish();
            this.site = newSite(config, settings, Map.of());
        } catch (RuntimeException e) {
            closeFlags();
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

    private Site newSite(MicrofrontendsConfig config, Settings settings, Map<String, ProxiedZone> before) {
        Map<String, ProxiedZone> zones = new HashMap<>();
        Router.Builder router = Router.builder(config).flags(flags).origins(zone -> origin(zone, settings));
        if (settings.application() != null) {
            router.localZone(settings.application());
        }
        Router built = router.build();
        for (Zone zone : config.zones()) {
            Origin origin = origin(zone, settings);
            if (origin != null) {
                ZoneSettings found = Objects.requireNonNull(settings.zones().get(zone.name()));
                SSLContext given = sslContexts.get(zone.name());
                ZoneSettings wanted = given == null ? found : found.withSslContext(given);
                ProxiedZone old = before.get(zone.name());
                zones.put(
                        zone.name(),
                        old != null && old.isAt(origin, wanted)
                                ? old
                                : new ProxiedZone(
                                        zone.name(),
                                        origin,
                                        wanted,
                                        transport,
                                        old == null ? new ZoneCounters() : old.counters()));
            }
        }
        PathMatcher excluded = settings.exclude().isEmpty()
                ? null
                : PathMatcher.compile(settings.exclude().stream()
                        .map(PathExpression::withUnreservedDecoded)
                        .toList());
        Overrides overrides = new Overrides(
                config.overridesDisabled() ? List.of() : settings.allowedOverrideHosts(),
                settings.overrideCredentials(),
                transport);
        SpeculationRules speculation = settings.speculationRules() ? speculationRules(config, settings) : null;
        return new Site(config, settings, built, Map.copyOf(zones), overrides, speculation, excluded);
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
     * Takes a new version of the routing file into use. Requests under way keep the old one to their end; each request sees
     * one version. Zones that stay where they are keep their connections.
     *
     * @param config the new version
     * @throws RuntimeException when it cannot be used; the message says why, and the old version stays in use
     */
    public synchronized void reload(MicrofrontendsConfig config) {
        Properties fresh = properties.again();
        Settings settings = Settings.read(fresh, config);
        fresh.failOnProblems();
        site = newSite(config, settings, site.zones());
    }

    /**
     * How each zone is doing that requests are proxied to. Cheap enough to be asked often, by any thread.
     *
     * @return one entry for each zone with an origin, by name
     */
    public List<ZoneStatistics> statistics() {
        return site.zones().values().stream()
                .map(ProxiedZone::statistics)
                .sorted(Comparator.comparing(ZoneStatistics::zone))
                .toList();
    }

    /**
     * Whether {@code mfe.filter.order} wants this filter in front of those that check who is there.
     *
     * @return true for {@code before-security}
     */
    public boolean beforeSecurity() {
        return site.settings().beforeSecurity();
    }

    /**
     * Everybody who may answer a path, without asking any flag.
     *
     * @param path the path of a request target, without the query
     * @return in the order in which they are asked; the last one needs no flag, and answers if no flag before it is on
     */
    public List<Router.Candidate> candidates(String path) {
        Site current = site;
        return current.excluded() != null && isExcluded(current.excluded(), path)
                ? List.of(new Router.Candidate(null, new RoutingDecision.ServeLocally(Reason.NO_MATCH)))
                : current.router().candidates(path);
    }

    /**
     * Whether a zone may be asked to answer a request; flags are not asked.
     *
     * @param request as any filter sees it
     * @return false when the local app is sure to answer, or the request to be refused
     */
    public boolean mayProxy(HttpServletRequest request) {
        return candidates(originForm(Gateway.unwrap(request).getRequestURI())).stream()
                .anyMatch(Router.Candidate::proxies);
    }

    /**
     * Whether nobody but a zone can answer a request: no flag is needed, and the local app is no fallback.
     *
     * @param request as any filter sees it
     * @return false when the local app may answer
     */
    public boolean mustProxy(HttpServletRequest request) {
        Router.Candidate first =
                candidates(originForm(Gateway.unwrap(request).getRequestURI())).get(0);
        if (first.flag() != null || !(first.decision() instanceof ProxyTo to)) {
            return false;
        }
        ZoneSettings zone = site.settings().zones().get(to.zone().name());
        return zone != null && !zone.fallbackLocal();
    }

    /**
     * The routing file in force.
     *
     * @return its latest version that could be used
     */
    public MicrofrontendsConfig config() {
        return site.config();
    }

    /**
     * The flags that decide routes.
     *
     * @return those that were given, or those that this filter made of properties and providers
     */
    public Flags flags() {
        return flags;
    }

    private static @Nullable Origin origin(Zone zone, Settings settings) {
        ZoneSettings found = settings.zones().get(zone.name());
        return found == null ? null : found.url();
    }

    @Override
    public void init(FilterConfig filterConfig) {
        ServletContext context = filterConfig.getServletContext();
        gateway.runIn(context);
        speculationField = speculationField(context.getContextPath());
        if (!context.getContextPath().isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "This app is deployed at {0} and sees no request for other paths. Routes and mfe.exclude are matched"
                            + " against the whole path, as the browser sees it: {0}/docs, not /docs",
                    context.getContextPath());
        }
    }

    /** A string of RFC 9651 §3.3.3, which takes printable ASCII; a URL has no quotes in it. */
    private static String speculationField(String contextPath) {
        try {
            return '"' + new URI(null, null, contextPath + SpeculationRules.PATH, null).toASCIIString() + '"';
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("The context path " + contextPath + " is no path", e);
        }
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        if (servletRequest.getDispatcherType() == DispatcherType.REQUEST
                && servletRequest instanceof HttpServletRequest request
                && servletResponse instanceof HttpServletResponse response) {
            filter(request, response, chain);
        } else if (servletRequest.getDispatcherType() == DispatcherType.ASYNC
                && servletRequest.getAttribute(ParkedCall.BROKEN) instanceof String zone) {
            throw new BrokenResponseException(zone);
        } else {
            chain.doFilter(servletRequest, servletResponse);
        }
    }

    private void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest sent = Gateway.unwrap(request);
        String target = originForm(sent.getRequestURI());
        Site current = site;
        if (current.excluded() != null && isExcluded(current.excluded(), target)) {
            chain.doFilter(request, response);
            return;
        }
        if (isBelowContext(sent, target, CLIENT_CONFIG_PATH)) {
            clientConfig(current, request, response);
            return;
        }
        SpeculationRules speculation = current.speculation();
        if (speculation != null && isBelowContext(sent, target, SpeculationRules.PATH)) {
            speculationRules(speculation, request, response);
            return;
        }
        if (isBelowContext(sent, target, FlagsSdk.DISCOVERY_PATH) && discovery(request, response)) {
            return;
        }
        String path = target;
        RoutingDecision decision = current.router().route(path, () -> flagValues(request));
        if (decision instanceof ProxyTo proxyTo) {
            proxy(current, proxyTo, path, request, sent, response, chain);
        } else if (decision instanceof Refuse refuse) {
            refuse(response, refuse);
        } else {
            if (decision.reason() == Reason.FLAG_OFF) {
                setFlagCookie(request, response);
            }
            if (debug(current, request)) {
                DebugFields.local(current.localZone(), decision).write(response);
            }
            if (speculation != null && !speculation.isEmpty() && isNavigation(request)) {
                response.addHeader("Speculation-Rules", speculationField);
            }
            chain.doFilter(request, response);
        }
    }

    private static boolean isBelowContext(HttpServletRequest request, String target, String path) {
        String context = request.getContextPath();
        return target.length() == context.length() + path.length()
                && target.startsWith(context)
                && target.endsWith(path);
    }

    /**
     * Whether the answer is likely to be a page that a visitor will look at. The response does not tell without being wrapped.
     * Every browser that prefetches by rules sends this field, and only where it would prefetch: for https and on localhost.
     */
    private static boolean isNavigation(HttpServletRequest request) {
        return "document".equals(request.getHeader("Sec-Fetch-Dest"))
                && request.getMethod().equals("GET");
    }

    private static boolean debug(Site current, HttpServletRequest request) {
        return switch (current.settings().debug()) {
            case OFF -> false;
            case ON -> true;
            case COOKIE -> "1".equals(Overrides.cookie(request.getHeaders("Cookie"), "VERCEL_MFE_DEBUG"));
        };
    }

    private void proxy(
            Site current,
            ProxyTo decision,
            String path,
            HttpServletRequest request,
            HttpServletRequest sent,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        ProxiedZone own =
                Objects.requireNonNull(current.zones().get(decision.zone().name()));
        ProxiedZone zone = current.overrides().apply(own, request);
        // Others get another answer at the same URL, so that no cache between may keep this one for all.
        boolean personal = decision.reason() == Reason.FLAG_ON || zone != own;
        HttpServletResponse raw = Gateway.unwrap(response);
        String method = sent.getMethod();
        if (method.equals("TRACE") || method.equals("CONNECT")) {
            // RFC 9110 §9.3.8: TRACE would show the client what we add. CONNECT is for proxies that the client chose.
            int status = method.equals("TRACE") ? 405 : 501;
            if (status == 405) {
                raw.setHeader("Allow", ALLOWED);
            }
            Gateway.answer(raw, status, "The method " + method + " is not possible here.");
            return;
        }
        if (method.equals("OPTIONS") && ZoneRequest.maxForwards(sent) == 0) {
            // RFC 9110 §7.6.2: we are as far as it may go.
            raw.setHeader("Allow", ALLOWED);
            raw.setStatus(204);
            return;
        }
        if (personal) {
            setFlagCookie(request, raw);
        }
        Observed observed = observer == null
                ? null
                : Observed.begin(
                        observer,
                        request,
                        new ProxiedRequest(
                                zone.name(),
                                zone.pool().origin().toString(),
                                decision.expression().text(),
                                DebugFields.text(decision.reason())));
        DebugFields debug = debug(current, request) ? DebugFields.proxied(decision) : null;
        ProxyCall call =
                new ProxyCall(gateway, current.settings(), zone, request, sent, raw, personal, debug, observed);
        if (!call.run(path)) {
            if (debug != null) {
                DebugFields.fallback(current.localZone(), decision).write(response);
            }
            chain.doFilter(request, response);
        }
    }

    /** RFC 9112 §3.2.2: a target may name scheme and host as well; some containers hand it on like this. */
    private static String originForm(String target) {
        if (!target.isEmpty() && target.charAt(0) == '/') {
            return target;
        }
        int scheme = target.indexOf("://");
        if (scheme < 0) {
            return target;
        }
        int path = target.indexOf('/', scheme + 3);
        return path < 0 ? "/" : target.substring(path);
    }

    private static boolean isExcluded(PathMatcher excluded, String path) {
        String decoded = RequestPath.decodeUnreserved(path);
        return RequestPath.ambiguity(decoded) == null && excluded.first(decoded) >= 0;
    }

    /**
     * The flags of a request: the same values that decided its route.
     *
     * @param request a request that passed, or passes, this filter
     * @return its values, evaluated when asked for
     */
    public FlagValues flagValues(HttpServletRequest request) {
        if (request.getAttribute(FLAG_VALUES) instanceof FlagValues known) {
            return known;
        }
        HttpServletRequest sent = Gateway.unwrap(request);
        FlagValues values = flags.forRequest(
                new ServletFlagRequest(request, originForm(sent.getRequestURI()), sent.getQueryString()));
        request.setAttribute(FLAG_VALUES, values);
        return values;
    }

    /** A visitor that a percentage flag has just met has to be known again. */
    private static void setFlagCookie(HttpServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(FLAG_VALUES) instanceof FlagValues values) {
            values.setCookie().ifPresent(cookie -> {
                response.addHeader("Set-Cookie", cookie);
                // Or a cache between would make one visitor of many.
                response.setHeader("Cache-Control", "private, no-store");
            });
        }
    }

    private void clientConfig(Site current, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!isGet(request, response)) {
            return;
        }
        FlagValues values = flagValues(request);
        String json = ClientConfig.json(current.config(), values::isEnabled);
        setFlagCookie(request, response);
        response.setHeader("Cache-Control", "private, no-store");
        response.setHeader("Content-Type", "application/json");
        writeBody(request, response, json);
    }

    private void speculationRules(
            SpeculationRules speculation, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isGet(request, response)) {
            return;
        }
        String json = speculation.json(flag -> flagValues(request).isEnabled(flag));
        setFlagCookie(request, response);
        response.setHeader("Cache-Control", speculation.isPersonal() ? "private, no-store" : "private, max-age=300");
        response.setHeader("Content-Type", SpeculationRules.CONTENT_TYPE);
        writeBody(request, response, json);
    }

    /** Whether an answer of ours is asked for; if not, the client has been told. */
    private static boolean isGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String method = request.getMethod();
        if (method.equals("GET") || method.equals("HEAD")) {
            return true;
        }
        response.setHeader("Allow", "GET, HEAD");
        Gateway.answer(response, 405, "Only GET and HEAD are possible here.");
        return false;
    }

    private static void writeBody(HttpServletRequest request, HttpServletResponse response, String json)
            throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        response.setContentLength(bytes.length);
        if (request.getMethod().equals("GET")) {
            response.getOutputStream().write(bytes);
        }
    }

    /** Answers which flags there are; false if nobody is to be told. */
    private boolean discovery(HttpServletRequest request, HttpServletResponse response) throws IOException {
        FlagsSdk.Discovery answer = flags.discovery(request.getMethod(), request.getHeader("Authorization"))
                .orElse(null);
        if (answer == null) {
            return false;
        }
        byte[] json = answer.body().getBytes(StandardCharsets.UTF_8);
        response.setStatus(answer.status());
        answer.fields().forEach(response::setHeader);
        response.setContentLength(json.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(json);
        }
        return true;
    }

    private static void refuse(HttpServletResponse response, Refuse refuse) throws IOException {
        Gateway.answer(
                response,
                400,
                switch (refuse.ambiguity()) {
                    case DOT_SEGMENT -> "The path of this address holds a segment \".\" or \"..\".";
                    case ENCODED_SEPARATOR -> "The path of this address holds an encoded slash, or a backslash.";
                    case PARAMETER_WITHOUT_SEGMENT ->
                        "The path of this address holds a segment that is nothing but a parameter.";
                    case NESTED_ESCAPE -> "The path of this address holds an encoded character inside an encoded one.";
                    case NUL -> "The path of this address holds a NUL character.";
                });
    }

    /**
     * Refuses new proxied requests, lets those in flight finish within {@code mfe.drain-timeout}, and closes every
     * connection.
     */
    @Override
    public void destroy() {
        transport.close(site.settings().drainTimeout());
        closeFlags();
    }

    private void closeFlags() {
        if (ownFlags) {
            flags.close();
        }
    }

    /**
     * Collects what the filter needs. Not for use by several threads.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final Map<String, String> given = new LinkedHashMap<>();
        private final List<FlagProvider> providers = new ArrayList<>();
        private final List<Consumer<? super Flags.Builder>> flagCustomizers = new ArrayList<>();
        private @Nullable MicrofrontendsConfig config;
        private @Nullable Flags flags;
        private @Nullable ClassLoader environment;
        private @Nullable ProxyObserver<? super HttpServletRequest> observer;

        private final Map<String, SSLContext> sslContexts = new HashMap<>();

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
         * Sets several properties.
         *
         * @param properties values by name
         * @return this
         */
        public Builder properties(Map<String, String> properties) {
            properties.forEach(this::property);
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
         * Says more about the flags that the filter makes, such as {@linkplain Flags.Builder#fallback fallbacks}.
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
         * Has every proxied request observed.
         *
         * @param observer told about each
         * @return this
         */
        public Builder observer(ProxyObserver<? super HttpServletRequest> observer) {
            this.observer = Objects.requireNonNull(observer, "observer");
            return this;
        }

        /**
         * Reads the routing file, checks everything and compiles the routes. Opens no connection and starts no thread.
         *
         * @return a filter to be registered once, and destroyed by its container
         * @throws RuntimeException when routing file, properties or flags cannot be used; the message names each problem and
         *     what to do about it
         */
        public MicrofrontendsFilter build() {
            return new MicrofrontendsFilter(this);
        }

        private Properties properties() {
            ClassLoader classLoader = environment;
            return classLoader == null
                    ? new Properties(given, Map.of(), name -> null, name -> null)
                    : new Properties(given, propertiesFile(classLoader), System::getProperty, System::getenv);
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
                    classLoader == null ? MicrofrontendsFilter.class.getClassLoader() : classLoader,
                    variables,
                    Path.of(""));
            ConfigSource source = location == null ? locator.locate() : locator.locate(location);
            return MicrofrontendsConfig.load(source, overlaps);
        }

        private Flags newFlags(Properties properties, MicrofrontendsConfig read) {
            Flags.Builder builder = Flags.builder();
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
