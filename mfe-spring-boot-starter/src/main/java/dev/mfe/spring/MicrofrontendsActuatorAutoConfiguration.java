package dev.mfe.spring;

import dev.mfe.servlet.MicrofrontendsFilter;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Endpoint, health and metrics, each where the app has what it takes.
 *
 * @since 0.1
 */
@AutoConfiguration(after = {MicrofrontendsAutoConfiguration.class, MicrofrontendsWebMvcAutoConfiguration.class})
@ConditionalOnBean(MicrofrontendsFilter.class)
public final class MicrofrontendsActuatorAutoConfiguration {

    /** For Spring. */
    MicrofrontendsActuatorAutoConfiguration() {}

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    @ConditionalOnAvailableEndpoint(MicrofrontendsEndpoint.class)
    static class EndpointConfiguration {

        @Bean
        @ConditionalOnMissingBean
        MicrofrontendsEndpoint microfrontendsEndpoint(MicrofrontendsFilter filter, ShadowReport shadows) {
            return new MicrofrontendsEndpoint(filter, shadows);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
    @ConditionalOnEnabledHealthIndicator("microfrontends")
    static class HealthConfiguration {

        @Bean
        @ConditionalOnMissingBean(name = "microfrontendsHealthContributor")
        ZoneHealth microfrontendsHealthContributor(MicrofrontendsFilter filter) {
            return new ZoneHealth(filter);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class MetricsConfiguration {

        @Bean
        MicrofrontendsMetrics microfrontendsMetrics(MicrofrontendsFilter filter) {
            return new MicrofrontendsMetrics(filter);
        }
    }
}
