package dev.mfe.quarkus.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/quarkus.md} says what Quarkus generates from the code. To write it anew: {@code ./mvnw test -pl
 * mfe-quarkus-extension/runtime -am -Dtest=ConfigurationDocTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dmfe.docs.write=true}.
 */
class ConfigurationDocTest {

    private static final Path DOC = Path.of("../../docs/quarkus.md");
    private static final Path OF_THE_OTHERS = Path.of("../../docs/configuration.md");
    private static final String BEGIN = "<!-- begin: properties -->\n";
    private static final String END = "<!-- end: properties -->\n";

    private final JsonObject texts = json("quarkus-config-javadoc.json").getJsonObject("elements");
    private final Map<String, String> rows = new TreeMap<>();

    ConfigurationDocTest() throws IOException {
        JsonArray roots = json("quarkus-config-model.json").getJsonArray("configRoots");
        for (int i = 0; i < roots.size(); i++) {
            read(roots.getJsonObject(i).getJsonArray("items"));
        }
    }

    private static JsonObject json(String name) throws IOException {
        try (InputStream stream =
                ConfigurationDocTest.class.getResourceAsStream("/META-INF/quarkus-config-doc/" + name)) {
            return new JsonObject(new String(Objects.requireNonNull(stream).readAllBytes(), UTF_8));
        }
    }

    private void read(JsonArray items) {
        for (int i = 0; i < items.size(); i++) {
            JsonObject item = items.getJsonObject(i);
            if (item.containsKey("items")) {
                read(item.getJsonArray("items"));
            } else {
                row(item);
            }
        }
    }

    private void row(JsonObject item) {
        String name = item.getJsonObject("path").getString("property").replaceAll("\"([a-z]+)\"", "<$1>");
        String text = texts.getJsonObject(item.getString("sourceType") + "." + item.getString("sourceElementName"))
                .getString("description")
                .replaceAll("\\s+", " ");
        assertThat(text).as(name).endsWith(".");
        String value = item.getString("defaultValue");
        if (item.getString("type").equals("java.time.Duration")) {
            // As people write it.
            value = value.toLowerCase(Locale.ROOT);
        }
        JsonObject choices = item.getJsonObject("enumAcceptedValues");
        String oneOf = choices == null
                ? ""
                : choices.getJsonObject("values").stream()
                        .map(choice -> "`" + ((JsonObject) choice.getValue()).getString("configValue") + "`")
                        .collect(Collectors.joining(", ", " One of ", "."));
        boolean fixed = !item.getString("phase").equals("RUN_TIME");
        rows.put(
                name,
                "| `" + name + "` | " + (value == null ? "" : "`" + value + "`") + " | " + text + oneOf
                        + (fixed ? " Fixed when the app is built." : "") + " |\n");
    }

    @Test
    void theDocumentationListsEveryPropertyAsTheCodeDoes() throws Exception {
        String doc = Files.readString(DOC, UTF_8);
        int begin = doc.indexOf(BEGIN) + BEGIN.length();
        int end = doc.indexOf(END);
        String wanted = doc.substring(0, begin) + "| property | default | meaning |\n| --- | --- | --- |\n"
                + String.join("", rows.values()) + doc.substring(end);
        if (Boolean.getBoolean("mfe.docs.write")) {
            Files.writeString(DOC, wanted, UTF_8);
        }
        assertThat(doc).isEqualTo(wanted);
    }

    @Test
    void theNamesAreThoseOfTheOtherStarters() throws Exception {
        TreeSet<String> others = Files.readAllLines(OF_THE_OTHERS, UTF_8).stream()
                .filter(line -> line.startsWith("| `mfe."))
                .map(line -> "quarkus." + line.substring(3, line.indexOf('`', 3)))
                .collect(Collectors.toCollection(TreeSet::new));
        // A bundle of Spring Boot; a switch of Quarkus.
        others.remove("quarkus.mfe.zones.<zone>.ssl-bundle");
        others.add("quarkus.mfe.health.enabled");

        assertThat(rows.keySet()).isEqualTo(others);
    }
}
