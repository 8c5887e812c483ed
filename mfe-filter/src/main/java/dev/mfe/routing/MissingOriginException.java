package dev.mfe.routing;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Nobody said where zones are reached. Thrown at start-up; the message names the property to set for each.
 *
 * @since 0.1
 */
public final class MissingOriginException extends IllegalStateException {
    private final transient List<String> zones;

    MissingOriginException(String source, List<String> zones, UnaryOperator<String> propertyNames) {
        super(zones.stream()
                .map(name -> "\n  zone \"" + name + "\" has no origin; set the property "
                        + propertyNames.apply("mfe.zones." + name + ".url") + ", for example to https://" + name
                        + ".example.com")
                .collect(Collectors.joining("", source + " needs an origin for each zone:", "")));
        this.zones = List.copyOf(zones);
    }

    /**
     * Proposes an environment variable for a zone's address.
     *
     * @param zone the zone's name
     * @return {@code DOCS_URL} for {@code docs}
     */
    public static String variable(String zone) {
        return zone.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_").replaceAll("^_", "") + "_URL";
    }

    /** The names of the zones without an origin, in the order of the file. */
    public List<String> zones() {
        return zones;
    }
}
