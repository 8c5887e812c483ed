package dev.mfe.spring.test;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on a free port that stands for a zone. It answers every request with {@code <name> <method> <target>}
 * unless it was told otherwise, and remembers what it was sent.
 *
 * <p>Safe for use by several threads.
 *
 * @since 0.1
 */
public final class StubZone implements AutoCloseable {

    private static final int WAIT_SECONDS = 10;

    private final String name;
    private final HttpServer server;
    private final ExecutorService threads;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /**
     * A request as the zone received it.
     *
     * @param method such as {@code GET}
     * @param target path and query, byte for byte
     * @param headers values by name; names in lower case
     * @param body all of it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Request(String method, String target, Map<String, List<String>> headers, byte[] body) {

        /**
         * The body as text.
         *
         * @return the body, read as UTF-8
         */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /**
         * The first value of a header field.
         *
         * @param name in any case
         * @return the value, or null if there is none
         */
        public @Nullable String header(String name) {
            List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
            return values == null ? null : values.get(0);
        }
    }

    private record Answer(int status, Map<String, String> headers, String body) {}

    private StubZone(String name) {
        this.name = name;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "stub-zone-" + name);
            thread.setDaemon(true);
            return thread;
        });
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("There is no free port for a stub of zone " + name, e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * Starts one.
     *
     * @param name of the zone that it stands for; shows in its answers
     * @return a server that is ready for requests
     * @throws UncheckedIOException if no port is free
     */
    public static StubZone start(String name) {
        return new StubZone(name);
    }

    /**
     * Where it is, for {@code mfe.zones.<name>.url}.
     *
     * @return scheme, host and port
     */
    public String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    /**
     * Sets an answer.
     *
     * @param path of the requests that get it
     * @param status of the answer
     * @param contentType of the answer
     * @param body of the answer
     * @return this
     */
    public StubZone answer(String path, int status, String contentType, String body) {
        return answer(path, status, Map.of("Content-Type", contentType), body);
    }

    /**
     * Sets an answer.
     *
     * @param path of the requests that get it
     * @param status of the answer
     * @param headers of the answer
     * @param body of the answer
     * @return this
     */
    public StubZone answer(String path, int status, Map<String, String> headers, String body) {
        answers.put(path, new Answer(status, Map.copyOf(headers), body));
        return this;
    }

    /**
     * The next request that was not taken yet. Waits for one.
     *
     * @return requests in the order they came
     * @throws AssertionError if there is none within 10 seconds
     */
    public Request takeRequest() {
        try {
            Request request = requests.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (request != null) {
                return request;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("Zone " + name + " was sent no request");
    }

    /**
     * How many requests were not taken yet.
     *
     * @return zero or more
     */
    public int waitingRequests() {
        return requests.size();
    }

    /** Forgets requests and answers. */
    public void reset() {
        requests.clear();
        answers.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, List<String>> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((field, values) -> headers.put(field.toLowerCase(Locale.ROOT), List.copyOf(values)));
            String method = exchange.getRequestMethod();
            String target = exchange.getRequestURI().toString();
            byte[] body = exchange.getRequestBody().readAllBytes();
            requests.add(new Request(method, target, new LinkedHashMap<>(headers), body));
            Answer answer = answers.get(exchange.getRequestURI().getRawPath());
            if (answer == null) {
                answer = new Answer(
                        200, Map.of("Content-Type", "text/plain;charset=UTF-8"), name + " " + method + " " + target);
            }
            answer.headers()
                    .forEach((field, value) -> exchange.getResponseHeaders().set(field, value));
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            boolean bodiless = method.equals("HEAD") || answer.status() == 204 || answer.status() == 304;
            exchange.sendResponseHeaders(answer.status(), bodiless || bytes.length == 0 ? -1 : bytes.length);
            if (!bodiless) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    /** Stops it at once. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
