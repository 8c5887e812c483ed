package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code docs/spring-boot.md} shows of a flag is what {@link QuickStartTest} runs. */
class DocSnippetTest {

    @Test
    void theFlagOfTheDocumentationIsTheOneThatRuns() throws Exception {
        String doc = Files.readString(Path.of("../docs/spring-boot.md"));
        Matcher snippet = Pattern.compile(
                        "<!-- from: mfe-spring-boot-starter/(\\S+)#quick-start -->\n```java\n(.*?)\n```",
                        Pattern.DOTALL)
                .matcher(doc);
        assertThat(snippet.find()).isTrue();
        assertThat(Files.readString(Path.of(snippet.group(1))))
                .contains("// quick-start\n" + snippet.group(2) + "\n// end\n");
    }
}
