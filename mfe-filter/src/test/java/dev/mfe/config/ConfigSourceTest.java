package dev.mfe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourceTest {
    private static final String SITE = "{\"applications\": {\"web\": {}}}";

    @TempDir
    private Path folder;

    private HttpServer server;
    private String address;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        address = "http://localhost:" + server.getAddress().getPort();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    private ConfigSource at(String path, HttpHandler handler) {
        server.createContext(path, handler);
        return new ConfigSource.Http(URI.create(address + path));
    }

    private static HttpHandler answer(int status, byte[] body) {
        return exchange -> {
            exchange.sendResponseHeaders(status, body.length);
            send(exchange, body);
        };
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange;
                OutputStream stream = exchange.getResponseBody()) {
            stream.write(body);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aWebServerGivesTheFile() {
        ConfigSource source = at("/m.json", answer(200, bytes(SITE)));
        MicrofrontendsConfig config = MicrofrontendsConfig.load(source, OverlapPolicy.ERROR);
        assertThat(config.source()).isEqualTo(address + "/m.json");
    }

    @Test
    void redirectsAreFollowedOnTheSameScheme() {
        at("/target", answer(200, bytes(SITE)));
        ConfigSource source = at("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", address + "/target");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        assertThat(source.read()).isEqualTo(bytes(SITE));
    }

    @Test
    void redirectsToAnotherSchemeAreNotFollowed() {
        ConfigSource source = at("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", folder.toUri().toString());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        assertThatThrownBy(source::read)
                .isInstanceOf(ConfigUnavailableException.class)
                .hasMessage("Cannot read the routing file " + address
                        + "/moved: the server answered with status 302; use the address it redirects to");
    }

    @Test
    void anyOtherStatusIsAnErrorThatNamesTheAddress() {
        ConfigSource source = at("/gone", answer(404, bytes(SITE)));
        assertThatThrownBy(source::read)
                .isInstanceOf(ConfigUnavailableException.class)
                .hasMessage("Cannot read the routing file " + address
                        + "/gone: the server answered with status 404; check the address and what the server says");
    }

    @Test
    void anEndlessAnswerIsNotReadToItsEnd() {
        byte[] megabyte = new byte[1 << 20];
        ConfigSource source = at("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (exchange) {
                while (true) {
                    exchange.getResponseBody().write(megabyte);
                }
            }
        });
        assertThatThrownBy(source::read)
                .isInstanceOf(ConfigUnavailableException.class)
                .hasMessageContaining("it is longer than 1048576 bytes");
    }

    @Test
    void aServerThatIsDownIsNamed() {
        server.stop(0);
        assertThatThrownBy(new ConfigSource.Http(URI.create(address + "/m.json"))::read)
                .isInstanceOf(ConfigUnavailableException.class)
                .hasMessageStartingWith("Cannot read the routing file " + address + "/m.json: ");
    }

    @Test
    void aFileThatIsTooLongIsNotRead() throws IOException {
        Path file = Files.write(folder.resolve("long.json"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(new ConfigSource.File(file)::read)
                .isInstanceOf(ConfigUnavailableException.class)
                .hasMessage("Cannot read the routing file " + file
                        + ": it is longer than 1048576 bytes; check that it is the right file");
    }

    @Test
    void aFileThatIsMissingOrADirectoryIsNamed() {
        Path missing = folder.resolve("none.json");
        assertThatThrownBy(new ConfigSource.File(missing)::read)
                .isInstanceOf(ConfigUnavailableException.class)
                .hasMessage("Cannot read the routing file " + missing + ": there is no such file; check the path");
        assertThatThrownBy(new ConfigSource.File(folder)::read)
                .isInstanceOf(ConfigUnavailableException.class)
                .hasMessage("Cannot read the routing file " + folder + ": it is a directory; name the file in it");
    }

    @Test
    void aNewVersionOfAJarIsSeen() throws IOException {
        Path jar = folder.resolve("app.jar");
        URL inJar = URI.create("jar:" + jar.toUri() + "!/microfrontends.json").toURL();
        ConfigSource source = new ConfigSource.ClassPathResource(loaderOf(inJar), "microfrontends.json");
        for (String zone : new String[] {"first", "second version"}) {
            try (JarOutputStream stream = new JarOutputStream(Files.newOutputStream(jar))) {
                stream.putNextEntry(new JarEntry("microfrontends.json"));
                stream.write(bytes("{\"applications\": {\"" + zone + "\": {}}}"));
            }
            assertThat(MicrofrontendsConfig.load(source, OverlapPolicy.ERROR)
                            .defaultZone()
                            .name())
                    .isEqualTo(zone);
        }
    }

    @Test
    void aClassLoaderMayServeResourcesFromMemory() throws IOException {
        URL inMemory = new URL(null, "memory:microfrontends.json", new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL url) {
                return new URLConnection(url) {
                    @Override
                    public void connect() {}

                    @Override
                    public InputStream getInputStream() {
                        return new ByteArrayInputStream(bytes("{\"applications\": {\"web\": {}}}"));
                    }
                };
            }
        });
        ConfigSource source = new ConfigSource.ClassPathResource(loaderOf(inMemory), "microfrontends.json");

        assertThat(MicrofrontendsConfig.load(source, OverlapPolicy.ERROR)
                        .defaultZone()
                        .name())
                .isEqualTo("web");
    }

    private static ClassLoader loaderOf(URL resource) {
        return new ClassLoader() {
            @Override
            public URL getResource(String name) {
                return resource;
            }
        };
    }
}
