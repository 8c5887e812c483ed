package dev.mfe.samples.shop;

import dev.mfe.testing.MicrofrontendsAssertions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who serves what, said in a test that needs no server. */
class RoutingTest {

    private static final Path FILE = Path.of("../microfrontends.json");

    @Test
    void withoutFlagsTheShopKeepsItsOldPages() {
        MicrofrontendsAssertions.validateRouting(
                FILE,
                Map.of(
                        "shop", List.of("/", "/cart", "/thanks", "/checkout", "/brewing-guide"),
                        "docs", List.of("/docs", "/docs/brewing", "/vc-ap-docs/assets/index.js")));
    }

    @Test
    void flagsHandThemToTheZones() {
        MicrofrontendsAssertions.validateRouting(
                FILE, Map.of("checkout", List.of("/checkout", "/checkout/orders/1")), "new-checkout");
        MicrofrontendsAssertions.validateRouting(FILE, Map.of("docs", List.of("/brewing-guide")), "new-brewing-guide");
    }
}
