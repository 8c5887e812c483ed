package dev.mfe.proxy;

import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An exchange is given up when its client has left, and the client's connection is left alone otherwise. */
@Spec({"design §8", "RFC 9112 §9.5"})
class WaitingClientTest extends TransportTestBase {

    /** One connection, seen by the client and by its container. */
    private final SocketChannel client;

    private final SocketChannel accepted;

    WaitingClientTest() throws IOException {
        try (ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            client = SocketChannel.open(server.getLocalAddress());
            accepted = server.accept();
            accepted.configureBlocking(false);
        }
    }

    @AfterEach
    void closeBoth() throws IOException {
        client.close();
        accepted.close();
    }

    /** Aborts its exchange, after it was too busy to hear of it so many times. */
    private final class Aborting implements WaitingClient {
        private final Exchange exchange;
        private final int busy;
        private final CountDownLatch asked = new CountDownLatch(1);
        private final AtomicInteger told = new AtomicInteger();

        Aborting(Exchange exchange, int busy) {
            this.exchange = exchange;
            this.busy = busy;
        }

        @Override
        public @Nullable SocketChannel channel() {
            asked.countDown();
            return accepted;
        }

        @Override
        public boolean left() {
            if (told.incrementAndGet() <= busy) {
                return false;
            }
            exchange.abort(ProxyFailure.CLIENT_GONE);
            return true;
        }

        /** Waits until it is watched. */
        void awaitWatched() throws InterruptedException {
            asked.await();
            while (!accepted.isRegistered()) {
                Thread.onSpinWait();
            }
        }
    }

    /** The selector lets go of a channel on its own thread, a moment later. */
    private void awaitFree() throws IOException {
        while (accepted.isRegistered()) {
            Thread.onSpinWait();
        }
        accepted.configureBlocking(true);
    }

    @Test
    void whoWaitsOnAThreadIsWoken() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead().awaitClose());
                Exchange exchange = get(pool(origin))) {
            Aborting waits = new Aborting(exchange, 0);
            exchange.client(waits);
            client.close();
            assertFails(ProxyFailure.CLIENT_GONE, exchange::readHead);
            assertThat(waits.told).hasValue(1);
            awaitFree();
        }
    }

    @Test
    void whoIsBusyIsToldAgain() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead().awaitClose());
                Exchange exchange = get(pool(origin))) {
            Aborting waits = new Aborting(exchange, 3);
            exchange.client(waits);
            client.close();
            assertFails(ProxyFailure.CLIENT_GONE, exchange::readHead);
            assertThat(waits.told).hasValue(4);
            awaitFree();
        }
    }

    @Test
    @Spec("RFC 9112 §9.3.2")
    void bytesOfTheClientAreLeftWhereTheyAre() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(
                        script().readHead().await(answer).send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                Exchange exchange = get(pool(origin))) {
            Aborting waits = new Aborting(exchange, 0);
            exchange.client(waits);
            waits.awaitWatched();
            client.write(ByteBuffer.wrap(new byte[7]));
            // Nothing can be seen behind them, so the channel is let go, and an end that follows is not noticed.
            awaitFree();
            client.close();
            answer.countDown();
            assertThat(exchange.readHead().status()).isEqualTo(200);
            assertThat(readText(exchange)).isEqualTo("ok");
            assertThat(waits.told).hasValue(0);
            assertThat(accepted.read(ByteBuffer.allocate(100))).isEqualTo(7);
        }
    }

    @Test
    void theChannelIsFreeWhenTheAnswerIsHere() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(
                        script().readHead().await(answer).send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                Exchange exchange = get(pool(origin))) {
            Aborting waits = new Aborting(exchange, 0);
            exchange.client(waits);
            waits.awaitWatched();
            answer.countDown();
            exchange.readHead();
            assertThat(readText(exchange)).isEqualTo("ok");
            awaitFree();
            client.close();
            assertThat(waits.told).hasValue(0);
        }
    }

    @Test
    void theChannelIsFreeWhenTheExchangeIsGivenUp() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead().awaitClose())) {
            Exchange exchange = get(pool(origin));
            Aborting waits = new Aborting(exchange, 0);
            exchange.client(waits);
            waits.awaitWatched();
            exchange.close();
            awaitFree();
            assertThat(waits.told).hasValue(0);
        }
    }

    @Test
    void aChannelThatIsClosedWhileItIsWatchedIsReallyClosed() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead().awaitClose())) {
            Exchange exchange = get(pool(origin));
            Aborting waits = new Aborting(exchange, 0);
            exchange.client(waits);
            waits.awaitWatched();
            accepted.close();
            exchange.close();
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            while (accepted.isRegistered()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void theNextExchangeOfAClientIsWatchedAgain() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.always(script().readHead()
                        .await(answer)
                        .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                        .readHead()
                        .awaitClose());
                OriginPool pool = pool(origin)) {
            try (Exchange exchange = get(pool)) {
                Aborting waits = new Aborting(exchange, 0);
                exchange.client(waits);
                waits.awaitWatched();
                answer.countDown();
                exchange.readHead();
                assertThat(readText(exchange)).isEqualTo("ok");
            }
            try (Exchange exchange = get(pool)) {
                exchange.client(new Aborting(exchange, 0));
                client.close();
                assertFails(ProxyFailure.CLIENT_GONE, exchange::readHead);
            }
        }
    }
}
