package dev.mfe.quarkus.deployment;

import dev.mfe.config.ConfigLocator;
import dev.mfe.config.ConfigSource;
import dev.mfe.config.ConfigUnavailableException;
import dev.mfe.config.InvalidConfigException;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.quarkus.runtime.MicrofrontendsFixedConfig;
import dev.mfe.quarkus.runtime.PropertyNames;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The routing file of the app that is built. */
final class RoutingFile {

    private final MicrofrontendsConfig config;
    private final byte[] text;

    private RoutingFile(MicrofrontendsConfig config, byte[] text) {
        this.config = config;
        this.text = text;
    }

    /** What it says. */
    MicrofrontendsConfig config() {
        return config;
    }

    /** All of it. */
    byte[] text() {
        return text.clone();
    }

    /**
     * Reads it.
     *
     * @throws ConfigurationException if it is not there or not valid; the message says where, what, and what to do
     */
    static RoutingFile read(MicrofrontendsFixedConfig.Config properties, Path project) {
        try {
            ConfigLocator locator = locator(project);
            ConfigSource source = properties.location().isPresent()
                    ? locator.locate(properties.location().get())
                    : locator.locate();
            byte[] text = source.read();
            return new RoutingFile(parse(source.name(), text, overlaps(properties)), text);
        } catch (InvalidConfigException | ConfigUnavailableException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    private static MicrofrontendsConfig parse(String source, byte[] text, OverlapPolicy overlaps) {
        return MicrofrontendsConfig.parse(
                source, new String(text, StandardCharsets.UTF_8), overlaps, PropertyNames::written);
    }

    private static OverlapPolicy overlaps(MicrofrontendsFixedConfig.Config properties) {
        return switch (properties.overlaps()) {
            case ERROR -> OverlapPolicy.ERROR;
            case WARN -> OverlapPolicy.WARN;
        };
    }

    private static ConfigLocator locator(Path project) {
        return new ConfigLocator(
                Thread.currentThread().getContextClassLoader(), System::getenv, project, PropertyNames::written);
    }

    /** Where it may be or come to be, as Quarkus watches it: paths of resources, and absolute ones of other files. */
    static List<String> watched(MicrofrontendsFixedConfig.Config properties, Path project) {
        List<String> places = new ArrayList<>();
        String location = properties.location().orElse("");
        if (location.startsWith("classpath:")) {
            places.add(location.substring("classpath:".length()).replaceFirst("^/+", ""));
        } else if (!location.isEmpty()) {
            try {
                if (locator(project).locate(location) instanceof ConfigSource.File file) {
                    places.add(file.path().toAbsolutePath().toString());
                }
            } catch (ConfigUnavailableException e) {
                // Said where the file is read.
            }
        } else {
            for (String name : locator(project).fileNames()) {
                places.add(name);
                places.add(project.resolve(name).toAbsolutePath().toString());
            }
        }
        return places;
    }
}
