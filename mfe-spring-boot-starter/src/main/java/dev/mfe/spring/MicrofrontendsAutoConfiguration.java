package dev.mfe.spring;

import dev.mfe.config.ConfigLocator;
import dev.mfe.config.ConfigSource;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.Flags;
import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.DispatcherType;
import java.nio.file.Path;
import java.util.List;
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
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Registers the {@link MicrofrontendsFilter} in a servlet app. Steps back for an app's own {@link MicrofrontendsFilter}, {@link
 * MicrofrontendsConfig} or {@link Flags}.
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
     * Behind the filters that observe requests, read forwarded fields and find sessions; in front of those that read bodies
     * ({@code HiddenHttpMethodFilter} is at -10000).
     */
    private static final int BEFORE_SECURITY_ORDER = -10_010;

    /** For Spring. */
    MicrofrontendsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    MicrofrontendsConfig microfrontendsConfig(
            MicrofrontendsProperties properties, ResourceLoader resources, Environment environment) {
        ClassLoader classLoader = resources.getClassLoader();
        ConfigLocator locator = new ConfigLocator(
                classLoader == null ? MicrofrontendsConfig.class.getClassLoader() : classLoader,
                environment::getProperty,
                Path.of(""));
        String location = properties.config().location();
        ConfigSource source = location == null ? locator.locate() : locator.locate(location);
        return MicrofrontendsConfig.load(
                source,
                switch (properties.config().overlaps()) {
                    case ERROR -> OverlapPolicy.ERROR;
                    case WARN -> OverlapPolicy.WARN;
                });
    }

    @Bean
    @ConditionalOnMissingFilterBean
    MicrofrontendsFilter microfrontendsFilter(
            MicrofrontendsConfig config,
            MicrofrontendsProperties properties,
            ObjectProvider<Flags> ownFlags,
            ObjectProvider<FlagProvider> providers,
            ConfigurableListableBeanFactory beans) {
        MicrofrontendsFilter.Builder builder =
                MicrofrontendsFilter.builder().config(config).properties(properties.forFilter(config));
        Flags flags = ownFlags.getIfAvailable();
        if (flags != null) {
            return builder.flags(flags).build();
        }
        List<FeatureFlagMethod> methods = FeatureFlagMethod.find(beans);
        methods.forEach(builder::flagProvider);
        providers.orderedStream().forEach(builder::flagProvider);
        return builder.flags(more -> more.taskDecorator(new CallerContext())).build();
    }

    @Bean
    @ConditionalOnBean(MicrofrontendsFilter.class)
    @ConditionalOnMissingBean
    FilterRegistrationBean<MicrofrontendsFilter> microfrontendsFilterRegistration(
            MicrofrontendsFilter filter, Environment environment) {
        FilterRegistrationBean<MicrofrontendsFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setName("microfrontends");
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
        registration.setOrder(
                filter.beforeSecurity()
                        ? BEFORE_SECURITY_ORDER
                        : environment.getProperty("spring.security.filter.order", Integer.class, SECURITY_ORDER) + 1);
        return registration;
    }

    @Bean
    @ConditionalOnBean(MicrofrontendsFilter.class)
    @ConditionalOnMissingBean
    FeatureFlags featureFlags(MicrofrontendsFilter filter) {
        return new FeatureFlags(filter);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebMvcConfigurer.class)
    @ConditionalOnBean(MicrofrontendsFilter.class)
    static class WebMvc {

        @Bean
        WebMvcConfigurer flagValuesInControllers(MicrofrontendsFilter filter) {
            return new WebMvcConfigurer() {
                @Override
                public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                    resolvers.add(new FlagValuesArgumentResolver(filter));
                }
            };
        }
    }
}
