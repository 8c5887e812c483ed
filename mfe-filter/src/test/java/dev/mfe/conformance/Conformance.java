package dev.mfe.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of test vectors. They are in the folder that the system property {@code mfe.conformance} names, by
 * default in {@code ../shared/conformance}; relative paths start at the root of the project. Without the folder the
 * tests are skipped.
 */
public final class Conformance {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Conformance() {}

    /** The cases of a file, such as {@code config-valid}. */
    public static List<Case> cases(String name) {
        Object cases = file(name).get("cases");
        List<Case> all = new ArrayList<>();
        for (Object fields : (List<?>) cases) {
            all.add(new Case((Map<?, ?>) fields));
        }
        return all;
    }

    /** A whole file: numbers as {@link Number}, objects as {@link Map} in the order of the file. */
    static Map<?, ?> file(String name) {
        Path folder = folder();
        assumeTrue(
                Files.isDirectory(folder),
                "No test vectors in " + folder + "; say where they are with -Dmfe.conformance=<folder>");
        try {
            return (Map<?, ?>) read(Files.readString(folder.resolve(name + ".json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        return projectRoot()
                .resolve(System.getProperty("mfe.conformance", "../shared/conformance"))
                .normalize();
    }

    /** Tests run in the folder of a module: the root is the farthest folder above with a project file. */
    private static Path projectRoot() {
        Path root = Path.of("").toAbsolutePath();
        while (root.getParent() != null && Files.exists(root.resolveSibling("pom.xml"))) {
            root = root.getParent();
        }
        return root;
    }

    /** The value of a JSON text, which may have comments and trailing commas but no repeated keys. */
    static @Nullable Object read(String json) {
        try (JsonParser parser = JSON.createParser(json.startsWith("\uFEFF") ? json.substring(1) : json)) {
            parser.nextToken();
            return value(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                return object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                return array;
            }
            case VALUE_STRING -> {
                return parser.getText();
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return parser.getNumberValue();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return parser.getBooleanValue();
            }
            default -> {
                return null;
            }
        }
    }

    /** The JSON text of a value as {@link #read} gives it. */
    static String json(@Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            write(value, generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(@Nullable Object value, JsonGenerator generator) throws IOException {
        if (value instanceof Map<?, ?> object) {
            generator.writeStartObject();
            for (Map.Entry<?, ?> member : object.entrySet()) {
                generator.writeFieldName((String) member.getKey());
                write(member.getValue(), generator);
            }
            generator.writeEndObject();
        } else if (value instanceof List<?> array) {
            generator.writeStartArray();
            for (Object element : array) {
                write(element, generator);
            }
            generator.writeEndArray();
        } else if (value instanceof String string) {
            generator.writeString(string);
        } else {
            generator.writeRawValue(String.valueOf(value));
        }
    }

    /** One case, by the names of its fields. */
    public record Case(Map<?, ?> fields) {
        public boolean has(String field) {
            return fields.containsKey(field);
        }

        public @Nullable Object get(String field) {
            return fields.get(field);
        }

        /** A field that holds text. */
        public String text(String field) {
            return (String) fields.get(field);
        }

        /** Whether a field is there and true. */
        public boolean is(String field) {
            return Boolean.TRUE.equals(fields.get(field));
        }

        @Override
        public String toString() {
            return json(fields);
        }
    }
}
