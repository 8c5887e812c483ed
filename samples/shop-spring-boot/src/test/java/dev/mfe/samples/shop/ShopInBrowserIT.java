package dev.mfe.samples.shop;

import dev.mfe.samples.tests.ShopInBrowserRules;
import org.springframework.boot.test.web.server.LocalServerPort;

@ShopTest
class ShopInBrowserIT extends ShopInBrowserRules {

    @LocalServerPort
    private int port;

    @Override
    protected int port() {
        return port;
    }
}
