package dev.mfe.quarkus.deployment;

import io.quarkus.test.QuarkusUnitTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jboss.shrinkwrap.api.asset.StringAsset;

/** Apps to be built. */
final class Apps {

    static final String DOCS = """
            {
              "applications": {
                "web": { "development": { "fallback": "web.example.com" } },
                "docs": { "routing": [ { "paths": ["/docs", "/docs/:path*"] } ] }
              }
            }
            """;

    static final String FLAGGED = """
            {
              "applications": {
                "web": {},
                "docs": {
                  "routing": [
                    { "paths": ["/docs/:path*"], "flag": "new-docs" }
                  ]
                }
              }
            }
            """;

    private Apps() {}

    /** With a routing file, and a place for its zone. */
    static QuarkusUnitTest with(String routingFile, Class<?>... classes) {
        return new QuarkusUnitTest()
                .withApplicationRoot(app -> app.addClasses(classes)
                        .addClass(Apps.class)
                        .addAsResource(new StringAsset(routingFile), "microfrontends.json"))
                .overrideConfigKey("quarkus.mfe.zones.docs.url", "http://localhost:1");
    }

    static HttpResponse<String> get(URI base, String path, String... fields) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
