package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.servlet.Client.Answer;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.ScriptedOrigin;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MicrofrontendsFilterIT {

    @Test
    void pathsOfNoZoneAreServedLocally() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.connections();
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            assertThat(Client.get(app.port(), "/shop").body()).isEqualTo("local REQUEST /shop");
        }
    }

    @Test
    void pathsOfAZoneAreProxied() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(
                        answering(
                                "HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX-Zone: yes\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nhello"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            Answer answer = Client.get(
                    app.port(), "/docs/a%20b;v=1?x=1&&y=%2B+", "X-Mine: 1", "Connection: X-Secret", "X-Secret: 2");

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.fields("Set-Cookie")).containsExactly("a=1", "b=2");
            OriginRequest request = zone.takeRequest();
            assertThat(request.line()).isEqualTo("GET /docs/a%20b;v=1?x=1&&y=%2B+ HTTP/1.1");
            assertThat(request.fields("Host")).containsExactly("127.0.0.1:" + zone.port());
            assertThat(request.fields("X-Mine")).containsExactly("1");
            assertThat(request.fields("X-Secret")).isEmpty();
            assertThat(request.fields("X-Forwarded-Host")).containsExactly("www.example.com");
            assertThat(request.fields("X-Forwarded-For")).containsExactly("127.0.0.1");
        }
    }

    @Test
    void bodiesAreStreamed() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .readBody(5)
                        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
                        .repeat());
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()));
                Client client = Client.connect(app.port())) {
            client.send("POST /docs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.readAnswer().body()).isEqualTo("abc");
            OriginRequest request = zone.takeRequest();
            assertThat(request.fields("Content-Length")).containsExactly("5");
            assertThat(request.bodyText()).isEqualTo("hello");
        }
    }

    @Test
    void aZoneThatCannotBeReachedIs502() throws Exception {
        ScriptedOrigin gone = ScriptedOrigin.connections();
        String url = gone.url();
        gone.close();
        try (TomcatApp app = TomcatApp.start(TomcatApp.docsAt(url))) {
            Answer answer = Client.get(app.port(), "/docs");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.fields("Cache-Control")).containsExactly("no-store");
            assertThat(answer.body()).doesNotContain("127.0.0.1", "Exception");
        }
        try (TomcatApp app = TomcatApp.start(TomcatApp.docsAt(url).property("mfe.zones.docs.fallback", "local"))) {
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("local REQUEST /docs");
        }
    }

    @Test
    void aResponseThatBreaksOffIsNeverComplete() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                        .close());
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            assertThatThrownBy(() -> Client.get(app.port(), "/docs")).isInstanceOf(IOException.class);
        }
    }
}
