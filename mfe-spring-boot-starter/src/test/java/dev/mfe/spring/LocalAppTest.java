package dev.mfe.spring;

import org.junit.jupiter.api.Nested;
import org.springframework.test.context.TestPropertySource;

/** The local app is untouched: one suite, with the starter and without it. */
class LocalAppTest {

    static final String ON_JETTY =
            "spring.autoconfigure.exclude=org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration";

    @Nested
    @TestPropertySource(properties = "mfe.enabled=false")
    class WithoutTheStarter extends LocalAppContract {}

    @Nested
    class WithTheStarter extends LocalAppContract {}

    @Nested
    @TestPropertySource(properties = "mfe.filter.order=before-security")
    class InFrontOfSecurity extends LocalAppContract {}

    @Nested
    @TestPropertySource(properties = {ON_JETTY, "mfe.enabled=false"})
    class OnJettyWithoutTheStarter extends LocalAppContract {}

    @Nested
    @TestPropertySource(properties = ON_JETTY)
    class OnJetty extends LocalAppContract {}
}
