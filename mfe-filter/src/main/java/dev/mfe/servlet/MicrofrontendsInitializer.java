package dev.mfe.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Registers the filter in an app that has a file {@code mfe.properties} on its class path, which may be empty. An app
 * without one, or that registers the filter itself, is left alone.
 *
 * @since 0.1
 */
public final class MicrofrontendsInitializer implements ServletContainerInitializer {

    private static final String NAME = "microfrontends";

    /** For the container. */
    public MicrofrontendsInitializer() {}

    /**
     * Registers the filter behind those of {@code web.xml}, so that it sees who is logged in; with {@code
     * mfe.filter.order=before-security} in front of them.
     *
     * @throws RuntimeException when routing file, properties or flags cannot be used; the app does not start
     */
    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        if (context.getClassLoader().getResource("mfe.properties") == null || isRegistered(context)) {
            return;
        }
        MicrofrontendsFilter filter = MicrofrontendsFilter.builder()
                .environment(context.getClassLoader())
                .build();
        FilterRegistration.Dynamic registration = context.addFilter(NAME, filter);
        if (registration == null) {
            filter.destroy();
            return;
        }
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(
                EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), !filter.beforeSecurity(), "/*");
    }

    private static boolean isRegistered(ServletContext context) {
        return context.getFilterRegistrations().values().stream()
                .anyMatch(registration -> MicrofrontendsFilter.class.getName().equals(registration.getClassName()));
    }
}
