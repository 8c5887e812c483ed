package dev.mfe.proxy;

import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.config.Origin;
import dev.mfe.testkit.Certificates;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest extends TransportTestBase {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** Holds a certificate for localhost, and trusts it. */
    private static SSLContext localhost;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        Certificates.SelfSigned certificate = Certificates.selfSigned(folder, "localhost", "EC");
        localhost = Certificates.context(certificate, certificate);
    }

    private static ScriptedOrigin origin(Script script) {
        return ScriptedOrigin.always(localhost.getServerSocketFactory(), script);
    }

    private OriginPool securePool(ScriptedOrigin origin) {
        return transport.pool(Origin.parse("https://localhost:" + origin.port()), PATIENT.withSslContext(localhost));
    }

    @Test
    void requestsShareAConnection() throws Exception {
        try (ScriptedOrigin origin = origin(Script.answering(OK))) {
            OriginPool pool = securePool(origin);
            for (int i = 0; i < 3; i++) {
                assertThat(getText(pool)).isEqualTo("200 ok");
            }
            try (Exchange exchange = pool.exchange("POST", "/")) {
                exchange.body(0);
                exchange.finish();
                assertThat(exchange.readHead().status()).isEqualTo(200);
            }
            assertThat(pool.stats().created()).isOne();
        }
    }

    @Test
    void theNameOfTheOriginIsIndicated() throws Exception {
        CompletableFuture<String> protocol = new CompletableFuture<>();
        try (ScriptedOrigin origin = origin(script().then(peer -> {
                    SSLSocket socket = (SSLSocket) peer.socket();
                    javax.net.ssl.SSLParameters parameters = socket.getSSLParameters();
                    parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
                    socket.setSSLParameters(parameters);
                    socket.startHandshake();
                    javax.net.ssl.ExtendedSSLSession session = (javax.net.ssl.ExtendedSSLSession) socket.getSession();
                    protocol.complete(socket.getApplicationProtocol() + " " + session.getRequestedServerNames());
                })
                .readHead()
                .send(OK))) {
            // The name has a dot, or the JDK would not send it.
            OriginPool pool = transport.pool(
                    Origin.parse("https://localhost.localdomain:" + origin.port()), PATIENT.withSslContext(localhost));
            try {
                getText(pool);
            } catch (ProxyException e) {
                // The certificate is for another name, or the name is unknown on this machine.
                assertThat(e.failure()).isEqualTo(ProxyFailure.UNREACHABLE);
            }
            OriginPool known = securePool(origin);
            assertThat(getText(known)).isEqualTo("200 ok");
            assertThat(protocol.get(30, TimeUnit.SECONDS)).startsWith("http/1.1");
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        try (ScriptedOrigin origin = origin(script().then(TlsTest::failHandshake))) {
            OriginPool pool = transport.pool(
                    Origin.parse("https://127.0.0.1:" + origin.port()), PATIENT.withSslContext(localhost));
            assertFails(ProxyFailure.UNREACHABLE, () -> getText(pool));
            assertThat(pool.stats().active()).isZero();
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
        try (ScriptedOrigin origin = origin(script().then(TlsTest::failHandshake))) {
            OriginPool pool = transport.pool(Origin.parse("https://localhost:" + origin.port()), PATIENT);
            assertFails(ProxyFailure.UNREACHABLE, () -> getText(pool));
        }
    }

    private static void failHandshake(Script.Peer peer) {
        try {
            peer.socket().getInputStream().read();
        } catch (IOException e) {
            // As it should.
        }
    }

    @Test
    void anOriginWithoutTlsIsUnreachable() throws Exception {
        try (ScriptedOrigin origin =
                ScriptedOrigin.always(script().then(peer -> peer.readOnce()).send("HTTP/1.1 400 No\r\n\r\n"))) {
            assertFails(ProxyFailure.UNREACHABLE, () -> getText(securePool(origin)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16_384, 1_000_000})
    void bodiesOfAnyLengthArriveUnchanged(int length) throws Exception {
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++) {
            body[i] = (byte) (i * 7);
        }
        String text = new String(body, StandardCharsets.ISO_8859_1);
        try (ScriptedOrigin origin = origin(script().readHead()
                .readBody(length)
                .send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n")
                .sendBytes(body)
                .repeat())) {
            OriginPool pool = securePool(origin);
            for (int i = 0; i < 2; i++) {
                try (Exchange exchange = pool.exchange("POST", "/")) {
                    exchange.body(length);
                    exchange.write(body, 0, length);
                    exchange.finish();
                    exchange.readHead();
                    assertThat(readText(exchange).equals(text)).isTrue();
                }
            }
            assertThat(pool.stats().created()).isOne();
        }
    }

    @Test
    void aBodyUntilTheEndNeedsTheEndOfTls() throws Exception {
        try (ScriptedOrigin origin =
                origin(script().readHead().send("HTTP/1.1 200 OK\r\n\r\nabc").close())) {
            assertThat(getText(securePool(origin))).isEqualTo("200 abc");
        }
        CountDownLatch read = new CountDownLatch(1);
        java.util.concurrent.atomic.AtomicReference<java.net.Socket> below =
                new java.util.concurrent.atomic.AtomicReference<>();
        try (java.net.ServerSocket plain =
                new java.net.ServerSocket(0, 10, java.net.InetAddress.getLoopbackAddress())) {
            // TLS over a socket of the test's own, which can then be closed without TLS knowing.
            CompletableFuture<Void> cut = CompletableFuture.runAsync(() -> {
                try {
                    below.set(plain.accept());
                    SSLSocket tls =
                            (SSLSocket) localhost.getSocketFactory().createSocket(below.get(), "localhost", 0, false);
                    tls.setUseClientMode(false);
                    tls.getInputStream().read(new byte[1000]);
                    tls.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII));
                    read.await();
                    below.get().shutdownOutput();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            OriginPool pool = transport.pool(
                    Origin.parse("https://localhost:" + plain.getLocalPort()), PATIENT.withSslContext(localhost));
            try (Exchange exchange = get(pool)) {
                exchange.readHead();
                assertThat(exchange.readBody()).isNotNull();
                read.countDown();
                assertFails(ProxyFailure.BAD_RESPONSE, () -> readText(exchange));
            }
            cut.get(30, TimeUnit.SECONDS);
            below.get().close();
        }
    }

    @Test
    @Spec("RFC 5246 §7.4.1.1")
    void anOriginMayAskForACertificateWhenItKnowsThePath() throws Exception {
        CompletableFuture<Integer> certificates = new CompletableFuture<>();
        try (ScriptedOrigin origin =
                origin(script().then(peer -> ((SSLSocket) peer.socket()).setEnabledProtocols(new String[] {"TLSv1.2"}))
                        .readHead()
                        .then(peer -> {
                            SSLSocket socket = (SSLSocket) peer.socket();
                            socket.setNeedClientAuth(true);
                            socket.getSession().invalidate();
                            socket.addHandshakeCompletedListener(event -> {
                                try {
                                    certificates.complete(event.getPeerCertificates().length);
                                    peer.send(OK.getBytes(StandardCharsets.US_ASCII));
                                } catch (IOException e) {
                                    certificates.completeExceptionally(e);
                                }
                            });
                            socket.startHandshake();
                        })
                        // What the JDK's socket reads now is first of all that handshake.
                        .readHead()
                        .send(OK))) {
            OriginPool pool = transport.pool(
                    Origin.parse("https://localhost:" + origin.port()),
                    PATIENT.withSslContext(localhost)
                            .withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10)));
            assertThat(getText(pool)).isEqualTo("200 ok");
            assertThat(getText(pool)).isEqualTo("200 ok");
            assertThat(certificates.get(30, TimeUnit.SECONDS)).isOne();
            assertThat(pool.stats().created()).isOne();
        }
    }

    @Test
    void aResponseCanBeAwaitedWithoutAThread() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedOrigin origin =
                origin(script().readHead().await(go).send(OK).readHead().send(OK))) {
            OriginPool pool = securePool(origin);
            try (Exchange exchange = get(pool)) {
                assertThat(exchange.awaitReadable(5)).isFalse();
                CompletableFuture<String> text = new CompletableFuture<>();
                exchange.park(new Runnable() {
                    private boolean headRead;

                    @Override
                    public void run() {
                        try {
                            headRead = headRead || exchange.pollHead() != null;
                            ByteBuffer part = headRead ? exchange.readBody() : null;
                            if (part == null || !part.hasRemaining()) {
                                exchange.park(this);
                            } else {
                                text.complete(
                                        StandardCharsets.US_ASCII.decode(part).toString());
                            }
                        } catch (ProxyException e) {
                            text.completeExceptionally(e);
                        }
                    }
                });
                go.countDown();
                assertThat(text.get(30, TimeUnit.SECONDS)).isEqualTo("ok");
            }
            while (pool.stats().idle() == 0) {
                Thread.onSpinWait();
            }
            assertThat(getText(pool)).isEqualTo("200 ok");
            assertThat(pool.stats().created()).isOne();
        }
    }
}
