package dev.mfe.containers.tomcat;

import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.contract.RawClient;
import dev.mfe.servlet.MicrofrontendsFilter;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Tomcat does while nobody wants to read what an upgraded client says: it calls whenever there is something. */
@Timeout(60)
class TomcatTunnelTest {

    private static final int MUCH = 16 * 1024 * 1024;
    private static final int SOME = 64 * 1024;

    private final AtomicInteger tasks = new AtomicInteger();

    @Test
    void tomcatIsQuietWhileAZoneHasNoRoom() throws Exception {
        CountDownLatch room = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                .send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: made-up\r\n\r\n")
                .await(room)
                .readBody(MUCH)
                .signal(read))) {
            withTomcat(zone, (tunnels, others) -> {
                RawClient client = upgraded(tunnels);
                CountDownLatch begun = new CountDownLatch(1);
                Thread writer = new Thread(() -> {
                    try {
                        client.sendBytes(new byte[SOME]);
                        begun.countDown();
                        client.sendBytes(new byte[MUCH - SOME]);
                    } catch (IOException e) {
                        // The zone gets less than it waits for.
                    }
                });
                writer.start();
                assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
                awaitQuiet(others);
                room.countDown();
                assertThat(read.await(20, TimeUnit.SECONDS)).as("all was read").isTrue();
            });
        }
    }

    @Test
    void tomcatIsQuietWhileAClientListensThatHasSaidAll() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                .send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: made-up\r\n\r\n")
                .await(go)
                .send("bye")
                .close())) {
            withTomcat(zone, (tunnels, others) -> {
                RawClient client = upgraded(tunnels);
                client.shutdownOutput();
                awaitQuiet(others);
                go.countDown();
                assertThat(client.readUntilClosed()).isEqualTo("bye");
            });
        }
    }

    private static RawClient upgraded(int port) throws IOException {
        RawClient client = RawClient.connect(port)
                .send("GET /docs/a HTTP/1.1\r\nHost: www.shop.test\r\nConnection: Upgrade\r\nUpgrade: made-up\r\n\r\n");
        assertThat(client.readHead().status()).isEqualTo(101);
        return client;
    }

    /** No task for the tunnel's connector while others have many: the only clock here. */
    private void awaitQuiet(int others) throws IOException {
        int before = -1;
        for (int round = 0; round < 50 && before != tasks.get(); round++) {
            before = tasks.get();
            for (int i = 0; i < 200; i++) {
                try (RawClient other = RawClient.connect(others)) {
                    other.send("GET /local HTTP/1.1\r\nHost: www.shop.test\r\n\r\n");
                    assertThat(other.readResponse().status()).isEqualTo(200);
                }
            }
        }
        assertThat(tasks.get()).as("tasks for the tunnel").isEqualTo(before);
    }

    /** What a test does with the ports of a connector for tunnels and one for the rest. */
    private interface Body {
        void run(int tunnels, int others) throws Exception;
    }

    private void withTomcat(ScriptedOrigin zone, Body body) throws Exception {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(4, 4, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>()) {
            @Override
            public void execute(Runnable task) {
                tasks.incrementAndGet();
                super.execute(task);
            }
        };
        Tomcat tomcat = new Tomcat();
        try {
            Path base = Files.createDirectories(Path.of("target", "tomcat-tunnels"));
            tomcat.setBaseDir(base.toString());
            Connector tunnels = connector();
            tunnels.getProtocolHandler().setExecutor(threads);
            Connector others = connector();
            tomcat.setConnector(tunnels);
            tomcat.setConnector(others);
            Context context = tomcat.addContext("", base.toAbsolutePath().toString());
            Tomcat.addServlet(context, "local", new Local()).addMapping("/");
            addFilter(
                    context,
                    MicrofrontendsFilter.builder()
                            .config(MicrofrontendsConfig.parse("microfrontends.json", """
                            {"applications": {
                              "web": {"development": {"fallback": "web.test"}},
                              "docs": {"routing": [{"paths": ["/docs/:path*"]}]}}}
                            """))
                            .property("mfe.zones.docs.url", zone.url())
                            .property("mfe.drain-timeout", "100ms")
                            .build());
            tomcat.start();
            body.run(tunnels.getLocalPort(), others.getLocalPort());
        } finally {
            tomcat.stop();
            tomcat.destroy();
            threads.shutdownNow();
        }
    }

    private static Connector connector() {
        Connector connector = new Connector("HTTP/1.1");
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        return connector;
    }

    private static void addFilter(Context context, MicrofrontendsFilter filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName("microfrontends");
        definition.setFilter(filter);
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap mapping = new FilterMap();
        mapping.setFilterName("microfrontends");
        mapping.addURLPattern("/*");
        context.addFilterMap(mapping);
    }

    /** Any page. */
    private static final class Local extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getOutputStream().print("local");
        }
    }
}
