package dev.mfe.quarkus.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AppTest {

    @TestHTTPResource("/hello")
    URI hello;

    @Test
    void restAnswers() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(hello).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.body()).isEqualTo("rest");
    }
}
