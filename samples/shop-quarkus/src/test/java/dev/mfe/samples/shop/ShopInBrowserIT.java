package dev.mfe.samples.shop;

import dev.mfe.samples.tests.ShopInBrowserRules;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.net.URL;

@QuarkusIntegrationTest
@WithTestResource(Zones.class)
class ShopInBrowserIT extends ShopInBrowserRules {

    @TestHTTPResource
    URL shop;

    @Override
    protected int port() {
        return shop.getPort();
    }
}
