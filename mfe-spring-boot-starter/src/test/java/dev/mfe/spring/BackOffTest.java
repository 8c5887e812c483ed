package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.servlet.MicrofrontendsFilter;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the starter leaves to the app. */
class BackOffTest {

    private static final AutoConfigurations ALL = AutoConfigurations.of(
            MicrofrontendsAutoConfiguration.class,
            MicrofrontendsOpenFeatureAutoConfiguration.class,
            MicrofrontendsSecurityAutoConfiguration.class,
            MicrofrontendsWebMvcAutoConfiguration.class,
            MicrofrontendsActuatorAutoConfiguration.class);

    private final WebApplicationContextRunner app = new WebApplicationContextRunner()
            .withConfiguration(ALL)
            .withPropertyValues("mfe.zones.docs.url=http://localhost:9", "mfe.flags.new-search=false");

    @Test
    void anAppThatIsNoWebAppIsLeftAlone() {
        new ApplicationContextRunner()
                .withConfiguration(ALL)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MicrofrontendsFilter.class));
    }

    @Test
    void itCanBeSwitchedOff() {
        new WebApplicationContextRunner()
                .withConfiguration(ALL)
                .withPropertyValues("mfe.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MicrofrontendsFilter.class));
    }

    @Test
    void theFilterRunsRightAfterSecurity() {
        app.run(context -> assertThat(
                        registration(context.getBean("microfrontendsFilterRegistration", FilterRegistrationBean.class))
                                .getOrder())
                .isEqualTo(-99));
        app.withPropertyValues("spring.security.filter.order=5")
                .run(context -> assertThat(registration(context.getBean(
                                        "microfrontendsFilterRegistration", FilterRegistrationBean.class))
                                .getOrder())
                        .isEqualTo(6));
    }

    private static FilterRegistrationBean<?> registration(FilterRegistrationBean<?> bean) {
        return bean;
    }

    @Test
    void anOwnFilterIsRegistered() {
        app.withUserConfiguration(OwnFilter.class).run(context -> {
            assertThat(context).hasSingleBean(MicrofrontendsFilter.class);
            assertThat(registration(context.getBean("microfrontendsFilterRegistration", FilterRegistrationBean.class))
                            .getFilter())
                    .isSameAs(context.getBean("own"));
        });
    }

    @Test
    void anOwnRegistrationIsLeftAsItIs() {
        app.withUserConfiguration(OwnRegistration.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(MicrofrontendsFilter.class)
                        .doesNotHaveBean("microfrontendsFilterRegistration")
                        .doesNotHaveBean(FeatureFlags.class));
    }

    @Test
    void anOwnRoutingFileIsUsed() {
        app.withBean(MicrofrontendsConfig.class, () -> MicrofrontendsConfig.parse("own.json", """
                        { "applications": { "web": {}, "docs": { "routing": [ { "paths": ["/own"] } ] } } }"""))
                .run(context -> assertThat(context.getBean(MicrofrontendsFilter.class)
                                .config()
                                .source())
                        .isEqualTo("own.json"));
    }

    @Test
    void anEnvironmentVariableReachesAZoneWithADash() {
        new WebApplicationContextRunner()
                .withConfiguration(ALL)
                .withBean(MicrofrontendsConfig.class, () -> MicrofrontendsConfig.parse("own.json", """
                        { "applications": { "web": {}, "my-docs": { "routing": [ { "flag": "new-docs", "paths": ["/own"] } ] } } }"""))
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new org.springframework.core.env.SystemEnvironmentPropertySource(
                                "systemEnvironment",
                                java.util.Map.of(
                                        "MFE_ZONES_MYDOCS_URL", "http://localhost:9",
                                        "MFE_ZONES_MYDOCS_PRESERVEHOST", "true",
                                        "MFE_FLAGS_NEWDOCS", "true"))))
                .run(context -> assertThat(context.getBean(MicrofrontendsFilter.class)
                                .statistics()
                                .get(0)
                                .origin())
                        .isEqualTo("http://localhost:9"));
    }

    static class OwnFilter {

        @Bean
        MicrofrontendsFilter own(MicrofrontendsConfig config, MicrofrontendsProperties properties) {
            return MicrofrontendsFilter.builder()
                    .config(config)
                    .properties(properties.forFilter(config))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnRegistration {

        @Bean
        FilterRegistrationBean<MicrofrontendsFilter> own(
                MicrofrontendsConfig config, MicrofrontendsProperties properties) {
            return new FilterRegistrationBean<>(MicrofrontendsFilter.builder()
                    .config(config)
                    .properties(properties.forFilter(config))
                    .build());
        }
    }
}
