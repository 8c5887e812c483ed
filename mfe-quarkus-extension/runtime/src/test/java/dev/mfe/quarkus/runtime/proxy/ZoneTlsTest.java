package dev.mfe.quarkus.runtime.proxy;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.testkit.Certificates;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
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
        try (ScriptedOrigin origin =
                        ScriptedOrigin.always(new AskingForCertificates(context(shown, client)), answering(OK));
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

    private static SSLContext context(Certificates.SelfSigned own, Certificates.SelfSigned trusted) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(
                "trusted",
                trusted.keyStore().getCertificate(trusted.keyStore().aliases().nextElement()));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(own.keyStore(), Certificates.PASSWORD);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    /** Makes server sockets that refuse clients without a certificate they trust. */
    private static final class AskingForCertificates extends ServerSocketFactory {

        private final ServerSocketFactory factory;

        AskingForCertificates(SSLContext context) {
            this.factory = context.getServerSocketFactory();
        }

        private static ServerSocket asking(ServerSocket socket) {
            ((SSLServerSocket) socket).setNeedClientAuth(true);
            return socket;
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return asking(factory.createServerSocket(port));
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return asking(factory.createServerSocket(port, backlog));
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            return asking(factory.createServerSocket(port, backlog, address));
        }
    }
}
