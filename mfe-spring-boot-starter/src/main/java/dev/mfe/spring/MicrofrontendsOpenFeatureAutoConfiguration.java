package dev.mfe.spring;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.NoOpProvider;
import dev.openfeature.sdk.OpenFeatureAPI;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/**
 * Asks OpenFeature for flags that have neither a property nor a provider: the app's {@link Client} bean, or else the
 * client of {@link OpenFeatureAPI} where somebody has set a provider by the time the filter is made.
 *
 * @since 0.1
 */
@AutoConfiguration(before = MicrofrontendsAutoConfiguration.class)
@ConditionalOnClass(Client.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBooleanProperty(name = "mfe.enabled", matchIfMissing = true)
public final class MicrofrontendsOpenFeatureAutoConfiguration {

    /** For Spring. */
    MicrofrontendsOpenFeatureAutoConfiguration() {}

    @Bean
    FlagsCustomizer openFeatureFlags(ObjectProvider<Client> clients, ObjectProvider<OpenFeatureContext> contexts) {
        return flags -> {
            Client bean = clients.getIfUnique();
            Client client = bean == null ? clientOfApi() : bean;
            if (client != null) {
                OpenFeatureContext own = contexts.getIfUnique();
                flags.fallback(new OpenFeatureFlags(client, own == null ? OpenFeatureFlags::context : own));
            }
        };
    }

    /** Null while nobody has set a provider: a flag that nobody answers is to stop the start. */
    private static @Nullable Client clientOfApi() {
        OpenFeatureAPI api = OpenFeatureAPI.getInstance();
        return api.getProvider() instanceof NoOpProvider ? null : api.getClient();
    }
}
