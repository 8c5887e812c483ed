package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ProxyOutcome;
import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What can be known from outside about requests that are proxied. */
class ObservationIT {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** Keeps what it is told. */
    private static final class Recorder implements ProxyObserver<HttpServletRequest> {

        private final BlockingQueue<ProxiedRequest> begun = new LinkedBlockingQueue<>();
        private final BlockingQueue<ProxyOutcome> ended = new LinkedBlockingQueue<>();
        private final Map<String, String> fields;

        Recorder(Map<String, String> fields) {
            this.fields = fields;
        }

        @Override
        public Observation begin(HttpServletRequest request, ProxiedRequest about) {
            begun.add(about);
            return new Observation() {
                @Override
                public Map<String, String> requestFields() {
                    return fields;
                }

                @Override
                public void ended(ProxyOutcome outcome) {
                    ended.add(outcome);
                }
            };
        }

        ProxyOutcome outcome() throws InterruptedException {
            return Objects.requireNonNull(ended.poll(20, TimeUnit.SECONDS), "No request has ended");
        }
    }

    private static ZoneStatistics docs(TomcatApp app) {
        return app.filter().statistics().get(0);
    }

    @Test
    @Spec("failure case 131")
    void anObserverSeesEachProxiedRequestAndAddsFields() throws Exception {
        Recorder recorder = new Recorder(Map.of("traceparent", "ours", "Host", "evil", "Content-Length", "7"));
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(OK));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()).observer(recorder))) {
            Client.get(app.port(), "/local");
            assertThat(Client.get(app.port(), "/docs/a", "Traceparent: theirs").status())
                    .isEqualTo(200);

            assertThat(recorder.begun).containsExactly(new ProxiedRequest("docs", zone.url(), "/docs/:path*", "path"));
            ProxyOutcome outcome = recorder.outcome();
            assertThat(outcome.status()).isEqualTo(200);
            assertThat(outcome.failure()).isNull();
            assertThat(outcome.servedLocally()).isFalse();
            assertThat(outcome.duration()).isPositive();
            OriginRequest request = zone.takeRequest();
            assertThat(request.fields("traceparent")).containsExactly("ours");
            assertThat(request.fields("Host")).containsExactly("127.0.0.1:" + zone.port());
            assertThat(request.fields("Content-Length")).isEmpty();
        }
    }

    @Test
    void anObserverThatThrowsChangesNothing() throws Exception {
        ProxyObserver<HttpServletRequest> broken = (request, about) -> new ProxyObserver.Observation() {
            @Override
            public Map<String, String> requestFields() {
                throw new IllegalStateException("broken on purpose");
            }

            @Override
            public void ended(ProxyOutcome outcome) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(OK));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()).observer(broken))) {
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("ok");
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("ok");
        }
    }

    @Test
    void anObserverWithNullForFieldsChangesNothing() throws Exception {
        ProxyObserver.Observation nothing = new ProxyObserver.Observation() {
            @Override
            @SuppressWarnings("NullAway") // meant to be wrong
            public Map<String, String> requestFields() {
                return null;
            }

            @Override
            public void ended(ProxyOutcome outcome) {}
        };
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(OK));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()).observer((request, about) -> nothing))) {
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("ok");
        }
    }

    @Test
    void anObserverIsToldWhyARequestFailed() throws Exception {
        Recorder recorder = new Recorder(Map.of());
        ScriptedOrigin gone = ScriptedOrigin.connections();
        String url = gone.url();
        gone.close();
        try (TomcatApp app = TomcatApp.start(TomcatApp.docsAt(url).observer(recorder))) {
            Client.get(app.port(), "/docs");
            ProxyOutcome outcome = recorder.outcome();
            assertThat(outcome.status()).isEqualTo(502);
            assertThat(outcome.failure()).isEqualTo(ProxyFailure.UNREACHABLE);

            ZoneStatistics statistics = docs(app);
            assertThat(statistics.requests()).isEqualTo(1);
            assertThat(statistics.failures()).containsExactly(Map.entry(ProxyFailure.UNREACHABLE, 1L));
            assertThat(statistics.lastAnswer()).isNull();
            assertThat(Objects.requireNonNull(statistics.lastFailure()).failure())
                    .isEqualTo(ProxyFailure.UNREACHABLE);
        }
        try (TomcatApp app = TomcatApp.start(
                TomcatApp.docsAt(url).observer(recorder).property("mfe.zones.docs.fallback", "local"))) {
            Client.get(app.port(), "/docs");
            ProxyOutcome outcome = recorder.outcome();
            assertThat(outcome.servedLocally()).isTrue();
            assertThat(outcome.status()).isZero();
            assertThat(outcome.failure()).isEqualTo(ProxyFailure.UNREACHABLE);
        }
    }

    @Test
    void aStreamIsObservedToItsEndAndAClientThatLeavesIsNoFailureOfTheZone() throws Exception {
        Recorder recorder = new Recorder(Map.of());
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .send(
                                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .then(peer -> {
                            try {
                                while (true) {
                                    peer.send("1\r\nx\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                                }
                            } catch (java.io.IOException e) {
                                closed.countDown();
                            }
                        }));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()).observer(recorder))) {
            try (Client client = Client.connect(app.port())) {
                client.send("GET /docs HTTP/1.1\r\nHost: x\r\n\r\n").readHead();
                client.readChunk();
                ZoneStatistics meanwhile = docs(app);
                assertThat(meanwhile.connections().active()).isEqualTo(1);
                assertThat(meanwhile.lastAnswer()).isNotNull();
                assertThat(recorder.ended).isEmpty();
            }
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            ProxyOutcome outcome = recorder.outcome();
            assertThat(outcome.status()).isEqualTo(200);
            assertThat(outcome.failure()).isEqualTo(ProxyFailure.CLIENT_GONE);
            assertThat(docs(app).lastFailure()).isNull();
            assertThat(docs(app).failures()).containsExactly(Map.entry(ProxyFailure.CLIENT_GONE, 1L));
        }
    }

    @Test
    void aZoneThatDoesNotAnswerInTimeIsSeenAsSuch() throws Exception {
        Recorder recorder = new Recorder(Map.of());
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead().awaitClose());
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url())
                        .property("mfe.zones.docs.response-timeout", "100ms")
                        .observer(recorder))) {
            assertThat(Client.get(app.port(), "/docs").status()).isEqualTo(504);
            ProxyOutcome outcome = recorder.outcome();
            assertThat(outcome.failure()).isEqualTo(ProxyFailure.TIMEOUT);
            assertThat(outcome.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
            assertThat(docs(app).maxInFlight()).isEqualTo(4096);
            assertThat(docs(app).origin()).isEqualTo(zone.url());
        }
    }
}
