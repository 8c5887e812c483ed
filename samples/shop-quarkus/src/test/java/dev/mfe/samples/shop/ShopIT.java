package dev.mfe.samples.shop;

import dev.mfe.samples.tests.ShopRules;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.net.URL;

@QuarkusIntegrationTest
@WithTestResource(Zones.class)
class ShopIT extends ShopRules {

    @TestHTTPResource
    URL shop;

    @Override
    protected int port() {
        return shop.getPort();
    }
}
