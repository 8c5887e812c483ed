package dev.mfe.spring;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/**
 * Stops the start of a reactive app, in which paths of zones would silently be answered with 404.
 *
 * @since 0.1
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "mfe.enabled", matchIfMissing = true)
public final class MicrofrontendsReactiveAutoConfiguration {

    /** For Spring. */
    MicrofrontendsReactiveAutoConfiguration() {}

    @Bean
    static BeanFactoryPostProcessor microfrontendsNeedServlets() {
        return beans -> {
            throw new ReactiveAppException();
        };
    }
}
