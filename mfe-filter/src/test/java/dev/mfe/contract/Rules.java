package dev.mfe.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.testkit.Script;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the groups of rules share: one site, its zones and its clients for each test. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
@ExtendWith(ContractReport.class)
abstract class Rules {

    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    static final String HOST = "www.shop.test";

    private final ContainerUnderTest container;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private int port;
    private @Nullable String notPossible;

    Rules(ContainerUnderTest container) {
        this.container = container;
    }

    ContainerUnderTest container() {
        return container;
    }

    /** Whether the container can do something; where not, the summary says so and the test asserts what it does instead. */
    boolean can(Capability capability) {
        if (container.lacks().contains(capability)) {
            notPossible = capability.toString();
            return false;
        }
        return true;
    }

    @Nullable
    String notPossible() {
        return notPossible;
    }

    // ---- the site

    /** A zone that does the same on every connection. */
    ScriptedOrigin zone(Script script) {
        return closing(ScriptedOrigin.always(script));
    }

    /** A zone with a script for each connection. */
    ScriptedOrigin zones(Script... scripts) {
        return closing(ScriptedOrigin.connections(scripts));
    }

    <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    /** Ends a test of something that the container does not have at all. */
    void requires(Capability capability) {
        if (!can(capability)) {
            Assumptions.abort(container.name() + " has no " + capability);
        }
    }

    void start(Site site) throws Exception {
        if (!site.earlierFilters().isEmpty()) {
            requires(Capability.EARLIER_FILTERS);
        }
        if (!site.contextPath().isEmpty()) {
            requires(Capability.CONTEXT_PATH);
        }
        open.push(container::stop);
        port = container.start(site);
    }

    /** A site with one zone {@code docs} that answers every request with the same text. */
    ScriptedOrigin serve(String response) throws Exception {
        return serve(Script.answering(response));
    }

    /** A site with one zone {@code docs}. */
    ScriptedOrigin serve(Script script) throws Exception {
        ScriptedOrigin zone = zone(script);
        start(Site.of(zone));
        return zone;
    }

    int port() {
        return port;
    }

    @AfterEach
    void closeAll() throws Exception {
        Throwable failed = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception | AssertionError e) {
                failed = e;
            }
        }
        if (failed instanceof Exception e) {
            throw e;
        }
        if (failed instanceof AssertionError e) {
            throw e;
        }
    }

    // ---- the client

    RawClient client() {
        return closing(RawClient.connect(port));
    }

    static String head(String method, String target, String... fields) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        if (String.join("\n", fields)
                .toLowerCase(java.util.Locale.ROOT)
                .lines()
                .noneMatch(f -> f.startsWith("host:"))) {
            head.append("Host: ").append(HOST).append("\r\n");
        }
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    RawResponse get(String target, String... fields) throws IOException {
        return client().send(head("GET", target, fields)).readResponse();
    }

    RawResponse post(String target, String contentType, String body, String... fields) throws IOException {
        return send("POST", target, contentType, body, fields);
    }

    RawResponse send(String method, String target, String contentType, String body, String... fields)
            throws IOException {
        String[] all = new String[fields.length + 2];
        all[0] = "Content-Type: " + contentType;
        all[1] = "Content-Length: " + body.length();
        System.arraycopy(fields, 0, all, 2, fields.length);
        return client().send(head(method, target, all) + body).readResponse();
    }

    static String ok(String body, String... fields) {
        return response("200 OK", body, fields);
    }

    static String response(String status, String body, String... fields) {
        StringBuilder response = new StringBuilder("HTTP/1.1 " + status + "\r\n");
        for (String field : fields) {
            response.append(field).append("\r\n");
        }
        return response.append("Content-Length: ")
                .append(body.length())
                .append("\r\n\r\n")
                .append(body)
                .toString();
    }

    static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    /** Waits for something that happens elsewhere. */
    static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(RawClient.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("it happened in time")
                .isTrue();
    }

    /** Nobody may take it for the whole answer: it breaks off, or nothing of it was sent yet and an error was. */
    static void assertCut(RawResponse response) throws IOException {
        response.readBody();
        if (response.status() == 200) {
            assertThat(response.ending()).isIn(RawResponse.Ending.CUT, RawResponse.Ending.RESET);
        } else {
            assertThat(response.status()).isIn(502, 504);
        }
    }

    static void assertLocal(RawResponse response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).startsWith("local ");
    }
}
