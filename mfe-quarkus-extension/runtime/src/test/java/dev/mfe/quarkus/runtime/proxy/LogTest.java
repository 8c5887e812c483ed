package dev.mfe.quarkus.runtime.proxy;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.gateway.ZoneFields;
import dev.mfe.quarkus.runtime.PropertyNames;
import dev.mfe.testkit.ScriptedOrigin;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

/** What is logged about requests. */
class LogTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void aPropertyIsCalledAsTheAppCallsIt() throws Exception {
        Lines lines = new Lines();
        Logger logger = Logger.getLogger(ZoneFields.class.getName());
        logger.addHandler(lines);
        logger.setUseParentHandlers(false);
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(OK));
                TestSite site = TestSite.docsAt(zone.url())
                        .with(sites -> sites.propertyNames(PropertyNames::written))
                        .property("mfe.zones.docs.identity", "header")
                        .user("Jos\u00e9")
                        .start()) {
            assertThat(site.get("/docs/a").status()).isEqualTo(200);
            assertThat(lines.seen.poll(20, TimeUnit.SECONDS))
                    .startsWith("Zone docs is not told who is logged in")
                    .endsWith("set quarkus.mfe.zones.docs.identity=jwt");
        } finally {
            logger.removeHandler(lines);
            logger.setUseParentHandlers(true);
        }
    }

    private static final class Lines extends Handler {

        private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

        @Override
        public void publish(LogRecord line) {
            seen.add(new SimpleFormatter().formatMessage(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
