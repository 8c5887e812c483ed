package dev.mfe.contract;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.servlet.MicrofrontendsFilter;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Zone and local app leave each other alone. */
abstract class InsideTheAppRules extends Rules {

    InsideTheAppRules(ContainerUnderTest container) {
        super(container);
    }

    @Test
    @Spec("Servlet 6.0 §2.3.3")
    void theContainersAsyncTimeoutDoesNotEndAStream() throws Exception {
        ScriptedOrigin zone = zone(script().readHead()
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                .then(peer -> StreamRules.beat(peer, 8))
                .send("0\r\n\r\n"));
        start(Site.of(zone).asyncTimeout(Duration.ofMillis(200)).withErrorPages());
        RawResponse response = get("/docs/a");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(":\n\n".repeat(8));
        assertThat(response.ending()).isEqualTo(RawResponse.Ending.COMPLETE);
    }

    @Test
    @Spec({"Servlet 6.0 §2.3.3", "failure case 126"})
    void aTimeoutGivesOneResponse() throws Exception {
        ScriptedOrigin zone = zone(script().readHead());
        start(Site.of(zone)
                .asyncTimeout(Duration.ofMillis(200))
                .timeouts(Duration.ofSeconds(5), Duration.ofMillis(500), Duration.ofSeconds(5)));
        RawClient client = client().send(head("GET", "/docs/a", "Connection: close"));
        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(504);
        assertThat(client.readUntilClosed()).isEmpty();
    }

    @Test
    @Spec({"Servlet 6.0 §2.3.3.3", "failure case 125"})
    void anEarlierFilterWithoutAsyncIsNamedAndDoesNoOtherHarm() throws Exception {
        Logger logger = Logger.getLogger(MicrofrontendsFilter.class.getName());
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(entry.getLevel() + " " + entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            ScriptedOrigin zone = zone(script().readHead()
                    .send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .then(peer -> StreamRules.beat(peer, 3))
                    .send("0\r\n\r\n")
                    .repeat());
            start(Site.of(zone)
                    .earlier((request, response, chain) -> chain.doFilter(request, response))
                    .withoutAsync());
            for (int i = 0; i < 2; i++) {
                RawResponse response = get("/docs/a");
                assertThat(response.body()).isEqualTo(":\n\n".repeat(3));
                assertThat(response.ending()).isEqualTo(RawResponse.Ending.COMPLETE);
            }
            assertThat(logged)
                    .filteredOn(line -> line.contains("async-supported"))
                    .hasSize(1);
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    @Spec({"Servlet 6.0 §9.4", "failure case 127"})
    void aForwardInsideTheAppStaysThere() throws Exception {
        requires(Capability.SERVLETS);
        ScriptedOrigin zone = serve(OK);
        assertThat(get("/local/forward").body()).startsWith("local FORWARD GET ");
        assertThat(zone.connectionCount()).isZero();
    }

    @Test
    @Spec({"Servlet 6.0 §9.7", "failure case 127"})
    void anAsyncDispatchInsideTheAppStaysThere() throws Exception {
        requires(Capability.SERVLETS);
        ScriptedOrigin zone = serve(OK);
        assertThat(get("/local/async").body()).startsWith("local ASYNC GET ");
        assertThat(zone.connectionCount()).isZero();
    }

    @Test
    @Spec({"Servlet 6.0 §10.9", "failure case 127"})
    void anErrorPageOfTheAppStaysThere() throws Exception {
        requires(Capability.SERVLETS);
        ScriptedOrigin zone = zone(script());
        start(Site.of(zone).withErrorPages());
        RawResponse response = get("/local/error");
        assertThat(response.status()).isEqualTo(500);
        assertThat(response.body()).startsWith("local ERROR GET ");
        assertThat(zone.connectionCount()).isZero();
    }

    @Test
    @Spec("Servlet 6.0 §3.5")
    void theLocalAppGetsAnUntouchedRequest() throws Exception {
        ScriptedOrigin zone = zone(script());
        String[] seen = new String[1];
        start(Site.of(zone).earlier((request, response, chain) -> {
            seen[0] = request.getClass().getName();
            chain.doFilter(request, response);
        }));
        assertThat(get("/local/class").body()).isEqualTo(seen[0]);
        RawResponse response = post("/local/length", "text/plain", "x".repeat(100_000));
        assertThat(response.body()).isEqualTo("read 100000");
        assertThat(zone.connectionCount()).isZero();
    }

    @Test
    @Spec({"Servlet 6.0 §3.5", "failure case 128"})
    void aContextPathIsPartOfThePathThatIsRoutedAndSent() throws Exception {
        ScriptedOrigin app = zone(answering(OK));
        start(Site.of(app).zone("app", app.url()).contextPath("/app"));
        assertThat(get("/app/docs/a?b").body()).isEqualTo("ok");
        OriginRequest request = app.takeRequest();
        assertThat(request.target()).isEqualTo("/app/docs/a?b");
        assertThat(request.fields("X-Forwarded-Prefix")).isEmpty();
    }

    @Test
    @Spec({"Servlet 6.0 §3.5", "failure case 128"})
    void withAContextPathOurOwnEndpointsAreBelowItAndCookiesKeepTheirPaths() throws Exception {
        ScriptedOrigin app = zone(answering(ok("ok", "Set-Cookie: a=1; Path=/app", "Set-Cookie: b=2; Path=/")));
        start(Site.of(app).zone("app", app.url()).flagged("50%").contextPath("/app"));
        RawResponse config = get("/app/.well-known/vercel/microfrontends/client-config");
        assertThat(config.fields("Content-Type")).containsExactly("application/json");
        assertThat(config.body()).contains("\"applications\"");
        String visitor = config.fields("Set-Cookie").get(0);
        assertThat(visitor).startsWith("mfe-visitor=").contains("; Path=/;");

        boolean isOn = false;
        for (int i = 0; i < 100 && !isOn; i++) {
            RawResponse response = get("/app/docs/a");
            isOn = response.body().equals("ok");
            if (isOn) {
                assertThat(response.fields("Set-Cookie"))
                        .contains("a=1; Path=/app", "b=2; Path=/")
                        .anyMatch(cookie -> cookie.startsWith("mfe-visitor=") && cookie.contains("; Path=/;"));
            }
        }
        assertThat(isOn).as("half of all visitors have the flag").isTrue();
    }

    @Test
    @Spec("failure case 122")
    void fieldsOfEarlierFiltersAreNotDoubled() throws Exception {
        ScriptedOrigin zone = zone(answering(
                ok("ok", "X-Frame-Options: SAMEORIGIN", "Cache-Control: max-age=60", "Vary: Accept", "Vary: Cookie")));
        start(Site.of(zone).earlier((request, response, chain) -> {
            HttpServletResponse http = (HttpServletResponse) response;
            http.setHeader("X-Frame-Options", "DENY");
            http.setHeader("Cache-Control", "no-store");
            chain.doFilter(request, response);
        }));
        RawResponse response = get("/docs/a");
        assertThat(response.fields("X-Frame-Options")).containsExactly("SAMEORIGIN");
        assertThat(response.fields("Cache-Control")).containsExactly("max-age=60");
        assertThat(String.join(", ", response.fields("Vary"))).isEqualTo("Accept, Cookie");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 302 Found, Content-Length: 0, ''",
        "GET, 204 No Content, X-Zone: 1, ''",
        "GET, 304 Not Modified, X-Zone: 1, ''",
        "GET, 200 OK, Content-Length: 0, ''",
        "GET, 200 OK, Content-Length: 2, ok",
        "GET, 200 OK, Transfer-Encoding: chunked, '0~~'",
        "GET, 200 OK, Transfer-Encoding: chunked, '2~ok~0~~'",
        "HEAD, 200 OK, Content-Length: 100, ''",
        "HEAD, 200 OK, X-Zone: 1, ''",
    })
    @Spec("failure case 122")
    void aFilterThatSetsFieldsAfterTheChainDoesNotStampAZonesPage(
            String method, String status, String framing, String body) throws Exception {
        ScriptedOrigin zone = zone(answering("HTTP/1.1 " + status + "\r\nX-Frame-Options: SAMEORIGIN\r\n" + framing
                + "\r\n\r\n" + body.replace("~", "\r\n")));
        start(Site.of(zone).earlier(InsideTheAppRules::stamp));
        RawClient client = client().send(head(method, "/docs/a"));
        assertNotStamped(method.equals("HEAD") ? client.readHeadOfHead() : client.readResponse());
    }

    @Test
    @Spec("failure case 122")
    void aFilterThatSetsFieldsAfterTheChainDoesNotStampAStream() throws Exception {
        CountDownLatch stamped = new CountDownLatch(1);
        ScriptedOrigin zone = zone(script().readHead()
                .send(String.join(
                        "\r\n",
                        "HTTP/1.1 200 OK",
                        "Content-Type: text/event-stream",
                        "X-Frame-Options: SAMEORIGIN",
                        "Transfer-Encoding: chunked",
                        "",
                        ""))
                .await(stamped)
                .send(chunk(":\n\n") + "0\r\n\r\n"));
        start(Site.of(zone).earlier((request, response, chain) -> {
            // A virtual thread stays with its stream, so there is nothing to wait for.
            if (Thread.currentThread().toString().startsWith("VirtualThread")) {
                stamped.countDown();
            }
            stamp(request, response, chain);
            stamped.countDown();
        }));
        RawResponse response = get("/docs/a");
        assertNotStamped(response);
        assertThat(response.body()).isEqualTo(":\n\n");
    }

    /** What Spring Security's filter for its fields does where nothing has committed the response. */
    private static void stamp(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } finally {
            HttpServletResponse http = (HttpServletResponse) response;
            http.setHeader("X-Frame-Options", "DENY");
            http.setHeader("X-Local", "1");
        }
    }

    private static void assertNotStamped(RawResponse response) {
        assertThat(response.fields("X-Frame-Options")).containsExactly("SAMEORIGIN");
        assertThat(response.fields("X-Local")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT"})
    @Spec("Servlet 6.0 §2.3.3")
    void theZoneIsAskedOnce(String method) throws Exception {
        ScriptedOrigin zone = zone(BodyRules.recordingBody());
        start(Site.of(zone).withErrorPages());
        RawResponse response = method.equals("GET") ? get("/docs/a") : send(method, "/docs/a", "text/plain", "x");
        assertThat(response.body()).isEqualTo("ok");
        zone.takeRequest();
        assertThat(zone.waitingRequests()).isZero();
    }
}
