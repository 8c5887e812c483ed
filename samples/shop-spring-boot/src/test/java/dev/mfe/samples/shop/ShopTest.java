package dev.mfe.samples.shop;

import dev.mfe.samples.apps.CheckoutZone;
import dev.mfe.samples.apps.DocsZone;
import dev.mfe.samples.apps.ZoneServer;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfiguration;

/** The shop and both zones, each on a port that the system picks; started once for all tests. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        // Selenium warns that it has no bindings for the DevTools of this browser. They are not used.
        properties = {"logging.level.org.openqa.selenium=error", "logging.level.root=warn"})
@ContextConfiguration(initializers = ShopTest.Zones.class)
@interface ShopTest {

    class Zones implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            ZoneServer docs = DocsZone.start(0);
            ZoneServer checkout = CheckoutZone.start(0, Duration.ofMillis(200));
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "zones",
                            Map.of(
                                    "mfe.zones.docs.url",
                                    docs.url().toString(),
                                    "mfe.zones.checkout.url",
                                    checkout.url().toString())));
            context.addApplicationListener(event -> {
                if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == context) {
                    docs.close();
                    checkout.close();
                }
            });
        }
    }
}
