package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import dev.mfe.servlet.Client.Answer;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** {@code mfe.zones.<zone>.fallback=local}: the local app answers for a zone that cannot be reached. */
@Spec("design §4")
class FallbackIT {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nzone";

    /** Tells what it got of the request, and whether that is the very one that came in. */
    private static final class Echo extends HttpServlet {

        private static final ThreadLocal<List<Object>> CAME = new ThreadLocal<>();

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            boolean untouched = CAME.get().equals(List.of(request, response))
                    && response.getHeaderNames().isEmpty()
                    && request.getSession(false) == null
                    && Collections.list(request.getAttributeNames()).stream()
                            .noneMatch(name -> name.startsWith("dev.mfe"));
            String body = request.getHeader("X-Form") == null
                    ? new String(request.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)
                    : request.getParameter("name");
            response.getOutputStream()
                    .print((untouched ? "local " : "touched ") + request.getMethod() + " " + request.getRequestURI()
                            + " " + body);
        }
    }

    private static TomcatApp start(MicrofrontendsFilter.Builder builder) throws Exception {
        Filter first = (request, response, chain) -> {
            Echo.CAME.set(List.of(request, response));
            chain.doFilter(request, response);
        };
        return TomcatApp.start(
                builder.property("mfe.zones.docs.fallback", "local"), new Echo(), Map.of("first", first), "");
    }

    private static String urlOfNobody() throws IOException {
        ScriptedOrigin gone = ScriptedOrigin.connections();
        String url = gone.url();
        gone.close();
        return url;
    }

    @Test
    void aZoneThatRefusesConnections() throws Exception {
        try (TomcatApp app = start(TomcatApp.docsAt(urlOfNobody()))) {
            assertThat(Client.get(app.port(), "/docs/a%20b?x").body()).isEqualTo("local GET /docs/a%20b ");
        }
    }

    @Test
    void aZoneWhoseHostIsUnknown() throws Exception {
        try (TomcatApp app = start(TomcatApp.docsAt("http://no-such-host.invalid"))) {
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("local GET /docs ");
        }
    }

    @Test
    void aZoneThatDoesNotAcceptInTime() throws Exception {
        // A listener whose queue is full does not answer any more.
        List<SocketChannel> queue = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 16; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()));
                queue.add(channel);
            }
            try (TomcatApp app = start(TomcatApp.docsAt("http://127.0.0.1:" + full.getLocalPort())
                    .property("mfe.zones.docs.connect-timeout", "100ms"))) {
                assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("local GET /docs ");
            }
        } finally {
            for (SocketChannel channel : queue) {
                channel.close();
            }
        }
    }

    @Test
    void aZoneThatHasEnoughToDo() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedOrigin zone =
                        ScriptedOrigin.connections(script().readHead().await(go).send(OK));
                TomcatApp app = start(TomcatApp.docsAt(zone.url()).property("mfe.zones.docs.max-in-flight", "1"));
                Client first = Client.connect(app.port())) {
            first.send("GET /docs HTTP/1.1\r\nHost: x\r\n\r\n");
            zone.takeRequest();
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("local GET /docs ");
            go.countDown();
            assertThat(first.readAnswer().body()).isEqualTo("zone");
        }
    }

    @Test
    void theLocalAppGetsTheWholeBody() throws Exception {
        try (TomcatApp app = start(TomcatApp.docsAt(urlOfNobody()));
                Client client = Client.connect(app.port())) {
            client.send("POST /docs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.readAnswer().body()).isEqualTo("local POST /docs hello");
            client.send(
                    "POST /docs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
            assertThat(client.readAnswer().body()).isEqualTo("local POST /docs hello");
            client.send("POST /docs HTTP/1.1\r\nHost: x\r\nX-Form: 1\r\nContent-Length: 8\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\n\r\nname=b+c");
            assertThat(client.readAnswer().body()).isEqualTo("local POST /docs b c");
        }
    }

    @Test
    @Spec("RFC 9110 §10.1.1")
    void aBodyThatTheClientHasNotSentYetGoesToTheLocalApp() throws Exception {
        try (TomcatApp app = start(TomcatApp.docsAt(urlOfNobody()));
                Client client = Client.connect(app.port())) {
            client.send("POST /docs HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(100);
            client.send("hello");
            assertThat(client.readAnswer().body()).isEqualTo("local POST /docs hello");
        }
    }

    @Test
    void aZoneThatWentAwayBehindAPooledConnection() throws Exception {
        for (String body : List.of("", "hello")) {
            ScriptedOrigin zone = ScriptedOrigin.always(answering(OK));
            try (TomcatApp app = start(TomcatApp.docsAt(zone.url()));
                    Client client = Client.connect(app.port())) {
                assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("zone");
                zone.close();
                client.send(
                        body.isEmpty()
                                ? "GET /docs HTTP/1.1\r\nHost: x\r\n\r\n"
                                : "POST /docs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n" + body);
                assertThat(client.readAnswer().body())
                        .isEqualTo("local " + (body.isEmpty() ? "GET" : "POST") + " /docs " + body);
            }
        }
    }

    @Test
    void aRequestThatTheZoneMayHaveSeenIsNotDoneTwice() throws Exception {
        for (String request : List.of(
                "GET /docs HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /docs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
                "POST /docs HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")) {
            try (ScriptedOrigin zone =
                            ScriptedOrigin.connections(script().readHead().close());
                    TomcatApp app = start(TomcatApp.docsAt(zone.url()));
                    Client client = Client.connect(app.port())) {
                Answer answer = client.send(request).readHead();
                assertThat(answer.status()).as(request).isEqualTo(502);
                zone.takeRequest();
            }
        }
        try (ScriptedOrigin zone =
                        ScriptedOrigin.connections(script().readHead().awaitClose());
                TomcatApp app =
                        start(TomcatApp.docsAt(zone.url()).property("mfe.zones.docs.response-timeout", "100ms"))) {
            assertThat(Client.get(app.port(), "/docs").status()).isEqualTo(504);
        }
    }

    @Test
    void anUnsafeRequestLostWithAPooledConnectionIsNotDoneTwice() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.connections(
                        script().readHead().send(OK).readHead().close());
                TomcatApp app = start(TomcatApp.docsAt(zone.url()));
                Client client = Client.connect(app.port())) {
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("zone");
            zone.stopListening();
            client.send("DELETE /docs HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readAnswer().status()).isEqualTo(502);
        }
    }
}
