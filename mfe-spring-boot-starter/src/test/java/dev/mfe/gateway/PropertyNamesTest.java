package dev.mfe.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.flags.Flags;
import dev.mfe.spring.MicrofrontendsProperties;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The starter knows the properties that the filter reads, under the same names and with the same defaults. */
class PropertyNamesTest {

    private final MicrofrontendsConfig config = MicrofrontendsConfig.parse("site.json", """
            { "applications": { "web": {}, "docs": { "routing": [ { "paths": ["/docs"] } ] } } }""");

    private static MicrofrontendsProperties bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("mfe", MicrofrontendsProperties.class);
    }

    @Test
    void theDefaultsOfTheStarterAreThoseOfTheFilter() {
        Map<String, String> unset = Map.of("mfe.zones.docs.url", "http://docs");
        Map<String, String> asBound = bound(unset).forFilter(config);
        assertThat(read(asBound, new HashSet<>())).usingRecursiveComparison().isEqualTo(read(unset, new HashSet<>()));
    }

    @Test
    void everyPropertyOfTheFilterIsOneOfTheStarter() {
        Set<String> read = new HashSet<>();
        read(Map.of(), read);
        Map<String, String> given = new TreeMap<>();
        for (String property : List.of(
                "mfe.zones.docs.url=http://docs",
                "mfe.zones.web.url=http://web",
                "mfe.config.location=classpath:x.json",
                "mfe.application=web",
                "mfe.debug=cookie",
                "mfe.identity.secret=0123456789abcdef0123456789abcdef",
                "mfe.exclude=/a",
                "mfe.trusted-proxies=10.0.0.1",
                "mfe.overrides.allowed-hosts=x.example.com",
                "mfe.flags.timeout=1s",
                "mfe.flags.secret=0123456789abcdef",
                "mfe.flags.sdk-secret=x",
                "mfe.zones.docs.tls-trusted-certificates=x",
                "mfe.zones.docs.tls-certificate=x",
                "mfe.zones.docs.tls-private-key=x",
                "mfe.zones.web.tls-trusted-certificates=x",
                "mfe.zones.web.tls-certificate=x",
                "mfe.zones.web.tls-private-key=x")) {
            given.put(property.replaceFirst("=.*", ""), property.replaceFirst(".*=", ""));
        }
        Map<String, String> asBound = bound(given).forFilter(config);
        assertThat(read).isSubsetOf(asBound.keySet());
    }

    private Settings read(Map<String, String> given, Set<String> known) {
        Properties properties = new Properties(given, Map.of(), name -> null, name -> null, UnaryOperator.identity());
        assertThat(Settings.configLocation(properties)).isIn(null, "classpath:x.json");
        Settings.overlaps(properties);
        Settings settings = Settings.read(properties, config);
        Settings.flagSettings(properties, Flags.builder());
        properties.failOnProblems();
        known.addAll(properties.known());
        return settings;
    }
}
