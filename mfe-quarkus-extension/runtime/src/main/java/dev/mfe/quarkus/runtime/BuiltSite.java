package dev.mfe.quarkus.runtime;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.flags.FlagProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What was found when the app was built: the routing file, which is part of the app, and methods that answer flags. */
public final class BuiltSite {

    /** Where the app carries its routing file. */
    public static final String RESOURCE = "META-INF/mfe/microfrontends.json";

    private final String source;
    private final OverlapPolicy overlaps;
    private final List<FlagProvider> methods;
    private final List<String> flags;

    BuiltSite(String source, OverlapPolicy overlaps, List<FlagProvider> methods, List<String> flags) {
        this.source = source;
        this.overlaps = overlaps;
        this.methods = List.copyOf(methods);
        this.flags = List.copyOf(flags);
    }

    /** What the routing file said. */
    MicrofrontendsConfig config() {
        ClassLoader app = Thread.currentThread().getContextClassLoader();
        try (InputStream stream = app.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("The app was packaged without " + RESOURCE);
            }
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return MicrofrontendsConfig.parse(source, text, overlaps, PropertyNames::written);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", e);
        }
    }

    /** Methods with {@link dev.mfe.flags.FeatureFlag}. */
    List<FlagProvider> methods() {
        return methods;
    }

    /** The flags that they answer. */
    List<String> flags() {
        return flags;
    }
}
