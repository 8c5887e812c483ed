package dev.mfe.config;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A routing file that was not found or could not be read. The message says where it was looked for and what to do.
 *
 * @since 0.1
 */
public final class ConfigUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> places;

    private ConfigUnavailableException(List<String> places, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.places = List.copyOf(places);
    }

    /** A search that found nothing. */
    static ConfigUnavailableException notFound(List<String> places, UnaryOperator<String> propertyNames) {
        String list = places.stream().map(Printable::line).collect(Collectors.joining("\n  "));
        return new ConfigUnavailableException(
                places,
                "There is no microfrontends.json. Looked at:\n  " + list
                        + "\nPut the file at one of these places, or say where it is with "
                        + propertyNames.apply("mfe.config.location") + " (classpath:…, file:… or https://…).",
                null);
    }

    static ConfigUnavailableException unreadable(String place, String problem, String remedy) {
        return unreadable(place, problem, remedy, null);
    }

    static ConfigUnavailableException unreadable(
            String place, String problem, String remedy, @Nullable Throwable cause) {
        String message = "Cannot read the routing file " + place + ": " + problem + "; " + remedy;
        return new ConfigUnavailableException(List.of(place), Printable.line(message), cause);
    }

    /** Every place that was looked at, in this order. */
    public List<String> places() {
        return places;
    }
}
