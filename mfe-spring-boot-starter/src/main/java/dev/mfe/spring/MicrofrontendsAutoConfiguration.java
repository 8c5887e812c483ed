package dev.mfe.spring;

import dev.mfe.config.ConfigLocator;
import dev.mfe.config.ConfigSource;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.Flags;
import dev.mfe.gateway.Observers;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.servlet.MicrofrontendsFilter;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingFilterBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Registers the {@link MicrofrontendsFilter} in a servlet app. Steps back for an app's own
 * {@link MicrofrontendsFilter}, {@link MicrofrontendsConfig} or {@link Flags}.
 *
 * @since 0.1
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBooleanProperty(name = "mfe.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MicrofrontendsProperties.class)
public final class MicrofrontendsAutoConfiguration {

    /** Where Spring Security is when {@code spring.security.filter.order} is not set. */
    private static final int SECURITY_ORDER = -100;

    /**
     * Behind the filters that observe requests, read forwarded fields and find sessions; in front of those that read
     * bodies ({@code HiddenHttpMethodFilter} is at -10000).
     */
    private static final int BEFORE_SECURITY_ORDER = -10_010;

    /** For Spring. */
    MicrofrontendsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    MicrofrontendsConfig microfrontendsConfig(
            MicrofrontendsProperties properties, ResourceLoader resources, Environment environment) {
        return load(properties.config(), resources.getClassLoader(), environment);
    }

    @Bean
    FeatureFlagMethods featureFlagMethods(ConfigurableListableBeanFactory beans) {
        return new FeatureFlagMethods(beans);
    }

    @Bean
    @ConditionalOnMissingFilterBean
    MicrofrontendsFilter microfrontendsFilter(
            MicrofrontendsConfig config,
            MicrofrontendsProperties properties,
            ObjectProvider<Flags> ownFlags,
            ObjectProvider<FlagProvider> providers,
            ObjectProvider<SslBundles> bundles,
            ObjectProvider<FlagsCustomizer> customizers,
            ObjectProvider<ProxyObserver<HttpServletRequest>> observers,
            FeatureFlagMethods methods,
            Environment environment) {
        MicrofrontendsFilter.Builder builder =
                MicrofrontendsFilter.builder().config(config).properties(properties.forFilter(config));
        properties.byZone(config).forEach((name, zone) -> {
            String bundle = zone.sslBundle();
            if (bundle != null) {
                builder.sslContext(name, bundles.getObject().getBundle(bundle).createSslContext());
            }
        });
        ProxyObserver<? super HttpServletRequest> observer =
                Observers.of(observers.orderedStream().toList());
        if (observer != null) {
            builder.observer(observer);
        }
        Flags flags = ownFlags.getIfAvailable();
        if (flags != null) {
            return builder.flags(flags).build();
        }
        methods.all().forEach(builder::flagProvider);
        providers.orderedStream().forEach(builder::flagProvider);
        String sdkSecret = environment.getProperty("FLAGS_SECRET");
        if (sdkSecret != null && !properties.flags().containsKey("sdk-secret")) {
            // Its name wherever the Flags SDK runs.
            builder.property("mfe.flags.sdk-secret", sdkSecret);
        }
        customizers.orderedStream().forEach(builder::flags);
        MicrofrontendsFilter filter =
                builder.flags(more -> more.taskDecorator(new CallerContext())).build();
        try {
            filter.flags().requireAll(methods.flags());
        } catch (RuntimeException e) {
            filter.destroy();
            throw e;
        }
        return filter;
    }

    @Bean
    @ConditionalOnBean(MicrofrontendsFilter.class)
    @ConditionalOnMissingBean
    FilterRegistrationBean<MicrofrontendsFilter> microfrontendsFilterRegistration(
            MicrofrontendsFilter filter, Environment environment) {
        FilterRegistrationBean<MicrofrontendsFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setName("microfrontends");
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
        registration.setOrder(filter.beforeSecurity() ? BEFORE_SECURITY_ORDER : afterSecurity(environment));
        return registration;
    }

    @Bean
    @ConditionalOnBean(MicrofrontendsFilter.class)
    FilterRegistrationBean<BodyForZone> bodyForZoneRegistration(MicrofrontendsFilter filter) {
        FilterRegistrationBean<BodyForZone> registration = new FilterRegistrationBean<>(new BodyForZone(filter));
        registration.setName("microfrontendsBody");
        registration.setDispatcherTypes(DispatcherType.REQUEST);
        registration.setOrder(BEFORE_SECURITY_ORDER);
        registration.setEnabled(!filter.beforeSecurity());
        return registration;
    }

    @Bean
    @ConditionalOnBean(MicrofrontendsFilter.class)
    @ConditionalOnMissingBean
    FeatureFlags featureFlags(MicrofrontendsFilter filter) {
        return new FeatureFlags(filter);
    }

    @Bean
    @ConditionalOnBean(MicrofrontendsFilter.class)
    ShadowReport shadowReport(MicrofrontendsFilter filter, ObjectProvider<ShadowReport.Claims> claims) {
        return new ShadowReport(filter, claims.orderedStream().toList());
    }

    @Bean
    @ConditionalOnMissingBean(ProxyObserver.class)
    @ConditionalOnClass(ObservationRegistry.class)
    MicrofrontendsObservation microfrontendsObservation(ObjectProvider<ObservationRegistry> registry) {
        return new MicrofrontendsObservation(registry.getIfUnique(() -> ObservationRegistry.NOOP));
    }

    static int afterSecurity(Environment environment) {
        return environment.getProperty("spring.security.filter.order", Integer.class, SECURITY_ORDER) + 1;
    }

    /**
     * Reads the routing file that an app with this environment would use.
     *
     * @param environment with the properties {@code mfe.config.*}
     * @param classLoader the app's
     * @return what the file says
     * @throws RuntimeException if it is not there or not valid; the message says why
     */
    public static MicrofrontendsConfig routingFile(Environment environment, @Nullable ClassLoader classLoader) {
        return load(
                Binder.get(environment).bindOrCreate("mfe.config", MicrofrontendsProperties.Config.class),
                classLoader,
                environment);
    }

    /** Finds and reads the routing file. */
    private static MicrofrontendsConfig load(
            MicrofrontendsProperties.Config config, @Nullable ClassLoader classLoader, Environment environment) {
        ConfigLocator locator = new ConfigLocator(
                classLoader == null ? MicrofrontendsConfig.class.getClassLoader() : classLoader,
                environment::getProperty,
                Path.of(""));
        String location = config.location();
        ConfigSource source = location == null ? locator.locate() : locator.locate(location);
        return MicrofrontendsConfig.load(
                source,
                switch (config.overlaps()) {
                    case ERROR -> OverlapPolicy.ERROR;
                    case WARN -> OverlapPolicy.WARN;
                });
    }
}
