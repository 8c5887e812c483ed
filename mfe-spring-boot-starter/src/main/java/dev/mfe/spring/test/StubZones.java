package dev.mfe.spring.test;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A stub for each zone of the routing file; see {@link MicrofrontendsTest}. Lives as long as the app under test.
 *
 * @since 0.1
 */
public final class StubZones implements AutoCloseable {

    private final Map<String, StubZone> zones = new LinkedHashMap<>();

    StubZones(Iterable<String> names) {
        names.forEach(name -> zones.put(name, StubZone.start(name)));
    }

    /**
     * The stub of a zone.
     *
     * @param name as in the routing file
     * @return the stub
     * @throws IllegalArgumentException if the file has no such zone, or it is the one that the app serves
     */
    public StubZone zone(String name) {
        StubZone zone = zones.get(name);
        if (zone == null) {
            throw new IllegalArgumentException("There is no stub of zone \"" + name + "\", only of " + zones.keySet());
        }
        return zone;
    }

    Map<String, StubZone> all() {
        return zones;
    }

    /** Forgets requests and answers of all of them. */
    public void reset() {
        zones.values().forEach(StubZone::reset);
    }

    @Override
    public void close() {
        zones.values().forEach(StubZone::close);
    }
}
