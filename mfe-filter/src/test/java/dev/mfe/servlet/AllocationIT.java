package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a request costs in memory on the container's threads, beyond what Tomcat itself needs. */
class AllocationIT {

    private static final String BODY = "x".repeat(1000);
    private static final int REQUESTS = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final String BROWSER = Client.lines(
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language: en-US,en;q=0.5",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Cookie: a=1; session=0123456789abcdef",
            "Connection: keep-alive");

    @Test
    void aProxiedRequestAllocatesAtMostThreeKilobytes() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html;charset=UTF-8\r\nCache-Control: no-cache\r\n"
                + "ETag: \"abc\"\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(answer));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()), new SameAnswer(), Map.of(), "")) {
            allocatedFor(app.port(), "/docs/page");
            allocatedFor(app.port(), "/other/page");
            long proxied = allocatedFor(app.port(), "/docs/page");
            long local = allocatedFor(app.port(), "/other/page");
            System.getLogger(AllocationIT.class.getName())
                    .log(System.Logger.Level.INFO, "Allocated: {0} bytes local, {1} proxied", local, proxied);
            assertThat(proxied - local).isLessThanOrEqualTo(3 * 1024);
        }
    }

    /** Bytes for one request on one connection, hence on threads of the container that were there before. */
    private static long allocatedFor(int port, String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: www.example.com\r\n" + BROWSER + "\r\n";
        try (Client client = Client.connect(port)) {
            long before = allocated();
            for (int i = 0; i < REQUESTS; i++) {
                client.send(request);
                assertThat(client.readAnswer().status()).isEqualTo(200);
            }
            return (allocated() - before) / REQUESTS;
        }
    }

    private static long allocated() {
        long[] ids = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(Objects::nonNull)
                .filter(thread -> thread.getThreadName().startsWith("http-nio"))
                .mapToLong(java.lang.management.ThreadInfo::getThreadId)
                .toArray();
        return Arrays.stream(THREADS.getThreadAllocatedBytes(ids)).sum();
    }

    /** What the zone says. */
    private static final class SameAnswer extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/html;charset=UTF-8");
            response.setHeader("Cache-Control", "no-cache");
            response.setHeader("ETag", "\"abc\"");
            byte[] body = BODY.getBytes(StandardCharsets.US_ASCII);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }
}
