package dev.mfe.samples.shop;

import dev.mfe.samples.apps.CheckoutZone;
import dev.mfe.samples.apps.DocsZone;
import dev.mfe.samples.apps.ZoneServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.time.Duration;
import java.util.Map;

/** Both zones, each on a port that the system picks. */
public final class Zones implements QuarkusTestResourceLifecycleManager {

    private ZoneServer docs;
    private ZoneServer checkout;

    @Override
    public Map<String, String> start() {
        docs = DocsZone.start(0);
        checkout = CheckoutZone.start(0, Duration.ofMillis(200));
        return Map.of(
                "quarkus.mfe.zones.docs.url", docs.url().toString(),
                "quarkus.mfe.zones.checkout.url", checkout.url().toString());
    }

    @Override
    public void stop() {
        docs.close();
        checkout.close();
    }
}
