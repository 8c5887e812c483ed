package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mfe.testkit.AskingForCertificates;
import dev.mfe.testkit.Certificates;
import dev.mfe.testkit.ScriptedOrigin;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A zone behind TLS that asks who we are. */
class ZoneTlsIT {

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
    void trustAndClientCertificateComeFromFiles() throws Exception {
        assertThat(status(files(zone, client))).isEqualTo(200);
    }

    @Test
    void aZoneThatIsNotTrustedIsUnreachable() throws Exception {
        assertThat(status(files(stranger, client))).isEqualTo(502);
    }

    @Test
    void aZoneMayRefuseUs() throws Exception {
        assertThat(status(files(zone, stranger))).isEqualTo(502);
    }

    @Test
    void anyOtherSourceIsAContext() throws Exception {
        assertThat(status(builder -> builder.sslContext("docs", Certificates.context(client, zone))))
                .isEqualTo(200);
    }

    @Test
    void filesForHttpAreAMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TomcatApp.docsAt("http://localhost:1")
                        .property(
                                "mfe.zones.docs.tls-certificate",
                                client.certificate().toString())
                        .build())
                .withMessageContaining("mfe.zones.docs.tls-private-key: a certificate and its private key belong");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TomcatApp.docsAt("http://localhost:1")
                        .property(
                                "mfe.zones.docs.tls-trusted-certificates",
                                zone.certificate().toString())
                        .build())
                .withMessageContaining("mfe.zones.docs.url: there are files for TLS, but the URL is http");
    }

    private interface Change {
        MicrofrontendsFilter.Builder apply(MicrofrontendsFilter.Builder builder) throws Exception;
    }

    private static Change files(Certificates.SelfSigned trusted, Certificates.SelfSigned own) {
        return builder -> builder.property(
                        "mfe.zones.docs.tls-trusted-certificates",
                        trusted.certificate().toString())
                .property("mfe.zones.docs.tls-certificate", own.certificate().toString())
                .property("mfe.zones.docs.tls-private-key", own.privateKey().toString());
    }

    private static int status(Change change) throws Exception {
        SSLContext context = Certificates.context(zone, client);
        try (ScriptedOrigin origin = ScriptedOrigin.always(new AskingForCertificates(context), answering(OK));
                TomcatApp app = TomcatApp.start(change.apply(TomcatApp.docsAt("https://localhost:" + origin.port())))) {
            return Client.get(app.port(), "/docs").status();
        }
    }
}
