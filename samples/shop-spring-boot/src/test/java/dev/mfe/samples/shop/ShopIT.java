package dev.mfe.samples.shop;

import dev.mfe.samples.tests.ShopRules;
import org.springframework.boot.test.web.server.LocalServerPort;

@ShopTest
class ShopIT extends ShopRules {

    @LocalServerPort
    private int port;

    @Override
    protected int port() {
        return port;
    }
}
