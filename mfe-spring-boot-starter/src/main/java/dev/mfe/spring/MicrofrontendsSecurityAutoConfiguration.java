package dev.mfe.spring;

import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.access.WebInvocationPrivilegeEvaluator;
import org.springframework.security.web.csrf.CsrfFilter;

/**
 * Lets forms reach zones through Spring Security, whose check for cross-site request forgery is made only for what this
 * app answers. An app that wants it for the paths of zones as well has a bean of its own called
 * {@code microfrontendsCsrf}.
 *
 * @since 0.1
 */
@AutoConfiguration(
        after = MicrofrontendsAutoConfiguration.class,
        afterName = "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration")
@ConditionalOnClass({HttpSecurity.class, CsrfFilter.class})
@ConditionalOnBean(value = MicrofrontendsFilter.class, name = "springSecurityFilterChain")
public final class MicrofrontendsSecurityAutoConfiguration {

    /** For Spring. */
    MicrofrontendsSecurityAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "microfrontendsCsrf")
    Customizer<HttpSecurity> microfrontendsCsrf(ObjectProvider<MicrofrontendsFilter> filter) {
        return http -> http.csrf(csrf -> CsrfAfterRouting.putOff(csrf, filter::getObject));
    }

    @Bean
    FilterRegistrationBean<CsrfAfterRouting> microfrontendsCsrfRegistration(Environment environment) {
        FilterRegistrationBean<CsrfAfterRouting> registration = new FilterRegistrationBean<>(new CsrfAfterRouting());
        registration.setName("microfrontendsCsrf");
        registration.setDispatcherTypes(DispatcherType.REQUEST);
        registration.setOrder(MicrofrontendsAutoConfiguration.afterSecurity(environment) + 1);
        return registration;
    }

    @Bean
    @ConditionalOnBean(WebInvocationPrivilegeEvaluator.class)
    ShadowReport.Claims securityClaims(WebInvocationPrivilegeEvaluator evaluator, MicrofrontendsFilter filter) {
        return new SecurityClaims(evaluator, filter);
    }
}
