package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ProxyOutcome;
import dev.mfe.spring.test.StubZone;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Several beans that want to know about proxied requests. */
@SpringBootTest(
        classes = ObserversTest.App.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"mfe.flags.new-search=true", "logging.level.dev.mfe=error"})
class ObserversTest {

    private static final StubZone docs = StubZone.start("docs");

    @LocalServerPort
    private int port;

    @Autowired
    private BlockingQueue<ProxyOutcome> outcomes;

    @DynamicPropertySource
    static void zones(DynamicPropertyRegistry properties) {
        properties.add("mfe.zones.docs.url", docs::url);
    }

    @AfterAll
    static void stop() {
        docs.close();
    }

    @Test
    void twoThatThrowKeepTheThirdFromNothingAndHarmNoRequest() throws Exception {
        assertThat(Http.get(port, "/docs").statusCode()).isEqualTo(200);
        assertThat(docs.takeRequest().header("traceparent")).isEqualTo("ours");
        ProxyOutcome outcome = Objects.requireNonNull(outcomes.poll(20, TimeUnit.SECONDS));
        assertThat(outcome.status()).isEqualTo(200);
    }

    @WithoutSecurity
    static class App {

        @Bean
        @Order(1)
        ProxyObserver<HttpServletRequest> throwsAtTheBeginning() {
            return (request, about) -> {
                throw new IllegalStateException("broken on purpose");
            };
        }

        @Bean
        @Order(2)
        ProxyObserver<HttpServletRequest> throwsAtTheEnd() {
            return (request, about) -> outcome -> {
                throw new IllegalStateException("broken on purpose");
            };
        }

        @Bean
        @Order(3)
        ProxyObserver<HttpServletRequest> recorder(BlockingQueue<ProxyOutcome> outcomes) {
            return (request, about) -> new ProxyObserver.Observation() {
                @Override
                public Map<String, String> requestFields() {
                    return Map.of("traceparent", "ours");
                }

                @Override
                public void ended(ProxyOutcome outcome) {
                    outcomes.add(outcome);
                }
            };
        }

        @Bean
        BlockingQueue<ProxyOutcome> outcomes() {
            return new LinkedBlockingQueue<>();
        }
    }
}
