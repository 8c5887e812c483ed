package dev.mfe.quarkus.runtime.proxy;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.testkit.AskingForCertificates;
import dev.mfe.testkit.Certificates;
import dev.mfe.testkit.ScriptedOrigin;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A zone behind TLS that asks who we are. */
class ZoneTlsTest {

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
        assertThat(status("localhost", zone, zone, client)).isEqualTo(200);
    }

    @Test
    void aZoneThatIsNotTrustedIsUnreachable() throws Exception {
        assertThat(status("localhost", zone, stranger, client)).isEqualTo(502);
    }

    @Test
    void aZoneMayRefuseUs() throws Exception {
        assertThat(status("localhost", zone, zone, stranger)).isEqualTo(502);
    }

    @Test
    void aCertificateForAnotherHostIsNone() throws Exception {
        assertThat(status("127.0.0.1", zone, zone, client)).isEqualTo(502);
        assertThat(status("localhost", stranger, stranger, client)).isEqualTo(502);
    }

    private static int status(
            String host, Certificates.SelfSigned shown, Certificates.SelfSigned trusted, Certificates.SelfSigned own)
            throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(
                        new AskingForCertificates(Certificates.context(shown, client)), answering(OK));
                TestSite site = TestSite.docsAt("https://" + host + ":" + origin.port())
                        .property(
                                "mfe.zones.docs.tls-trusted-certificates",
                                trusted.certificate().toString())
                        .property(
                                "mfe.zones.docs.tls-certificate",
                                own.certificate().toString())
                        .property(
                                "mfe.zones.docs.tls-private-key",
                                own.privateKey().toString())
                        .start()) {
            int status = site.get("/docs/a").status();
            assertThat(site.get("/docs/b").status()).isEqualTo(status);
            return status;
        }
    }
}
