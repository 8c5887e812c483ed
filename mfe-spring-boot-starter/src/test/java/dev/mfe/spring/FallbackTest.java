package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A zone that cannot be reached, and the local app answers instead. */
@SpringBootTest(
        classes = LocalApp.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "logging.level.org.springframework.boot.web=trace",
            "logging.level.org.springframework.boot.autoconfigure=debug",
            "debug=true",
            "mfe.zones.docs.fallback=local",
            "mfe.flags.new-search=true",
            "logging.level.dev.mfe=error"
        })
class FallbackTest {

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void zones(DynamicPropertyRegistry properties) throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            int port = free.getLocalPort();
            properties.add("mfe.zones.docs.url", () -> "http://localhost:" + port);
        }
    }

    @Test
    void theLocalPageIsStillThere() throws Exception {
        assertThat(Http.get(port, "/search?q=a").body()).isEqualTo("local search GET a");
    }

    @Test
    void aFormIsCheckedBeforeTheLocalAppTakesIt() throws Exception {
        assertThat(Http.send(
                                port,
                                "POST",
                                "/search",
                                "q=a",
                                LocalAppContract.FORM,
                                "Authorization: Basic YWRhOnNlY3JldA==")
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> token = Http.get(port, "/csrf");
        assertThat(Http.send(
                                port,
                                "POST",
                                "/search",
                                "q=a&_csrf=" + token.body(),
                                LocalAppContract.FORM,
                                "Cookie: " + LocalAppContract.session(token))
                        .body())
                .isEqualTo("local search POST a");
    }
}
