package dev.mfe.samples.apps;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Files on the class path, read for browsers. */
final class Assets {

    /** What a build tool gives its files; everything else, {@code ..} among it, is not found. */
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+(\\.[a-z0-9]+)+");

    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css;charset=UTF-8",
            "html", "text/html;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "svg", "image/svg+xml");

    private final String folder;

    /**
     * Serves a folder.
     *
     * @param folder on the class path, without slashes around it
     */
    Assets(String folder) {
        this.folder = folder;
    }

    /** The file's content, or null if there is no such file that a browser may have. */
    byte @Nullable [] read(String name) {
        if (!NAME.matcher(name).matches() || type(name) == null) {
            return null;
        }
        return bytes(name);
    }

    /** The media type by the file's name, or null if it is none that a browser may have. */
    @Nullable
    String type(String name) {
        return TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    }

    /**
     * A file that has to be there.
     *
     * @throws IllegalStateException if it is not
     */
    String text(String name) {
        byte[] bytes = bytes(name);
        if (bytes == null) {
            throw new IllegalStateException("/" + folder + "/" + name + " is not on the class path");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private byte @Nullable [] bytes(String name) {
        try (InputStream file = Assets.class.getResourceAsStream("/" + folder + "/" + name)) {
            return file == null ? null : file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
