package dev.mfe.proxy;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mfe.Spec;
import dev.mfe.config.Origin;
import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPoolTest extends TransportTestBase {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void theConnectionUsedLastIsUsedNext() throws Exception {
        AtomicInteger number = new AtomicInteger();
        Script numbered = script().then(peer -> {
            String response = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number.incrementAndGet();
            while (!peer.readOnce().isEmpty()) {
                peer.send(response.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
        });
        try (ScriptedOrigin origin = ScriptedOrigin.always(numbered)) {
            OriginPool pool = pool(origin);
            Exchange first = get(pool);
            assertThat(first.readHead().status()).isEqualTo(200);
            Exchange second = get(pool);
            assertThat(second.readHead().status()).isEqualTo(200);
            assertThat(pool.stats().active()).isEqualTo(2);
            assertThat(readText(second)).isEqualTo("2");
            assertThat(readText(first)).isEqualTo("1");
            assertThat(pool.stats().idle()).isEqualTo(2);
            assertThat(getText(pool)).isEqualTo("200 1");
            assertThat(getText(pool)).isEqualTo("200 1");
            assertThat(pool.stats()).isEqualTo(new OriginPool.Stats(0, 2, 2, 2, 0, 0));
            first.close();
            second.close();
        }
    }

    @Test
    void aFullPoolRefuses() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(answering(OK))) {
            OriginPool pool = pool(origin, PATIENT.withPool(2, Duration.ofSeconds(30)));
            Exchange one = get(pool);
            Exchange two = get(pool);
            assertThatExceptionOfType(ProxyException.class)
                    .isThrownBy(() -> get(pool))
                    .satisfies(e -> assertThat(e.failure()).isEqualTo(ProxyFailure.OVERLOADED))
                    .satisfies(e -> assertThat(e.requestSent()).isFalse());
            one.close();
            assertThat(getText(pool)).isEqualTo("200 ok");
            two.close();
            assertThat(pool.stats().refused()).isOne();
            assertThat(pool.stats().active()).isZero();
        }
    }

    @Test
    void aRefusedConnectionIsUnreachableAndGivesItsRoomBack() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        OriginPool pool = transport.pool(Origin.parse("http://127.0.0.1:" + port), PATIENT.withPool(1, Duration.ZERO));
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(ProxyException.class)
                    .isThrownBy(() -> get(pool))
                    .satisfies(e -> assertThat(e.failure()).isEqualTo(ProxyFailure.UNREACHABLE))
                    .satisfies(e -> assertThat(e.requestSent()).isFalse());
        }
    }

    @Test
    void anUnknownHostIsUnreachable() {
        OriginPool pool = transport.pool(Origin.parse("http://no-such-host.invalid"), PATIENT);
        assertFails(ProxyFailure.UNREACHABLE, () -> get(pool));
    }

    @Test
    void allAddressesOfAHostAreTried() throws Exception {
        // localhost is 127.0.0.1 and, on most machines, ::1; the origin listens on one of them only.
        try (ScriptedOrigin origin = ScriptedOrigin.always(answering(OK))) {
            OriginPool pool = transport.pool(Origin.parse("http://localhost:" + origin.port()), PATIENT);
            assertThat(getText(pool)).isEqualTo("200 ok");
        }
    }

    @Test
    void connectionsIdleForTooLongAreNotUsed() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(answering(OK))) {
            OriginPool pool = pool(origin, PATIENT.withPool(10, Duration.ofNanos(1)));
            getText(pool);
            getText(pool);
            assertThat(pool.stats().created()).isEqualTo(2);
        }
    }

    @Test
    void theWatchdogClosesConnectionsIdleForTooLong() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedOrigin origin =
                ScriptedOrigin.always(script().readHead().send(OK).awaitClose().signal(closed))) {
            OriginPool pool = pool(origin, PATIENT.withPool(10, Duration.ofMillis(1)));
            getText(pool);
            closed.await();
        }
    }

    @Test
    void anOriginThatAnnouncesAShortLifeIsBelieved() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(
                answering("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok"))) {
            OriginPool pool = pool(origin);
            getText(pool);
            getText(pool);
            assertThat(pool.stats().created()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @Spec({"RFC 9110 §9.2.2", "RFC 9112 §9.3.1"})
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
    void anIdempotentRequestOnADeadConnectionIsRepeated(String method) throws Exception {
        String response = "HTTP/1.1 204 No\r\n\r\n";
        for (Script dying : new Script[] {
            script().readHead().send(response).readHead().close(),
            script().readHead().send(response).readHead().reset()
        }) {
            try (ScriptedOrigin origin = ScriptedOrigin.connections(dying, answering(response))) {
                OriginPool pool = pool(origin);
                for (int i = 0; i < 2; i++) {
                    try (Exchange exchange = pool.exchange(method, "/" + i)) {
                        exchange.field("X", "y");
                        exchange.send();
                        assertThat(exchange.readHead().status()).isEqualTo(204);
                    }
                }
                assertThat(origin.takeRequest().target()).isEqualTo("/0");
                String onDeadConnection = origin.takeRequest().head();
                assertThat(origin.takeRequest().head()).isEqualTo(onDeadConnection);
                assertThat(pool.stats()).isEqualTo(new OriginPool.Stats(0, 1, 2, 0, 1, 0));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"POST,0", "POST,3", "PATCH,3", "PUT,3", "DELETE,3"})
    void aConnectionClosedWhileIdleIsNoticed(String method, int length) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.connections(
                script().readHead().send(OK).shutdownOutput().signal(closed).awaitClose(),
                script().readHead().readBody(length).send(OK))) {
            OriginPool pool = pool(origin);
            getText(pool);
            closed.await();
            try (Exchange exchange = pool.exchange(method, "/")) {
                exchange.body(length);
                exchange.write(new byte[length], 0, length);
                exchange.finish();
                assertThat(exchange.readHead().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"POST,0", "PATCH,0", "POST,3", "PUT,3"})
    void aRequestThatMayHaveHadAnEffectIsNotRepeated(String method, int length) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.connections(
                script().readHead().send(OK).readHead().readBody(length).close())) {
            OriginPool pool = pool(origin);
            getText(pool);
            try (Exchange exchange = pool.exchange(method, "/")) {
                exchange.body(length);
                exchange.write(new byte[length], 0, length);
                exchange.finish();
                assertFails(ProxyFailure.BAD_RESPONSE, exchange::readHead);
            }
            assertThat(pool.stats().created()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"})
    void nothingIsRepeatedOnceTheOriginHasSpoken(String beginning) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.connections(
                script().readHead().send(OK).readHead().send(beginning).close())) {
            OriginPool pool = pool(origin);
            getText(pool);
            try (Exchange exchange = get(pool)) {
                assertFails(ProxyFailure.BAD_RESPONSE, () -> {
                    assertThat(exchange.readHead().status()).isEqualTo(103);
                    exchange.readHead();
                });
            }
        }
    }

    @Test
    void aRequestIsRepeatedOnlyOnce() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.connections(
                script().readHead().send(OK).readHead().close(),
                script().readHead().close())) {
            OriginPool pool = pool(origin);
            getText(pool);
            assertFails(ProxyFailure.BAD_RESPONSE, () -> getText(pool));
        }
    }

    @Test
    void aFreshConnectionIsNoReasonToRepeat() throws Exception {
        try (ScriptedOrigin origin =
                ScriptedOrigin.connections(script().readHead().close())) {
            OriginPool pool = pool(origin);
            assertFails(ProxyFailure.BAD_RESPONSE, () -> getText(pool));
        }
    }

    @Test
    void closingLetsExchangesInFlightFinish() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(
                script().readHead().signal(arrived).await(go).send(OK))) {
            OriginPool pool = pool(origin);
            ExecutorService executor = Executors.newFixedThreadPool(2);
            Future<String> answer = executor.submit(() -> getText(pool));
            arrived.await();
            Future<Boolean> closed = executor.submit(() -> transport.close(Duration.ofSeconds(20)));
            while (pool.stats().refused() == 0) {
                try {
                    get(pool).close();
                    Thread.onSpinWait();
                } catch (ProxyException e) {
                    assertThat(e.failure()).isEqualTo(ProxyFailure.CANCELLED);
                }
            }
            go.countDown();
            assertThat(answer.get()).isEqualTo("200 ok");
            assertThat(closed.get()).isTrue();
            executor.shutdown();
        }
    }

    @Test
    void aClosedTransportRefuses() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(answering(OK))) {
            OriginPool pool = pool(origin);
            transport.close();
            assertFails(ProxyFailure.CANCELLED, () -> get(pool));
        }
    }

    @Test
    void closingEndsWhatDoesNotFinish() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (ScriptedOrigin origin =
                ScriptedOrigin.always(script().readHead().signal(arrived).awaitClose())) {
            OriginPool pool = pool(origin);
            ExecutorService executor = Executors.newSingleThreadExecutor();
            Future<?> answer = executor.submit(() -> assertFails(ProxyFailure.CANCELLED, () -> getText(pool)));
            arrived.await();
            assertThat(transport.close(Duration.ZERO)).isFalse();
            answer.get();
            executor.shutdown();
        }
    }

    @Test
    void closingEndsWhatStillLooksForTheAddress() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead().awaitClose());
                Transport slow = slowToResolve(asked, answered)) {
            OriginPool pool = slow.pool(Origin.parse(origin.url()), PATIENT);
            Future<?> request = executor.submit(() -> assertFails(ProxyFailure.CANCELLED, () -> getText(pool)));
            asked.await();
            assertThat(slow.close(Duration.ZERO)).isFalse();
            answered.countDown();
            request.get();
            assertThat(pool.stats().active()).isZero();
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void closingLetsWhatStillLooksForTheAddressFinish() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (ScriptedOrigin origin = ScriptedOrigin.always(answering(OK));
                Transport slow = slowToResolve(asked, answered)) {
            OriginPool pool = slow.pool(Origin.parse(origin.url()), PATIENT);
            Future<String> answer = executor.submit(() -> getText(pool));
            asked.await();
            Future<Boolean> closed = executor.submit(() -> slow.close(Duration.ofSeconds(20)));
            while (!slow.closed()) {
                Thread.onSpinWait();
            }
            answered.countDown();
            assertThat(answer.get()).isEqualTo("200 ok");
            assertThat(closed.get()).isTrue();
        } finally {
            executor.shutdown();
        }
    }

    @Test
    @Spec("failure case 103")
    void everyNewConnectionAsksForTheAddressAgain() throws Exception {
        AtomicInteger lookups = new AtomicInteger();
        try (ScriptedOrigin origin =
                        ScriptedOrigin.always(script().readHead().send(OK).close());
                Transport moving = new Transport(host -> {
                    if (lookups.incrementAndGet() == 1) {
                        throw new UnknownHostException("not yet");
                    }
                    return new InetAddress[] {InetAddress.getLoopbackAddress()};
                })) {
            OriginPool pool = moving.pool(Origin.parse("http://zone.example:" + origin.port()), PATIENT);
            assertFails(ProxyFailure.UNREACHABLE, () -> getText(pool));
            assertThat(getText(pool)).isEqualTo("200 ok");
            assertThat(getText(pool)).isEqualTo("200 ok");
            assertThat(lookups).hasValue(3);
        }
    }

    private static Transport slowToResolve(CountDownLatch asked, CountDownLatch answered) {
        return new Transport(host -> {
            asked.countDown();
            try {
                answered.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return InetAddress.getAllByName(host);
        });
    }

    @Test
    void manyThreadsShareAPool() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().then(peer -> {
            for (String head = peer.readOnce(); !head.isEmpty(); head = peer.readOnce()) {
                String path = head.substring(4, head.indexOf(" HTTP"));
                peer.send(("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path)
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
        }))) {
            OriginPool pool = pool(origin);
            ExecutorService executor = Executors.newFixedThreadPool(16);
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                String thread = "/t" + t;
                done.add(executor.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        try (Exchange exchange = pool.exchange("GET", thread + i)) {
                            exchange.send();
                            exchange.readHead();
                            assertThat(readText(exchange)).isEqualTo(thread + i);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
            assertThat(pool.stats().active()).isZero();
            assertThat(pool.stats().created()).isLessThanOrEqualTo(16);
            assertThat(pool.stats().created() + pool.stats().reused()).isEqualTo(8000);
            executor.shutdown();
        }
    }
}
