package dev.mfe.spring;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.testkit.AskingForCertificates;
import dev.mfe.testkit.Certificates;
import dev.mfe.testkit.ScriptedOrigin;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A zone behind TLS that asks who we are, and an SSL bundle of Spring Boot that tells both sides. */
class SslBundleTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nzone";

    private static Certificates.SelfSigned zone;
    private static Certificates.SelfSigned client;
    private static Certificates.SelfSigned stranger;

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) throws Exception {
        zone = Certificates.selfSigned(folder, "localhost", "EC");
        client = Certificates.selfSigned(folder, "client", "EC");
        stranger = Certificates.selfSigned(folder, "stranger", "EC");
    }

    @Test
    void trustAndClientCertificateComeFromTheBundle() throws Exception {
        assertThat(status("site", zone, client)).isEqualTo(200);
    }

    @Test
    void aZoneThatTheBundleDoesNotTrustIsUnreachable() throws Exception {
        assertThat(status("site", stranger, client)).isEqualTo(502);
    }

    @Test
    void aZoneMayRefuseTheBundlesCertificate() throws Exception {
        assertThat(status("site", zone, stranger)).isEqualTo(502);
    }

    @Test
    void aBundleThatDoesNotExistIsNamedAtTheStart() {
        assertThatThrownBy(() -> status("elsewhere", zone, client))
                .hasRootCauseInstanceOf(NoSuchSslBundleException.class)
                .hasStackTraceContaining("'elsewhere'");
    }

    private static int status(String bundle, Certificates.SelfSigned trusted, Certificates.SelfSigned own)
            throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(
                        new AskingForCertificates(Certificates.context(zone, client)), answering(OK));
                ConfigurableApplicationContext app = new SpringApplicationBuilder(App.class)
                        .bannerMode(Banner.Mode.OFF)
                        .run(List.of(
                                        "--server.port=0",
                                        "--logging.level.dev.mfe=error",
                                        "--mfe.flags.new-search=false",
                                        "--mfe.zones.docs.url=https://localhost:" + origin.port(),
                                        "--mfe.zones.docs.ssl-bundle=" + bundle,
                                        "--spring.ssl.bundle.pem.site.truststore.certificate=file:"
                                                + trusted.certificate(),
                                        "--spring.ssl.bundle.pem.site.keystore.certificate=file:" + own.certificate(),
                                        "--spring.ssl.bundle.pem.site.keystore.private-key=file:" + own.privateKey())
                                .toArray(String[]::new))) {
            int port = ((WebServerApplicationContext) app).getWebServer().getPort();
            return Http.get(port, "/docs").statusCode();
        }
    }

    @WithoutSecurity
    static class App {}
}
