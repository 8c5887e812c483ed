package dev.mfe.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every block of a README under a comment {@code from: file#region} is, but for indentation, that region of that file:
 * the lines between {@code // region} and {@code // end}, or the same with {@code #}. The file is a test, so what the
 * README shows has run.
 */
class ReadmeTest {
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- from: ([^#\\s]+)(?:#(\\S+))? -->\\n *```\\w+\\n(.*?)\\n *```", Pattern.DOTALL);

    private static final Path ROOT = root();

    @Test
    void snippetsAreWhatTestsRun() throws IOException {
        assertThat(checkedSnippets("README.md")).hasSizeGreaterThan(4);
        assertThat(checkedSnippets("samples/README.md")).isNotEmpty();
    }

    private static List<String> checkedSnippets(String readme) throws IOException {
        Matcher snippet = SNIPPET.matcher(Files.readString(ROOT.resolve(readme)));
        List<String> found = new ArrayList<>();
        while (snippet.find()) {
            String text = Files.readString(ROOT.resolve(snippet.group(1)));
            found.add(snippet.group(1));
            assertThat(snippet.group(3).stripIndent())
                    .as("%s#%s", snippet.group(1), snippet.group(2))
                    .isEqualTo((snippet.group(2) == null ? text : region(text, snippet.group(2)))
                            .stripIndent()
                            .strip());
        }
        return found;
    }

    private static String region(String text, String name) {
        Matcher region = Pattern.compile(
                        "(?://|#) " + Pattern.quote(name) + "\\n(.*?)\\n *(?://|#) end", Pattern.DOTALL)
                .matcher(text);
        assertThat(region.find()).as("region %s", name).isTrue();
        return region.group(1);
    }

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        return root;
    }
}
