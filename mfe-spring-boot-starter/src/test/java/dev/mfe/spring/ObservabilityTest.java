package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.spring.test.StubZone;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.transport.SenderContext;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What metrics, traces and Actuator say about zones. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=*",
            "management.endpoint.health.show-details=always",
            "management.endpoint.health.probes.enabled=true",
            "mfe.flags.new-search=true",
            "logging.level.dev.mfe=error"
        })
class ObservabilityTest {

    private static final StubZone docs = StubZone.start("docs");

    @LocalServerPort
    private int port;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private Recorder recorder;

    @DynamicPropertySource
    static void zones(DynamicPropertyRegistry properties) throws Exception {
        properties.add("mfe.zones.docs.url", docs::url);
        properties.add("mfe.config.location", () -> "classpath:observed.json");
        try (ServerSocket free = new ServerSocket(0)) {
            int closed = free.getLocalPort();
            properties.add("mfe.zones.down.url", () -> "http://localhost:" + closed);
        }
    }

    @AfterAll
    static void stop() {
        docs.close();
    }

    @Test
    void aProxiedRequestIsObserved() throws Exception {
        Http.get(port, "/docs/intro");
        Observation.Context seen = recorder.take("/docs/:path*");
        assertThat(seen.getName()).isEqualTo("mfe.proxy");
        assertThat(seen.getContextualName()).isEqualTo("get docs");
        assertThat(values(seen.getLowCardinalityKeyValues()))
                .isEqualTo(
                        Map.of("zone", "docs", "expression", "/docs/:path*", "reason", "path", "outcome", "success"));
        assertThat(values(seen.getHighCardinalityKeyValues()))
                .containsEntry("vercel.mfe.app", "docs")
                .containsEntry("vercel.mfe.matched_path", "/docs/:path*")
                .containsEntry("vercel.mfe.response_reason", "path")
                .containsEntry("http.response.status_code", "200");
        assertThat(seen.getParentObservation()).isNotNull();
        assertThat(meters.get("mfe.proxy")
                        .tag("zone", "docs")
                        .tag("outcome", "success")
                        .timer()
                        .count())
                .isPositive();
    }

    @Test
    void theTraceIsHandedOn() throws Exception {
        docs.reset();
        Http.get(port, "/docs", "traceparent: 00-11111111111111111111111111111111-2222222222222222-01");
        assertThat(docs.takeRequest().header("traceparent")).isEqualTo("from the handler");
    }

    @Test
    void aFailureHasItsName() throws Exception {
        assertThat(Http.get(port, "/down").statusCode()).isEqualTo(502);
        Observation.Context seen = recorder.take("/down");
        assertThat(values(seen.getLowCardinalityKeyValues())).containsEntry("outcome", "unreachable");
        assertThat(seen.getError()).hasMessage("Zone down: UNREACHABLE");
    }

    @Test
    void theUriOfAServerRequestIsThePathExpression() throws Exception {
        for (int i = 0; i < 3; i++) {
            Http.get(port, "/docs/page-" + i);
            recorder.take("/docs/:path*");
        }
        // The observation ends after the response, so it may still be under way.
        Http.get(port, "/local/7");
        assertThat(Http.get(port, "/actuator/metrics/http.server.requests").body())
                .contains("/docs/:path*")
                .doesNotContain("page-1");
        assertThat(Http.get(port, "/actuator/metrics/http.server.requests").body())
                .contains("/local/{id}");
    }

    @Test
    void theEndpointShowsZonesAndFlags() throws Exception {
        Http.get(port, "/docs");
        assertThat(Http.get(port, "/actuator/microfrontends").body())
                .contains("\"source\":\"classpath:observed.json\"", "\"origin\":\"" + docs.url() + "\"")
                .contains("\"paths\":[\"/docs\",\"/docs/:path*\"]", "\"flags\":[\"new-search\"]", "\"active\":");
    }

    @Test
    void theEndpointSaysWhoServesAPath() throws Exception {
        assertThat(Http.get(port, "/actuator/microfrontends/docs/intro").body())
                .contains("\"path\":\"/docs/intro\"", "\"servedBy\":\"docs\"", "\"expression\":\"/docs/:path*\"");
        assertThat(Http.get(port, "/actuator/microfrontends/search").body())
                .contains("\"servedBy\":\"docs\",\"flag\":\"new-search\"", "\"servedBy\":\"local app\"");
        assertThat(Http.get(port, "/actuator/microfrontends/elsewhere").body())
                .contains("\"servedBy\":\"local app\"", "\"reason\":\"no-match\"");
    }

    @Test
    void aBrokenZoneIsSeenAndTakesNothingDown() throws Exception {
        Http.get(port, "/down");
        assertThat(Http.get(port, "/actuator/health/microfrontends/down").body())
                .contains("\"status\":\"DEGRADED\"", "\"lastFailure\":\"UNREACHABLE\"");
        assertThat(Http.get(port, "/actuator/health").statusCode()).isEqualTo(200);
        assertThat(Http.get(port, "/actuator/health").body())
                .startsWith("{\"components\"")
                .contains("\"status\":\"UP\"");
        assertThat(Http.get(port, "/actuator/health/liveness").body()).doesNotContain("microfrontends");
    }

    @Test
    void theEndpointShowsWhatZonesShadow() throws Exception {
        assertThat(Http.get(port, "/actuator/microfrontends").body())
                .contains("Pages.oldDocs (/docs/{page})")
                .doesNotContain("Pages.local");
    }

    @Test
    void connectionsAreCounted() throws Exception {
        Http.get(port, "/docs");
        assertThat(meters.get("mfe.zone.connections")
                        .tag("zone", "docs")
                        .tag("state", "idle")
                        .gauge()
                        .value())
                .isPositive();
    }

    private static Map<String, String> values(io.micrometer.common.KeyValues values) {
        return values.stream()
                .collect(Collectors.toMap(
                        io.micrometer.common.KeyValue::getKey, io.micrometer.common.KeyValue::getValue));
    }

    /** Stands for a tracer: hands on a context, and keeps what has ended. */
    static final class Recorder implements ObservationHandler<SenderContext<Object>> {

        private final BlockingQueue<Observation.Context> ended = new LinkedBlockingQueue<>();

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof SenderContext;
        }

        @Override
        public void onStart(SenderContext<Object> context) {
            context.getSetter().set(context.getCarrier(), "traceparent", "from the handler");
        }

        @Override
        public void onStop(SenderContext<Object> context) {
            ended.add(context);
        }

        Observation.Context take(String expression) throws InterruptedException {
            while (true) {
                Observation.Context context = ended.poll(10, TimeUnit.SECONDS);
                assertThat(context).as(expression).isNotNull();
                if (context.getLowCardinalityKeyValue("expression").getValue().equals(expression)) {
                    return context;
                }
            }
        }
    }

    @RestController
    static class Pages {

        @GetMapping("/docs/{page}")
        String oldDocs(@PathVariable("page") String page) {
            return page;
        }

        @GetMapping("/local/{id}")
        String local(@PathVariable("id") String id) {
            return id;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @WithoutSecurity
    @Import(Pages.class)
    static class App {

        @Bean
        Recorder recorder() {
            return new Recorder();
        }

        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }
}
