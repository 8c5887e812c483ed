package dev.mfe.quarkus.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The app as it is packaged, started anywhere, with nothing but variables of the environment. */
class PackagedAppIT {

    private static final Path JAR =
            Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
    private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]+:(\\d+)");

    @TempDir
    Path elsewhere;

    @Test
    void zonesAndFlagsAreSetByVariables() throws Exception {
        Zones zones = new Zones();
        Map<String, String> urls = zones.start();
        Process app = start(Map.of(
                "QUARKUS_MFE_ZONES_DOCS_URL", urls.get("quarkus.mfe.zones.docs.url"),
                "QUARKUS_MFE_ZONES_MY_SHOP_URL", urls.get("quarkus.mfe.zones.my-shop.url"),
                "QUARKUS_MFE_FLAGS_BY_PROPERTY", "true"));
        try {
            URI base = URI.create("http://localhost:" + port(app) + "/");
            assertThat(get(base.resolve("shop/cart"))).isEqualTo("zone my-shop GET /shop/cart");
            assertThat(get(base.resolve("rest/by-property"))).isEqualTo("zone docs GET /rest/by-property");
        } finally {
            app.destroy();
            assertThat(app.waitFor(30, TimeUnit.SECONDS)).isTrue();
            zones.stop();
        }
    }

    @Test
    void aRequestUnderWayEndsBeforeTheAppDoes() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        HttpServer zone = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        zone.createContext("/shop/slow", exchange -> {
            arrived.countDown();
            await(stopping);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        zone.start();
        String url = "http://localhost:" + zone.getAddress().getPort();
        Process app = start(Map.of("QUARKUS_MFE_ZONES_DOCS_URL", url, "QUARKUS_MFE_ZONES_MY_SHOP_URL", url));
        try {
            URI base = URI.create("http://localhost:" + port(app) + "/");
            CompletableFuture<HttpResponse<String>> slow = HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(base.resolve("shop/slow")).build(),
                            HttpResponse.BodyHandlers.ofString());
            await(arrived);
            app.destroy();
            while (status(base.resolve("shop/other")) != 503) {
                assertThat(app.isAlive()).isTrue();
            }
            stopping.countDown();

            assertThat(slow.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
            assertThat(app.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            app.destroyForcibly();
            zone.stop(0);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int status(URI target) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(target).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void theStartSaysWhichZonesHaveNoPlace() throws Exception {
        Process app = start(Map.of());

        String output = new String(app.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(app.waitFor()).isNotZero();
        assertThat(output)
                .contains(
                        "Nobody said where these zones are reached: docs, my-shop.",
                        "quarkus.mfe.zones.docs.url=${DOCS_URL}",
                        "quarkus.mfe.zones.my-shop.url=${MY_SHOP_URL}");
    }

    private Process start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dquarkus.http.port=0",
                        "-jar",
                        JAR.toString())
                .directory(elsewhere.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static String port(Process app) throws IOException {
        StringBuilder output = new StringBuilder();
        BufferedReader lines = app.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                return listening.group(1);
            }
            output.append(line).append('\n');
        }
        throw new AssertionError("The app did not start:\n" + output);
    }

    private static String get(URI target) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(target).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
