package dev.mfe.config;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a zone is found while developing.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class Development {
    private static final String PORT_VARIABLE = "MFE_APP_PORT";

    private final int generatedPort;
    private final Local local;
    private final @Nullable Origin fallback;
    private final @Nullable String task;

    Development(int generatedPort, Local local, @Nullable Origin fallback, @Nullable String task) {
        this.generatedPort = generatedPort;
        this.local = local;
        this.fallback = fallback;
        this.task = task;
    }

    /** What {@code development.local} says: an origin, or a number that is no port, which the file may hold. */
    record Local(@Nullable Origin origin, String text) {
        static Local of(Origin origin) {
            return new Local(origin, origin.toString());
        }

        static Local unusable(String port) {
            return new Local(null, port);
        }
    }

    /**
     * Where the zone runs on this machine: {@code development.local} of the file, by default {@code http://localhost}
     * with the {@linkplain #generatedPort() generated port}.
     *
     * @throws IllegalStateException if the file has a number there that is no port; reading it gave a
     *     {@linkplain MicrofrontendsConfig#warnings() warning}
     */
    public Origin local() {
        Origin origin = local.origin();
        if (origin == null) {
            throw new IllegalStateException(
                    "development.local is " + local.text() + ", which is no port; use 1 to 65535");
        }
        return origin;
    }

    /**
     * As {@link #local()}, but a port in the environment variable {@code MFE_APP_PORT} wins, whatever the file says.
     *
     * @param environment value of an environment variable, or null
     */
    public Origin local(Function<String, @Nullable String> environment) {
        Integer port = PortNumber.fromEnvironment(environment.apply(PORT_VARIABLE));
        return port == null ? local() : Origin.of("http", "localhost", port);
    }

    /** The port that follows from the name of the zone: 3000 to 7999, the same for everybody. */
    public int generatedPort() {
        return generatedPort;
    }

    /**
     * Where the zone is reached when it does not run on this machine, if the file says so for this zone. Most want
     * {@link MicrofrontendsConfig#fallback(Zone)}.
     */
    public Optional<Origin> fallback() {
        return Optional.ofNullable(fallback);
    }

    /** The script of {@code package.json} that starts the zone. */
    public Optional<String> task() {
        return Optional.ofNullable(task);
    }
}
