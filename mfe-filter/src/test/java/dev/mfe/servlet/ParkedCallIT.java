package dev.mfe.servlet;

import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.Spec;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What happens when a zone takes its time. */
class ParkedCallIT {

    private static final String STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String GET = "GET /docs/stream HTTP/1.1\r\nHost: www.example.com\r\n\r\n";

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    @Test
    void twoThousandEventStreamsLeaveTheThreadsToOthers() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Script events = script().readHead()
                .send(STREAM)
                .send(chunk("data: 1\n\n"))
                .await(go)
                .send(chunk("data: 2\n\n"))
                .send("0\r\n\r\n");
        List<Client> clients = new ArrayList<>();
        try (ScriptedOrigin zone = ScriptedOrigin.always(events);
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            for (int i = 0; i < 2000; i++) {
                clients.add(Client.connect(app.port()).send(GET));
            }
            for (Client client : clients) {
                assertThat(client.readHead().status()).isEqualTo(200);
                assertThat(client.readChunk()).isEqualTo("data: 1\n\n");
            }
            assertThat(Client.get(app.port(), "/local").status()).isEqualTo(200);
            go.countDown();
            for (Client client : clients) {
                assertThat(client.readChunk()).isEqualTo("data: 2\n\n");
                assertThat(client.readChunk()).isEmpty();
            }
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    @Test
    @Spec("design §8")
    void requestsThatWaitForAHeadLeaveTheThreadsToOthers() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Client> clients = new ArrayList<>();
        try (ScriptedOrigin zone = ScriptedOrigin.always(
                        script().readHead().await(go).send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            for (int i = 0; i < 400; i++) {
                clients.add(Client.connect(app.port()).send(GET));
            }
            for (int i = 0; i < 400; i++) {
                zone.takeRequest();
            }
            assertThat(Client.get(app.port(), "/local").status()).isEqualTo(200);
            go.countDown();
            for (Client client : clients) {
                assertThat(client.readAnswer().body()).isEqualTo("ok");
            }
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aStreamThatBreaksOffIsNeverComplete() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .send(STREAM)
                        .send(chunk("data: 1\n\n"))
                        .await(seen)
                        .close());
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()));
                Client client = Client.connect(app.port())) {
            client.send(GET).readHead();
            assertThat(client.readChunk()).isEqualTo("data: 1\n\n");
            seen.countDown();
            assertThatThrownBy(client::readChunk).isInstanceOf(IOException.class);
        }
    }

    @Test
    @Spec("failure case 43")
    void aContainerThatRefusesATaskLosesNothingOfAStream() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        AtomicInteger refused = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(8, 8, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>()) {
            @Override
            public void execute(Runnable task) {
                // As a bounded queue does. What comes from the thread that waits for zones is what a parked call asks
                // for.
                if (Thread.currentThread().getName().startsWith("mfe-") && refused.getAndIncrement() == 0) {
                    throw new RejectedExecutionException("full");
                }
                super.execute(task);
            }
        };
        StringBuilder burst = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            burst.append(chunk("data: " + i + "\n\n"));
        }
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .send(STREAM)
                        .send(chunk("first"))
                        .await(seen)
                        .send(burst + "0\r\n\r\n"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()), threads);
                Client client = Client.connect(app.port())) {
            client.send(GET).readHead();
            assertThat(client.readChunk()).isEqualTo("first");
            seen.countDown();
            StringBuilder body = new StringBuilder();
            for (String part = client.readChunk(); !part.isEmpty(); part = client.readChunk()) {
                body.append(part);
            }
            assertThat(refused).hasPositiveValue();
            assertThat(body.toString()).startsWith("data: 0\n\n").endsWith("data: 29\n\n");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @Spec("failure case 43")
    void aContainerThatFailsInAStreamDoesNotCompleteIt() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        AtomicInteger writes = new AtomicInteger();
        Filter failing = (request, response, chain) -> chain.doFilter(
                request,
                standIn(
                        response,
                        () -> {
                            if (writes.incrementAndGet() > 1) {
                                throw new IllegalStateException("meant to fail");
                            }
                        },
                        listener -> {}));
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .send(STREAM)
                        .send(chunk("data: 1\n\n"))
                        .await(seen)
                        .send(chunk("data: 2\n\n") + "0\r\n\r\n"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()), Map.of("failing", failing));
                Client client = Client.connect(app.port())) {
            client.send(GET).readHead();
            assertThat(client.readChunk()).isEqualTo("data: 1\n\n");
            seen.countDown();
            assertThatThrownBy(client::readChunk).isInstanceOf(IOException.class);
            assertThat(app.filter().statistics().get(0).failures()).containsOnlyKeys(ProxyFailure.CANCELLED);
        }
    }

    @Test
    void aCallThatTheContainerEndsIsNotOverWhileItIsBeingWritten() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Queue<String> order = new ConcurrentLinkedQueue<>();
        AtomicReference<WriteListener> listener = new AtomicReference<>();
        Filter slow = (request, response, chain) -> chain.doFilter(
                request,
                standIn(
                        response,
                        () -> {
                            writing.countDown();
                            try {
                                go.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            order.add("written");
                        },
                        listener::set));
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .send(STREAM)
                        .send(chunk("data: 1\n\n"))
                        .awaitClose()
                        .signal(closed));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()), Map.of("slow", slow));
                Client client = Client.connect(app.port())) {
            client.send(GET).readHead();
            assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();
            // After this Tomcat uses the objects of the request for another one.
            Thread container = new Thread(() -> {
                listener.get().onError(new IOException("The client left"));
                order.add("over");
            });
            container.start();
            while (container.isAlive() && container.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            go.countDown();
            container.join(20_000);
            assertThat(order).containsExactly("written", "over");
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            go.countDown();
        }
    }

    /** Not a wrapper, which would be taken off: it stands in for the container's own. */
    private static ServletResponse standIn(
            ServletResponse response, Runnable beforeWrite, Consumer<WriteListener> listening) {
        return (HttpServletResponse) Proxy.newProxyInstance(
                HttpServletResponse.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) -> {
                    Object result = method.invoke(response, arguments);
                    if (!(result instanceof ServletOutputStream out)) {
                        return result;
                    }
                    return new ServletOutputStream() {
                        @Override
                        public boolean isReady() {
                            return out.isReady();
                        }

                        @Override
                        public void setWriteListener(WriteListener listener) {
                            listening.accept(listener);
                            out.setWriteListener(listener);
                        }

                        @Override
                        public void write(int b) throws IOException {
                            out.write(b);
                        }

                        @Override
                        public void write(byte[] bytes, int offset, int length) throws IOException {
                            beforeWrite.run();
                            out.write(bytes, offset, length);
                        }

                        @Override
                        public void flush() throws IOException {
                            out.flush();
                        }
                    };
                });
    }

    @Test
    @Spec("design §8")
    void theThreadThatWaitsForAllZonesWritesToNoClientThatMayNotRead() throws Exception {
        Queue<String> writers = new ConcurrentLinkedQueue<>();
        Filter watching =
                (request, response, chain) -> chain.doFilter(request, (ServletResponse) Proxy.newProxyInstance(
                        HttpServletResponse.class.getClassLoader(),
                        new Class<?>[] {HttpServletResponse.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("getOutputStream")) {
                                writers.add(Thread.currentThread().getName());
                            }
                            return method.invoke(response, arguments);
                        }));
        List<Client> clients = new ArrayList<>();
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead());
                TomcatApp app = TomcatApp.start(
                        TomcatApp.docsAt(zone.url()).property("mfe.zones.docs.response-timeout", "1s"),
                        Map.of("watching", watching))) {
            // More than may wait on threads of their own.
            for (int i = 0; i < 40; i++) {
                clients.add(Client.connect(app.port()).send(GET));
            }
            for (Client client : clients) {
                assertThat(client.readAnswer().status()).isEqualTo(504);
            }
            assertThat(writers).hasSize(40).noneMatch(name -> name.startsWith("mfe-"));
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aClientThatLeavesAStreamCancelsTheZonesRequest() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        Script endless = script().readHead().send(STREAM).then(peer -> {
            try {
                while (true) {
                    peer.send(chunk("data: again\n\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                closed.countDown();
            }
        });
        try (ScriptedOrigin zone = ScriptedOrigin.always(endless);
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            try (Client client = Client.connect(app.port())) {
                client.send(GET).readHead();
                client.readChunk();
            }
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Spec({"design §8", "RFC 9113 §5.4.2"})
    void aClientThatResetsItsHttp2StreamCancelsTheZonesRequest() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Script zones = script().readHead().then(peer -> {
            if (peer.request().target().equals("/docs/silent")) {
                asked.countDown();
                peer.awaitClose();
                closed.countDown();
            } else {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
        });
        try (ScriptedOrigin zone = ScriptedOrigin.always(zones.repeat());
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            HttpClient client = HttpClient.newHttpClient();
            URI site = URI.create("http://127.0.0.1:" + app.port());
            // The first request upgrades the connection, and only later ones are streams that can be reset.
            HttpResponse<String> first = client.send(
                    HttpRequest.newBuilder(site.resolve("/docs/first")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
            CompletableFuture<?> silent = client.sendAsync(
                    HttpRequest.newBuilder(site.resolve("/docs/silent")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            long since = System.nanoTime();
            silent.cancel(true);
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(1));
            while (app.filter().statistics().get(0).failures().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(app.filter().statistics().get(0).failures()).containsOnlyKeys(ProxyFailure.CLIENT_GONE);
        }
    }

    @Test
    void aFastStreamArrivesWholeAtASlowClient() throws Exception {
        byte[] part = new byte[64 * 1024];
        for (int i = 0; i < part.length; i++) {
            part[i] = (byte) (i * 31 + i / 256);
        }
        int parts = 160;
        Script many = script().readHead()
                .send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: " + parts * part.length
                        + "\r\n\r\n")
                .then(peer -> {
                    for (int i = 0; i < parts; i++) {
                        peer.send(part);
                    }
                });
        try (ScriptedOrigin zone = ScriptedOrigin.always(many);
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()));
                Client client = Client.connect(app.port())) {
            assertThat(client.send(GET).readHead().fields("Content-Length"))
                    .containsExactly(Integer.toString(parts * part.length));
            String expected = new String(part, java.nio.charset.StandardCharsets.ISO_8859_1);
            for (int i = 0; i < parts; i++) {
                assertThat(client.readBytes(part.length).equals(expected)).isTrue();
            }
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedOrigin zone = ScriptedOrigin.always(
                script().readHead().send(STREAM).send(chunk("x")).awaitClose().signal(closed))) {
            Client client;
            try (TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()).property("mfe.drain-timeout", "100ms"))) {
                client = Client.connect(app.port());
                client.send(GET).readHead();
                client.readChunk();
            }
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            client.close();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("mfe-"));
        }
    }

    @Test
    @Spec("RFC 9110 §7.8")
    void anUpgradedConnectionIsTunnelledUntilEitherSideCloses() throws Exception {
        String handshake =
                "GET /docs/socket HTTP/1.1\r\nHost: www.example.com\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
        String switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .send(switching + "hello")
                        .readBody(4)
                        .send("pong")
                        .readBody(3)
                        .close());
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()));
                Client client = Client.connect(app.port())) {
            client.send(handshake);
            assertThat(client.readHead().head()).startsWith("HTTP/1.1 101").contains("Upgrade: echo");
            assertThat(client.readBytes(5)).isEqualTo("hello");
            client.send("ping");
            assertThat(client.readBytes(4)).isEqualTo("pong");
            client.send("bye");
            assertThatThrownBy(() -> client.readBytes(1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("0 of 1");
            assertThat(zone.takeRequest().fields("Upgrade")).containsExactly("echo");
        }
    }
}
