package dev.mfe.spring.test;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.Zone;
import dev.mfe.spring.MicrofrontendsAutoConfiguration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Found by Spring's test framework. */
final class StubZonesCustomizerFactory implements ContextCustomizerFactory {

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        return TestContextAnnotationUtils.hasAnnotation(testClass, MicrofrontendsTest.class) ? new Customizer() : null;
    }

    /** Equal to all others, so that test classes share a context. */
    private record Customizer() implements ContextCustomizer {

        @Override
        public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration test) {
            MicrofrontendsConfig config =
                    MicrofrontendsAutoConfiguration.routingFile(context.getEnvironment(), context.getClassLoader());
            String local = context.getEnvironment()
                    .getProperty("mfe.application", config.defaultZone().name());
            StubZones stubs = new StubZones(config.zones().stream()
                    .map(Zone::name)
                    .filter(name -> !name.equals(local)
                            && !name.equals(config.defaultZone().name()))
                    .toList());
            Map<String, Object> urls = new LinkedHashMap<>();
            stubs.all().forEach((name, stub) -> urls.put("mfe.zones[" + name + "].url", stub.url()));
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("stub zones", urls));
            ConfigurableListableBeanFactory beans = context.getBeanFactory();
            beans.registerSingleton("stubZones", stubs);
            if (beans instanceof DefaultSingletonBeanRegistry registry) {
                registry.registerDisposableBean("stubZones", stubs::close);
            }
        }
    }
}
