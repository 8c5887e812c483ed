package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.spring.test.StubZone;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/** The starter in apps that have less on their class path than this module. */
class BareClassPathTest {

    private static final String OPTIONAL =
            "spring-security|spring-boot-security|actuator|spring-boot-health|micrometer-core"
                    + "|micrometer-metrics|spring-boot-micrometer|openfeature|reactor|webflux|thymeleaf"
                    + "|micrometer-tracing|spring-boot-test|surefire|junit";

    @ParameterizedTest
    @ValueSource(strings = {OPTIONAL, OPTIONAL + "|webmvc"})
    void aZoneIsReachedWithout(String missing) throws Exception {
        try (StubZone docs = StubZone.start("docs");
                URLClassLoader classes = classPathWithout(missing)) {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(classes);
            try (AutoCloseable app = (AutoCloseable) classes.loadClass(App.class.getName())
                    .getMethod("start", String.class)
                    .invoke(null, docs.url())) {
                int port = (int) app.getClass().getMethod("port").invoke(app);
                assertThat(Http.get(port, "/docs/intro").body()).isEqualTo("docs GET /docs/intro");
            } finally {
                thread.setContextClassLoader(before);
            }
        }
    }

    private static URLClassLoader classPathWithout(String missing) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            File file = new File(entry);
            if (!file.getName().matches(".*(" + missing + ").*")
                    && !file.getPath().matches(".*dev/(" + missing + ")/.*")) {
                urls.add(file.toURI().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    /** Loaded by the class loader of the test. */
    public record App(ConfigurableApplicationContext context, int port) implements AutoCloseable {

        /** Called by reflection. */
        public static App start(String url) {
            SpringApplication application = new SpringApplication(Everything.class);
            application.setWebApplicationType(WebApplicationType.SERVLET);
            application.setRegisterShutdownHook(false);
            ConfigurableApplicationContext context = application.run(
                    "--server.port=0",
                    "--mfe.zones.docs.url=" + url,
                    "--mfe.flags.new-search=false",
                    // Tomcat wants to be alone in its JVM.
                    "--spring.autoconfigure.exclude=org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration",
                    "--spring.main.banner-mode=off");
            return new App(
                    context, Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port")));
        }

        @Override
        public void close() {
            context.close();
        }
    }

    @EnableAutoConfiguration
    static class Everything {}
}
