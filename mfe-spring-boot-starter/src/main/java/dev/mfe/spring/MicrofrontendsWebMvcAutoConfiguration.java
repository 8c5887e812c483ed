package dev.mfe.spring;

import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.ServletContext;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.context.annotation.Bean;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Flag values as parameters of controllers, and what controllers contribute to the shadow report.
 *
 * @since 0.1
 */
@AutoConfiguration(after = MicrofrontendsAutoConfiguration.class)
@ConditionalOnClass({DispatcherServlet.class, DispatcherServletPath.class})
@ConditionalOnBean(MicrofrontendsFilter.class)
public final class MicrofrontendsWebMvcAutoConfiguration {

    /** For Spring. */
    MicrofrontendsWebMvcAutoConfiguration() {}

    @Bean
    WebMvcConfigurer flagValuesInControllers(MicrofrontendsFilter filter) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new FlagValuesArgumentResolver(filter));
            }
        };
    }

    @Bean
    ShadowReport.Claims webMvcClaims(
            ListableBeanFactory beans, ServletContext context, ObjectProvider<DispatcherServletPath> path) {
        return new WebMvcClaims(
                beans,
                () -> context.getContextPath()
                        + path.stream()
                                .findFirst()
                                .map(DispatcherServletPath::getPrefix)
                                .orElse(""));
    }
}
