package dev.mfe.quarkus.runtime;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagValues;
import dev.mfe.flags.Flags;
import dev.mfe.gateway.Observers;
import dev.mfe.gateway.Sites;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.quarkus.runtime.proxy.MicrofrontendsHandler;
import dev.mfe.routing.Router;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** Routing and proxying in the app that runs. */
@Singleton
public class Microfrontends {

    private static final Logger LOG = System.getLogger(Microfrontends.class.getName());

    /** After the observers of the app, which may set up what its flags need, and before the app takes requests. */
    static final int LATE = jakarta.interceptor.Interceptor.Priority.PLATFORM_AFTER;

    private final BuiltSite built;
    private final MicrofrontendsFixedConfig fixed;
    private final MicrofrontendsConfiguration configuration;
    private final Vertx vertx;
    private final Instance<FlagProvider> providers;
    private final Instance<FlagsCustomizer> customizers;
    private final Instance<ProxyObserver<RoutingContext>> observers;
    private volatile @Nullable MicrofrontendsHandler handler;
    private boolean stopped;

    Microfrontends(
            BuiltSite built,
            MicrofrontendsFixedConfig fixed,
            MicrofrontendsConfiguration configuration,
            Vertx vertx,
            @Any Instance<FlagProvider> providers,
            @Any Instance<FlagsCustomizer> customizers,
            @Any Instance<ProxyObserver<RoutingContext>> observers) {
        this.built = built;
        this.fixed = fixed;
        this.configuration = configuration;
        this.vertx = vertx;
        this.providers = providers;
        this.customizers = customizers;
        this.observers = observers;
    }

    void start(@Observes @Priority(LATE) StartupEvent event) {
        try {
            handler = newHandler();
        } catch (RuntimeException e) {
            throw StartFailure.of(e);
        }
    }

    private MicrofrontendsHandler newHandler() {
        MicrofrontendsConfig config = built.config();
        Sites.Builder builder = Sites.builder().config(config).propertyNames(PropertyNames::written);
        Map<String, String> values = PropertyNames.forGateway(fixed, configuration, LaunchMode.current());
        for (String flag : Router.flagNames(config)) {
            // A variable of the environment is found by the name that is asked for, and not among all names.
            values.computeIfAbsent("mfe.flags." + flag, name -> PropertyNames.flag(flag));
        }
        values.forEach(builder::property);
        built.methods().forEach(builder::flagProvider);
        providers.forEach(builder::flagProvider);
        String sdkSecret = System.getenv("FLAGS_SECRET");
        if (sdkSecret != null && !values.containsKey("mfe.flags.sdk-secret")) {
            // Its name wherever the Flags SDK runs.
            builder.property("mfe.flags.sdk-secret", sdkSecret);
        }
        builder.flags((Flags.Builder flags) ->
                flags.serviceLoader(Thread.currentThread().getContextClassLoader()));
        customizers.forEach(builder::flags);
        Sites sites = builder.build();
        try {
            sites.flags().requireAll(built.flags());
            return new MicrofrontendsHandler(
                    vertx,
                    rootPath(),
                    sites,
                    VertxFlagRequest::new,
                    Microfrontends::user,
                    Observers.of(observers.stream().toList()),
                    true);
        } catch (RuntimeException e) {
            sites.close();
            throw e;
        }
    }

    /** As a prefix: empty for the root. */
    private static String rootPath() {
        String path = ConfigProvider.getConfig()
                .getOptionalValue("quarkus.http.root-path", String.class)
                .orElse("/");
        String below = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        String root = below.isEmpty() || below.startsWith("/") ? below : "/" + below;
        if (!root.isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "This app is at quarkus.http.root-path={0} and sees no request for other paths. Routes and"
                            + " quarkus.mfe.exclude are matched against the whole path, as the browser sees it: {0}/docs,"
                            + " not /docs",
                    root);
        }
        return root;
    }

    private static @Nullable String user(RoutingContext routing) {
        Principal principal = VertxFlagRequest.principal(routing);
        return principal == null ? null : principal.getName();
    }

    void handle(RoutingContext routing) {
        running().handle(routing);
    }

    /** Whether it may matter who is logged in. */
    boolean asksWhoIsThere(RoutingContext routing) {
        return running().asksWhoIsThere(routing);
    }

    /** Lets requests under way end, and waits for them; new ones that are for zones are refused. */
    @PreDestroy
    synchronized void stop() {
        MicrofrontendsHandler running = handler;
        if (running != null && !stopped) {
            stopped = true;
            running.close();
        }
    }

    /** The flags of a request: the same values that decided its route. */
    public FlagValues flagValues(RoutingContext routing) {
        return running().flagValues(routing);
    }

    /** The flags that decide routes. */
    Flags flags() {
        return running().flags();
    }

    /** The routing file. */
    MicrofrontendsConfig config() {
        return running().config();
    }

    /** Everybody who may answer a path, without asking any flag. */
    List<Router.Candidate> candidates(String path) {
        return running().candidates(path);
    }

    /** How each zone is doing that requests are proxied to. */
    List<ZoneStatistics> statistics() {
        return running().statistics();
    }

    private MicrofrontendsHandler running() {
        return Objects.requireNonNull(handler, "The app has not started yet");
    }
}
