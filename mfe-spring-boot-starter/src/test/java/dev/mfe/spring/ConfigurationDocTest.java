package dev.mfe.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code docs/configuration.md} says what the generated metadata says. To write it anew: {@code ./mvnw test -pl
 * mfe-spring-boot-starter -am -Dtest=ConfigurationDocTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dmfe.docs.write=true}.
 */
class ConfigurationDocTest {

    private static final Path DOC = Path.of("../docs/configuration.md");
    private static final String BEGIN = "<!-- begin: properties -->\n";
    private static final String END = "<!-- end: properties -->\n";

    @Test
    void theDocumentationListsEveryPropertyAsTheMetadataDoes() throws Exception {
        String doc = Files.readString(DOC, UTF_8);
        int begin = doc.indexOf(BEGIN) + BEGIN.length();
        int end = doc.indexOf(END);
        String wanted = doc.substring(0, begin) + table() + doc.substring(end);
        if (Boolean.getBoolean("mfe.docs.write")) {
            Files.writeString(DOC, wanted, UTF_8);
        }
        assertThat(doc).isEqualTo(wanted);
    }

    private static String table() throws Exception {
        Map<String, JsonNode> properties = new TreeMap<>();
        for (JsonNode property : metadata("META-INF/spring-configuration-metadata.json")) {
            properties.put(property.get("name").asString(), property);
        }
        JsonNode flags = properties.remove("mfe.flags");
        assertThat(properties.remove("mfe.zones")).isNotNull();
        properties.put("mfe.flags.<flag>", flags);
        String zone = "META-INF/spring/configuration-metadata/"
                + MicrofrontendsProperties.ZoneProperties.class.getName() + ".json";
        for (JsonNode property : metadata(zone)) {
            properties.put("mfe.zones.<zone>." + property.get("name").asString(), property);
        }
        StringBuilder table = new StringBuilder("| property | default | meaning |\n| --- | --- | --- |\n");
        properties.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, JsonNode> entry) -> section(entry.getKey()))
                        .thenComparing(Map.Entry::getKey))
                .forEach(entry -> table.append(row(entry.getKey(), entry.getValue())));
        return table.toString();
    }

    private static int section(String name) {
        return List.of("mfe.zones.", "mfe.flags.", "mfe.").stream()
                .map(prefix -> name.startsWith(prefix))
                .toList()
                .indexOf(true);
    }

    private static List<JsonNode> metadata(String resource) throws Exception {
        try (InputStream stream = ConfigurationDocTest.class.getClassLoader().getResourceAsStream(resource)) {
            JsonNode all = new JsonMapper().readTree(stream).get("properties");
            return StreamSupport.stream(all.spliterator(), false).toList();
        }
    }

    private static String row(String name, JsonNode property) {
        String description = property.get("description").asString();
        assertThat(description).as(name).endsWith(".");
        return "| `" + name + "` | " + defaultValue(property.get("defaultValue")) + " | " + description
                + choices(property.get("type").asString()) + " |\n";
    }

    private static String defaultValue(JsonNode value) {
        String text =
                value == null ? "" : value.asString().replaceAll("^\\[|]$", "").replace(", ", ",");
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    private static String choices(String type) {
        Class<?> found = ClassUtils.isPresent(type, null) ? ClassUtils.resolveClassName(type, null) : Object.class;
        return found.isEnum()
                ? Arrays.stream(found.getEnumConstants())
                        .map(choice ->
                                "`" + choice.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                        .collect(Collectors.joining(", ", " One of ", "."))
                : "";
    }
}
