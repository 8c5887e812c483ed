package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.spring.test.StubZone;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What reaches a zone, wherever the filter stands. */
@SpringBootTest(
        classes = LocalApp.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"spring.mvc.hiddenmethod.filter.enabled=true", "server.compression.enabled=true"})
abstract class ZoneContract {

    static final String FORM = LocalAppContract.FORM;
    static final StubZone zone = StubZone.start("docs");

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void zones(DynamicPropertyRegistry properties) {
        properties.add("mfe.zones.docs.url", zone::url);
    }

    @BeforeEach
    void forget() {
        zone.reset();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void aFormArrivesWhole(String method) throws Exception {
        String form = "name=J%C3%BCrgen+x&list=1&list=2&empty=&sign=%26%3D%2B";
        HttpResponse<String> answer = Http.send(port, method, "/docs/form?page=2", form, FORM);
        assertThat(answer.statusCode()).isEqualTo(200);
        StubZone.Request request = zone.takeRequest();
        assertThat(request.method()).isEqualTo(method);
        assertThat(request.target()).isEqualTo("/docs/form?page=2");
        assertThat(request.text()).isEqualTo(form);
        assertThat(request.header("Content-Length")).isEqualTo(String.valueOf(form.length()));
    }

    @Test
    void aHiddenMethodIsTheBusinessOfTheZone() throws Exception {
        Http.send(port, "POST", "/docs/form", "_method=delete&id=1", FORM);
        StubZone.Request request = zone.takeRequest();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.text()).isEqualTo("_method=delete&id=1");
    }

    @Test
    void anUploadIsNotParsed() throws Exception {
        String parts =
                "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\nX-Own: 1\r\n\r\ntext\r\n--b--\r\n";
        Http.send(port, "POST", "/docs/upload", parts, "Content-Type: multipart/form-data; boundary=b");
        assertThat(zone.takeRequest().text()).isEqualTo(parts);
    }

    @Test
    void nothingOfTheLocalAppIsStampedOnAPageOfAZone() throws Exception {
        HttpResponse<String> page = Http.get(port, "/docs");
        assertThat(page.body()).isEqualTo("docs GET /docs");
        assertThat(page.headers().map())
                .doesNotContainKeys("set-cookie", "x-frame-options", "expires", "pragma", "x-xss-protection");
    }

    @Test
    void anErrorOfAZoneKeepsItsPage() throws Exception {
        zone.answer("/docs/gone", 404, "text/html", "<p>gone</p>");
        HttpResponse<String> page = Http.get(port, "/docs/gone");
        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.body()).isEqualTo("<p>gone</p>");
    }

    @AfterAll
    static void stop() {
        zone.reset();
    }
}
