package dev.mfe.samples.plain;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PlainServletIT {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static TinyZone docs;
    private static TinyZone shop;
    private static WarInTomcat app;

    @BeforeAll
    static void start() throws Exception {
        docs = TinyZone.start("docs", 0);
        shop = TinyZone.start("shop", 0);
        System.setProperty("DOCS_URL", docs.url());
        System.setProperty("SHOP_URL", shop.url());
        System.setProperty("NEW_CHECKOUT", "false");
        app = WarInTomcat.start(Path.of(System.getProperty("sample.war")), 0);
    }

    @AfterAll
    static void stop() throws Exception {
        app.close();
        docs.close();
        shop.close();
    }

    @Test
    void theLocalAppAnswersWhatNoZoneOwns() throws Exception {
        assertThat(get("/")).contains("The local app");
    }

    @Test
    void eachZoneAnswersItsPaths() throws Exception {
        assertThat(get("/docs")).isEqualTo("The docs zone answers GET /docs\n");
        assertThat(get("/docs/intro")).isEqualTo("The docs zone answers GET /docs/intro\n");
        assertThat(get("/shop/shoes")).isEqualTo("The shop zone answers GET /shop/shoes\n");
    }

    @Test
    void aFlaggedPathStaysHereWhileItsFlagIsOff() throws Exception {
        assertThat(get("/checkout")).isEqualTo("The checkout of the local app." + System.lineSeparator());
    }

    @Test
    void theFlagMovesThePathOver() throws Exception {
        System.setProperty("NEW_CHECKOUT", "true");
        try (WarInTomcat other = WarInTomcat.start(Path.of(System.getProperty("sample.war")), 0)) {
            assertThat(get(other.url() + "/checkout", "")).isEqualTo("The shop zone answers GET /checkout\n");
        } finally {
            System.setProperty("NEW_CHECKOUT", "false");
        }
    }

    private static String get(String path) throws Exception {
        return get(app.url(), path);
    }

    private static String get(String url, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
        return CLIENT.send(request, BodyHandlers.ofString()).body();
    }
}
