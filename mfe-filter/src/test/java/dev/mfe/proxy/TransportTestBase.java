package dev.mfe.proxy;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mfe.config.Origin;
import dev.mfe.testkit.ScriptedOrigin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What tests of exchanges over real sockets share. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class TransportTestBase {

    /** Long enough never to strike in a test that does not want it to. */
    static final OriginOptions PATIENT = OriginOptions.defaults()
            .withTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));

    final Transport transport = new Transport();

    @AfterEach
    void closeTransport() {
        transport.close();
    }

    OriginPool pool(ScriptedOrigin origin) {
        return pool(origin, PATIENT);
    }

    OriginPool pool(ScriptedOrigin origin, OriginOptions options) {
        return transport.pool(Origin.parse(origin.url()), options);
    }

    static Exchange get(OriginPool pool) throws ProxyException {
        Exchange exchange = pool.exchange("GET", "/");
        exchange.field("Host", pool.origin().authority());
        exchange.send();
        return exchange;
    }

    /** Status and body of a GET, everything read. */
    static String getText(OriginPool pool) throws ProxyException {
        try (Exchange exchange = get(pool)) {
            int status = exchange.readHead().status();
            return status + " " + readText(exchange);
        }
    }

    static String readText(Exchange exchange) throws ProxyException {
        StringBuilder text = new StringBuilder();
        for (ByteBuffer part = exchange.readBody(); part != null; part = exchange.readBody()) {
            text.append(StandardCharsets.ISO_8859_1.decode(part));
        }
        return text.toString();
    }

    static void assertFails(ProxyFailure failure, ThrowingCallable call) {
        assertThatExceptionOfType(ProxyException.class)
                .isThrownBy(call)
                .extracting(ProxyException::failure)
                .isEqualTo(failure);
    }
}
