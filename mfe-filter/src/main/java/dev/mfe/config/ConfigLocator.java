package dev.mfe.config;

import static dev.mfe.config.Printable.quote;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the routing file. Looked at are, in this order:
 *
 * <ol>
 *   <li>the location that was configured ({@code mfe.config.location}), if any: {@code classpath:…}, {@code file:…},
 *       {@code http://…}, {@code https://…}, or a path
 *   <li>the path in the environment variable {@code VC_MICROFRONTENDS_CONFIG}, if set
 *   <li>the file name in {@code VC_MICROFRONTENDS_CONFIG_FILE_NAME}, if set: on the class path root, then in the
 *       working directory; it ends in {@code .json} or {@code .jsonc}
 *   <li>{@code microfrontends.json}, then {@code microfrontends.jsonc}, on the class path root
 *   <li>the same in the working directory
 * </ol>
 *
 * The first two name one place: if nothing is there, that is an error, and nothing else is looked at.
 *
 * <p>Immutable. Reads nothing but what it was given, no system property and no environment.
 *
 * @since 0.1
 */
public final class ConfigLocator {
    private static final String PATH_VARIABLE = "VC_MICROFRONTENDS_CONFIG";
    private static final String FILE_NAME_VARIABLE = "VC_MICROFRONTENDS_CONFIG_FILE_NAME";
    private static final List<String> DEFAULT_FILE_NAMES = List.of("microfrontends.json", "microfrontends.jsonc");
    private static final String CLASS_PATH = "classpath:";
    private static final String FILE = "file:";

    private final ClassLoader classLoader;
    private final Function<String, @Nullable String> environment;
    private final Path workingDirectory;
    private final UnaryOperator<String> propertyNames;

    /**
     * A locator for one app.
     *
     * @param environment value of an environment variable, or null
     */
    public ConfigLocator(
            ClassLoader classLoader, Function<String, @Nullable String> environment, Path workingDirectory) {
        this(classLoader, environment, workingDirectory, UnaryOperator.identity());
    }

    /**
     * A locator for one app that calls properties differently.
     *
     * @param environment value of an environment variable, or null
     * @param propertyNames given a property as it is called here, returns how the app calls it; for messages
     */
    public ConfigLocator(
            ClassLoader classLoader,
            Function<String, @Nullable String> environment,
            Path workingDirectory,
            UnaryOperator<String> propertyNames) {
        this.classLoader = classLoader;
        this.environment = environment;
        this.workingDirectory = workingDirectory;
        this.propertyNames = propertyNames;
    }

    /**
     * Finds the file without a configured location.
     *
     * @throws ConfigUnavailableException if there is none; names every place that was looked at
     */
    public ConfigSource locate() {
        String path = variable(PATH_VARIABLE);
        if (!path.isEmpty()) {
            return file(path, path + " (environment variable " + PATH_VARIABLE + ")");
        }
        List<String> places = new ArrayList<>();
        String customName = customFileName();
        if (!customName.isEmpty()) {
            ConfigSource custom = search(List.of(customName), places);
            if (custom != null) {
                return custom;
            }
        }
        ConfigSource found = search(DEFAULT_FILE_NAMES, places);
        if (found == null) {
            throw ConfigUnavailableException.notFound(places, propertyNames);
        }
        return found;
    }

    /**
     * Finds the file at a configured location. A web server is not asked before the source is read.
     *
     * @param location {@code classpath:…}, {@code file:…}, {@code http://…}, {@code https://…}, or a path; relative
     *     paths start at the working directory
     * @throws ConfigUnavailableException if it is not there, or the location cannot be understood
     */
    public ConfigSource locate(String location) {
        String lower = location.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            return http(location);
        }
        if (lower.startsWith(CLASS_PATH)) {
            return classPath(location);
        }
        if (lower.startsWith(FILE)) {
            return file(filePath(location), location);
        }
        if (location.isBlank() || location.contains("://")) {
            throw ConfigUnavailableException.unreadable(
                    quote(location), "this is no supported location", "use classpath:…, file:…, http://… or https://…");
        }
        return file(location, location);
    }

    /**
     * The file names that are searched for, in this order.
     *
     * @throws ConfigUnavailableException if {@code VC_MICROFRONTENDS_CONFIG_FILE_NAME} does not end in {@code .json} or
     *     {@code .jsonc}
     */
    public List<String> fileNames() {
        Set<String> names = new LinkedHashSet<>();
        String customName = customFileName();
        if (!customName.isEmpty()) {
            names.add(customName);
        }
        names.addAll(DEFAULT_FILE_NAMES);
        return List.copyOf(names);
    }

    private String customFileName() {
        String name = variable(FILE_NAME_VARIABLE);
        if (!name.isEmpty() && !name.endsWith(".json") && !name.endsWith(".jsonc")) {
            throw ConfigUnavailableException.unreadable(
                    quote(name),
                    "the environment variable " + FILE_NAME_VARIABLE + " names no JSON file",
                    "end the name with .json or .jsonc");
        }
        return name;
    }

    private @Nullable ConfigSource search(List<String> names, List<String> places) {
        for (String name : names) {
            places.add(CLASS_PATH + name);
            if (classLoader.getResource(name) != null) {
                return new ConfigSource.ClassPathResource(classLoader, name);
            }
        }
        for (String name : names) {
            Path path = path(name, name);
            places.add(path.toString());
            if (Files.exists(path)) {
                return new ConfigSource.File(path);
            }
        }
        return null;
    }

    private ConfigSource classPath(String location) {
        String resource = location.substring(CLASS_PATH.length());
        while (resource.startsWith("/")) {
            resource = resource.substring(1);
        }
        if (resource.isEmpty() || classLoader.getResource(resource) == null) {
            throw ConfigUnavailableException.unreadable(
                    location, "there is no such resource on the class path", "check the name and the packaging");
        }
        return new ConfigSource.ClassPathResource(classLoader, resource);
    }

    private static ConfigSource http(String location) {
        String remedy = "write it like https://config.example.com/microfrontends.json";
        try {
            return new ConfigSource.Http(new URI(location));
        } catch (URISyntaxException e) {
            throw ConfigUnavailableException.unreadable(
                    withoutSecrets(location), "the address is malformed: " + e.getReason(), remedy);
        } catch (IllegalArgumentException e) {
            throw ConfigUnavailableException.unreadable(
                    withoutSecrets(location), String.valueOf(e.getMessage()), remedy, e);
        }
    }

    /** What of an address can be shown although it cannot be understood. */
    private static String withoutSecrets(String location) {
        int end = location.indexOf('?');
        String shown = end < 0 ? location : location.substring(0, end);
        int at = shown.lastIndexOf('@');
        return at < 0 ? shown : shown.substring(0, shown.indexOf("//") + 2) + shown.substring(at + 1);
    }

    private String filePath(String location) {
        String path = location.substring(FILE.length());
        if (path.startsWith("/")) {
            try {
                return Path.of(new URI(location)).toString();
            } catch (URISyntaxException | IllegalArgumentException e) {
                // Not a URI, so a plain path such as "file:/srv/my app/microfrontends.json"
                return path;
            }
        }
        return path;
    }

    private ConfigSource file(String path, String place) {
        Path file = path(path, place);
        if (!Files.exists(file)) {
            throw ConfigUnavailableException.unreadable(
                    place,
                    "there is no file " + file.toAbsolutePath(),
                    "check the path; relative ones start at the working directory");
        }
        return new ConfigSource.File(file);
    }

    private Path path(String path, String place) {
        try {
            return workingDirectory.resolve(path);
        } catch (InvalidPathException e) {
            throw ConfigUnavailableException.unreadable(
                    place, "this is no path: " + e.getReason(), "check the spelling", e);
        }
    }

    private String variable(String name) {
        String value = environment.apply(name);
        return value == null ? "" : value;
    }
}
