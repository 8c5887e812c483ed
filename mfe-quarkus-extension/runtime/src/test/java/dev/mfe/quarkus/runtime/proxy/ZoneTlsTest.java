package dev.mfe.quarkus.runtime.proxy;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.contract.RawClient;
import dev.mfe.testkit.AskingForCertificates;
import dev.mfe.testkit.Certificates;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

    @Test
    void aTunnelEndsInOrder() throws Exception {
        int much = 4 * 1024 * 1024;
        CompletableFuture<Integer> got = new CompletableFuture<>();
        Script script = script().readHead()
                .send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: made-up\r\n\r\n")
                .then(peer -> {
                    InputStream in = peer.socket().getInputStream();
                    byte[] part = new byte[64 * 1024];
                    int count = 0;
                    // JSSE takes a connection that closes without a good-bye for one that was cut.
                    for (int n = in.read(part); n >= 0; n = in.read(part)) {
                        count += n;
                    }
                    got.complete(count);
                });
        try (ScriptedOrigin origin =
                        ScriptedOrigin.always(new AskingForCertificates(Certificates.context(zone, client)), script);
                TestSite site = site("localhost", origin, zone, client);
                RawClient raw = RawClient.connect(site.port())) {
            raw.send("GET /docs/a HTTP/1.1\r\nHost: www.shop.test\r\nConnection: Upgrade\r\nUpgrade: made-up\r\n\r\n");
            assertThat(raw.readHead().status()).isEqualTo(101);
            raw.sendBytes(new byte[much]).close();
            assertThat(got.get(20, TimeUnit.SECONDS)).isEqualTo(much);
        }
    }

    private static int status(
            String host, Certificates.SelfSigned shown, Certificates.SelfSigned trusted, Certificates.SelfSigned own)
            throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(
                        new AskingForCertificates(Certificates.context(shown, client)), answering(OK));
                TestSite site = site(host, origin, trusted, own)) {
            int status = site.get("/docs/a").status();
            assertThat(site.get("/docs/b").status()).isEqualTo(status);
            return status;
        }
    }

    private static TestSite site(
            String host, ScriptedOrigin origin, Certificates.SelfSigned trusted, Certificates.SelfSigned own)
            throws Exception {
        return TestSite.docsAt("https://" + host + ":" + origin.port())
                .property(
                        "mfe.zones.docs.tls-trusted-certificates",
                        trusted.certificate().toString())
                .property("mfe.zones.docs.tls-certificate", own.certificate().toString())
                .property("mfe.zones.docs.tls-private-key", own.privateKey().toString())
                .start();
    }
}
