package dev.mfe.conformance;

import dev.mfe.config.ConfigLocator;
import dev.mfe.config.ConfigUnavailableException;
import dev.mfe.config.Development;
import dev.mfe.config.InvalidConfigException;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.Origin;
import dev.mfe.config.Zone;
import dev.mfe.conformance.Conformance.Case;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What follows from names, hosts and ports: the same as {@code @vercel/microfrontends} makes of them. */
class NamingConformanceTest {
    private static final String REFUSED = "refused";
    private static final String NO_PORT = "no port";

    @Test
    void namesHostsAndPortsMeanTheSameAsToThePackage() {
        Tally tally = new Tally("naming.json");
        for (Case testCase : Conformance.cases("naming")) {
            switch (testCase.text("kind")) {
                case "name" -> compare(testCase, name(testCase), tally);
                case "fallback-host" -> compare(testCase, fallbackHost(testCase), tally);
                case "local-host" -> compare(testCase, localHost(testCase), tally);
                case "port-env" -> compare(testCase, portFromEnvironment(testCase), tally);
                case "proxy-port" -> compare(testCase, proxyPort(testCase), tally);
                case "lookup" -> compare(testCase, lookup(testCase), tally);
                case "config-filenames" -> compare(testCase, fileNames(testCase), tally);
                case "override-cookie", "override-cookies" -> tally.notForThisTest();
                default -> tally.disagreed(testCase, "unknown kind");
            }
        }
        tally.finish();
    }

    /** Fields of a result by name; only those that the case has are compared. */
    private static void compare(Case testCase, Map<String, @Nullable Object> ours, Tally tally) {
        boolean refused = ours.containsKey(REFUSED);
        boolean agreed = testCase.has("error") == refused;
        for (Map.Entry<String, @Nullable Object> field : ours.entrySet()) {
            Object theirs = testCase.get(field.getKey());
            agreed &= field.getKey().equals(REFUSED)
                    || (!testCase.has(field.getKey()) && !field.getKey().equals("result"))
                    || same(theirs, field.getValue());
        }
        if (agreed) {
            tally.agreed();
        } else {
            tally.disagreed(testCase, "ours: " + ours);
        }
    }

    private static boolean same(@Nullable Object theirs, @Nullable Object ours) {
        if (theirs instanceof Number number && NO_PORT.equals(ours)) {
            double port = number.doubleValue();
            return port != Math.rint(port) || port < 0 || port > 65535;
        }
        if (theirs instanceof Number a && ours instanceof Number b) {
            return a.doubleValue() == b.doubleValue();
        }
        if (theirs instanceof Map<?, ?> a && ours instanceof Map<?, ?> b) {
            return (isUnprintable(a) && isUnprintable(b)) || sameFields(a, b);
        }
        return Objects.equals(theirs, ours);
    }

    private static boolean sameFields(Map<?, ?> theirs, Map<?, ?> ours) {
        return theirs.keySet().equals(ours.keySet())
                && theirs.keySet().stream().allMatch(key -> same(theirs.get(key), ours.get(key)));
    }

    /** A host whose number is no port: the package fails when it prints it, we when it is asked for. */
    private static boolean isUnprintable(Map<?, ?> host) {
        return host.get("string") instanceof Map;
    }

    private static Map<String, @Nullable Object> name(Case testCase) {
        String name = testCase.text("name");
        return parsed(Map.of("the default zone", Map.of(), name, Map.of("routing", List.of())), Map.of(), config -> {
            Zone zone = config.zone(name).orElseThrow();
            return Map.of(
                    "hash", zone.hash(),
                    "defaultAssetPrefix", zone.defaultAssetPrefix(),
                    "port", zone.development().generatedPort(),
                    "local", zone.development().local().toString(),
                    "automationBypassEnvVar", zone.automationBypassVariable());
        });
    }

    private static Map<String, @Nullable Object> fallbackHost(Case testCase) {
        Map<String, Object> web = Map.of("development", Map.of("fallback", testCase.text("input")));
        return parsed(
                Map.of("web", web),
                Map.of(),
                config -> Map.of(
                        "result",
                        describe(config.defaultZone().development().fallback().orElseThrow())));
    }

    private static Map<String, @Nullable Object> localHost(Case testCase) {
        String name = testCase.text("applicationName");
        Object input = testCase.get("input");
        Map<String, Object> development = input == null ? Map.of() : Map.of("local", input);
        Map<String, Object> docs = Map.of("routing", List.of(), "development", development);
        return parsed(
                Map.of("web", Map.of(), name, docs),
                Map.of(),
                config -> Map.of(
                        "result", describe(config.zone(name).orElseThrow().development())));
    }

    private static Map<String, @Nullable Object> describe(Development development) {
        try {
            return describe(development.local());
        } catch (IllegalStateException e) {
            return Map.of("string", Map.of("error", e.getMessage()));
        }
    }

    private static Map<String, @Nullable Object> describe(Origin origin) {
        Map<String, @Nullable Object> fields = new HashMap<>();
        fields.put("protocol", origin.scheme());
        fields.put("host", origin.host());
        origin.port().ifPresent(port -> fields.put("port", port));
        fields.put("string", origin.toString());
        fields.put("isLocal", origin.isLocal());
        return fields;
    }

    private static Map<String, @Nullable Object> portFromEnvironment(Case testCase) {
        String value = testCase.text("value");
        Map<String, Object> docs =
                Map.of("routing", List.of(), "development", Map.of("local", testCase.text("configuredLocal")));
        return parsed(
                Map.of("web", Map.of(), "docs", docs),
                Map.of("localProxyPort", testCase.get("configuredProxyPort")),
                config -> Map.of(
                        "local",
                        config.zone("docs")
                                .orElseThrow()
                                .development()
                                .local(Map.of("MFE_APP_PORT", value)::get)
                                .toString(),
                        "proxyPort",
                        config.localProxyPort(Map.of("MFE_LOCAL_PROXY_PORT", value)::get)));
    }

    private static Map<String, @Nullable Object> proxyPort(Case testCase) {
        Map<?, ?> options = testCase.get("options") instanceof Map<?, ?> given ? given : Map.of();
        return parsed(Map.of("web", Map.of()), options, config -> {
            try {
                return Map.of("proxyPort", config.localProxyPort());
            } catch (IllegalStateException e) {
                return Map.of("proxyPort", NO_PORT);
            }
        });
    }

    private static Map<String, @Nullable Object> lookup(Case testCase) {
        Map<String, Object> applications = new LinkedHashMap<>();
        ((Map<?, ?>) testCase.get("applications"))
                .forEach((name, packageName) -> applications.put(
                        (String) name,
                        applications.isEmpty()
                                ? Map.of(
                                        "packageName",
                                        packageName,
                                        "development",
                                        Map.of("fallback", "web.example.com"))
                                : Map.of("packageName", packageName, "routing", List.of())));
        return parsed(
                applications,
                Map.of(),
                config -> config.zone(testCase.text("name"))
                        .map(zone -> Map.<String, @Nullable Object>of("found", zone.name()))
                        .orElse(Map.of(REFUSED, true)));
    }

    private static Map<String, @Nullable Object> fileNames(Case testCase) {
        String custom = (String) testCase.get("customConfigFilename");
        ConfigLocator locator = new ConfigLocator(ClassLoader.getSystemClassLoader(), variable -> custom, Path.of(""));
        try {
            return Map.of("filenames", locator.fileNames());
        } catch (ConfigUnavailableException e) {
            return Map.of(REFUSED, e.getMessage());
        }
    }

    private interface Reading {
        Map<String, @Nullable Object> of(MicrofrontendsConfig config);
    }

    private static Map<String, @Nullable Object> parsed(
            Map<String, ?> applications, Map<?, ?> options, Reading reading) {
        String text = Conformance.json(Map.of("applications", applications, "options", options));
        try {
            return reading.of(MicrofrontendsConfig.parse("case", text));
        } catch (InvalidConfigException e) {
            return Map.of(REFUSED, e.getMessage());
        }
    }
}
