package dev.mfe.contract;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.Filter;
import java.time.Duration;

/** Sets the filter up as a user would: the routing file and properties. */
final class FilterUnderTest {

    private FilterUnderTest() {}

    static Filter of(Site site) {
        MicrofrontendsFilter.Builder builder = MicrofrontendsFilter.builder()
                .config(MicrofrontendsConfig.parse("microfrontends.json", site.config()))
                .property("mfe.drain-timeout", text(site.drainTimeout));
        site.zones().forEach((zone, url) -> {
            String prefix = "mfe.zones." + zone + ".";
            builder.property(prefix + "url", url)
                    .property(prefix + "connect-timeout", text(site.connectTimeout))
                    .property(prefix + "response-timeout", text(site.responseTimeout))
                    .property(prefix + "idle-timeout", text(site.idleTimeout))
                    .property(prefix + "max-in-flight", Integer.toString(site.maxRequestsPerZone))
                    .property(prefix + "preserve-host", Boolean.toString(site.preserveHost))
                    .property(prefix + "fallback", site.fallbackLocal ? "local" : "none");
        });
        if (!site.trustedProxies.isEmpty()) {
            builder.property("mfe.trusted-proxies", String.join(",", site.trustedProxies));
        }
        if (!site.allowedOverrideHosts.isEmpty()) {
            builder.property("mfe.overrides.allowed-hosts", String.join(",", site.allowedOverrideHosts));
        }
        if (site.flag != null) {
            builder.property("mfe.flags." + Site.FLAG, site.flag).property("mfe.flags.secret", "s".repeat(32));
        }
        if (site.debug != null) {
            builder.property("mfe.debug", site.debug);
        }
        return builder.build();
    }

    private static String text(Duration duration) {
        return duration.toMillis() + "ms";
    }
}
