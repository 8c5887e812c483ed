package dev.mfe.servlet;

import dev.mfe.config.ConfigLocator;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagValues;
import dev.mfe.flags.Flags;
import dev.mfe.gateway.Answer;
import dev.mfe.gateway.DebugFields;
import dev.mfe.gateway.Endpoints;
import dev.mfe.gateway.Endpoints.Endpoint;
import dev.mfe.gateway.Observed;
import dev.mfe.gateway.Site;
import dev.mfe.gateway.Sites;
import dev.mfe.gateway.VisitorCookie;
import dev.mfe.gateway.ZoneSettings;
import dev.mfe.gateway.Zones;
import dev.mfe.path.RequestPath;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.Transport;
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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
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

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());
    private static final String FLAG_VALUES = FlagValues.class.getName();

    private final Sites sites;
    private final Transport transport = new Transport();
    private final Container container = new Container();
    private final @Nullable ProxyObserver<? super HttpServletRequest> observer;
    private volatile Endpoints endpoints = new Endpoints("");
    private volatile Zones<ServletZone> current;

    private MicrofrontendsFilter(Builder builder) {
        this.sites = builder.sites.build();
        this.observer = builder.observer;
        this.current = new Zones<>(sites.first(), (target, counters) -> new ServletZone(target, transport, counters));
    }

    /**
     * Starts with no settings at all.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Takes a new version of the routing file into use. Requests under way keep the old one to their end; each request sees
     * one version. Zones that stay where they are keep their connections.
     *
     * @param config the new version
     * @throws RuntimeException when it cannot be used; the message says why, and the old version stays in use
     */
    public synchronized void reload(MicrofrontendsConfig config) {
        current = current.next(sites.next(config));
    }

    /**
     * How each zone is doing that requests are proxied to. Cheap enough to be asked often, by any thread.
     *
     * @return one entry for each zone with an origin, by name
     */
    public List<ZoneStatistics> statistics() {
        return current.statistics();
    }

    /**
     * Whether {@code mfe.filter.order} wants this filter in front of those that check who is there.
     *
     * @return true for {@code before-security}
     */
    public boolean beforeSecurity() {
        return current.site().settings().beforeSecurity();
    }

    /**
     * Everybody who may answer a path, without asking any flag.
     *
     * @param path the path of a request target, without the query
     * @return in the order in which they are asked; the last one needs no flag, and answers if no flag before it is on
     */
    public List<Router.Candidate> candidates(String path) {
        return current.site().candidates(path);
    }

    /**
     * Whether a zone may be asked to answer a request; flags are not asked.
     *
     * @param request as any filter sees it
     * @return false when the local app is sure to answer, or the request to be refused
     */
    public boolean mayProxy(HttpServletRequest request) {
        return candidates(path(Container.unwrap(request))).stream().anyMatch(Router.Candidate::proxies);
    }

    /**
     * Whether nobody but a zone can answer a request: no flag is needed, and the local app is no fallback.
     *
     * @param request as any filter sees it
     * @return false when the local app may answer
     */
    public boolean mustProxy(HttpServletRequest request) {
        Site site = current.site();
        Router.Candidate first =
                site.candidates(path(Container.unwrap(request))).get(0);
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
        return current.site().config();
    }

    /**
     * The flags that decide routes.
     *
     * @return those that were given, or those that this filter made of properties and providers
     */
    public Flags flags() {
        return sites.flags();
    }

    @Override
    public void init(FilterConfig filterConfig) {
        ServletContext context = filterConfig.getServletContext();
        container.runIn(context);
        endpoints = new Endpoints(context.getContextPath());
        if (!context.getContextPath().isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "This app is deployed at {0} and sees no request for other paths. Routes and mfe.exclude are matched"
                            + " against the whole path, as the browser sees it: {0}/docs, not /docs",
                    context.getContextPath());
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
        HttpServletRequest sent = Container.unwrap(request);
        String path = path(sent);
        Zones<ServletZone> zones = current;
        Site site = zones.site();
        if (site.excludes(path)) {
            chain.doFilter(request, response);
            return;
        }
        Endpoint endpoint = endpoints.at(path, site);
        if (endpoint != null && answered(endpoint, site, request, response)) {
            return;
        }
        RoutingDecision decision = site.router().route(path, () -> flagValues(request));
        if (decision instanceof ProxyTo proxyTo) {
            proxy(zones, proxyTo, path, request, sent, response, chain);
        } else if (decision instanceof Refuse refuse) {
            write(Answer.to(refuse.ambiguity()), request, response);
        } else {
            if (decision.reason() == Reason.FLAG_OFF) {
                setFlagCookie(request, response);
            }
            if (debugs(site, sent)) {
                DebugFields.local(site.localZone(), decision).write(response::setHeader);
            }
            if (site.speculation() != null && site.speculates(sent.getMethod(), sent.getHeader("Sec-Fetch-Dest"))) {
                response.addHeader("Speculation-Rules", endpoints.speculationField());
            }
            chain.doFilter(request, response);
        }
    }

    private static String path(HttpServletRequest sent) {
        return RequestPath.originForm(sent.getRequestURI());
    }

    private static boolean debugs(Site site, HttpServletRequest sent) {
        return site.debugs(() -> sent.getHeaders("Cookie"));
    }

    /** Answers at a path of our own; false if nobody is to be told. */
    private boolean answered(Endpoint endpoint, Site site, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Answer answer = Endpoints.answer(
                endpoint,
                site,
                flags(),
                () -> flagValues(request),
                request.getMethod(),
                request.getHeader("Authorization"));
        if (answer == null) {
            return false;
        }
        setFlagCookie(request, response);
        write(answer, request, response);
        return true;
    }

    private void proxy(
            Zones<ServletZone> zones,
            ProxyTo decision,
            String path,
            HttpServletRequest request,
            HttpServletRequest sent,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        HttpServletResponse raw = Container.unwrap(response);
        Answer instead = Answer.instead(sent.getMethod(), sent.getHeader("Max-Forwards"));
        if (instead != null) {
            write(instead, sent, raw);
            return;
        }
        Site site = zones.site();
        ServletZone zone = zones.wanted(decision, () -> sent.getHeaders("Cookie"));
        boolean personal = zones.personal(decision, zone);
        if (personal) {
            setFlagCookie(request, raw);
        }
        Observed observed = Observed.begin(observer, request, zone.target(), decision);
        DebugFields debug = debugs(site, sent) ? DebugFields.proxied(decision) : null;
        ProxyCall call = new ProxyCall(container, site.settings(), zone, request, sent, raw, personal, debug, observed);
        if (!call.run(path)) {
            if (debug != null) {
                DebugFields.fallback(site.localZone(), decision).write(response::setHeader);
            }
            chain.doFilter(request, response);
        }
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
        HttpServletRequest sent = Container.unwrap(request);
        FlagValues values = flags().forRequest(new ServletFlagRequest(request, path(sent), sent.getQueryString()));
        request.setAttribute(FLAG_VALUES, values);
        return values;
    }

    /**
     * Whether a flag is on for a request. As long as the response is not committed, a visitor that a percentage meets for the
     * first time is given a cookie by which it is known again.
     *
     * @param flag its name; one that nobody answers is off
     * @param request a request that passed, or passes, this filter
     * @param response its response
     * @return the same value that decided the request's route
     */
    public boolean isEnabled(String flag, HttpServletRequest request, HttpServletResponse response) {
        FlagValues values = flagValues(request);
        boolean metBefore = values.setCookie().isPresent();
        boolean enabled = values.isEnabled(flag);
        if (!metBefore && !response.isCommitted()) {
            setFlagCookie(request, response);
        }
        return enabled;
    }

    private static void setFlagCookie(HttpServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(FLAG_VALUES) instanceof FlagValues values) {
            VisitorCookie.write(values, response::addHeader, response::setHeader);
        }
    }

    /** Answers instead of the local app or a zone. */
    static void write(Answer answer, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        answer.fields().forEach(response::setHeader);
        if (answer.status() != 204) {
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            response.setContentLength(body.length);
            if (!request.getMethod().equals("HEAD")) {
                response.getOutputStream().write(body);
            }
        }
    }

    /**
     * Refuses new proxied requests, lets those in flight finish within {@code mfe.drain-timeout}, and closes every
     * connection.
     */
    @Override
    public void destroy() {
        transport.close(current.site().settings().drainTimeout());
        sites.close();
    }

    /**
     * Collects what the filter needs. Not for use by several threads.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final Sites.Builder sites = Sites.builder();
        private @Nullable ProxyObserver<? super HttpServletRequest> observer;

        private Builder() {}

        /**
         * Uses a routing file that was read already. Without it the file is looked for; see {@link ConfigLocator}.
         *
         * @param config what the file says
         * @return this
         */
        public Builder config(MicrofrontendsConfig config) {
            sites.config(config);
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
            sites.property(name, value);
            return this;
        }

        /**
         * Sets several properties.
         *
         * @param properties values by name
         * @return this
         */
        public Builder properties(Map<String, String> properties) {
            properties.forEach(sites::property);
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
            sites.environment(classLoader);
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
            sites.sslContext(zone, context);
            return this;
        }

        /**
         * Adds a flag provider.
         *
         * @param provider answers flags that path groups name
         * @return this
         */
        public Builder flagProvider(FlagProvider provider) {
            sites.flagProvider(provider);
            return this;
        }

        /**
         * Says more about the flags that the filter makes, such as {@linkplain Flags.Builder#fallback fallbacks}.
         *
         * @param customizer called once, with what the properties say already set
         * @return this
         */
        public Builder flags(Consumer<? super Flags.Builder> customizer) {
            sites.flags(customizer);
            return this;
        }

        /**
         * Uses flags that the caller made, and closes; properties and providers given here are then not asked.
         *
         * @param flags the flags
         * @return this
         */
        public Builder flags(Flags flags) {
            sites.flags(flags);
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
    }
}
