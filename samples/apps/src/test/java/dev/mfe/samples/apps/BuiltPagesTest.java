package dev.mfe.samples.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The docs zone is committed as Vite built it; this notices when its sources went on without it. */
class BuiltPagesTest {

    private static final Path DOCS = Path.of("docs");

    @Test
    void theCommittedPagesAreBuiltFromTheseSources() throws Exception {
        assertThat(Files.readString(DOCS.resolve("dist/sources.sha256")).strip())
                .as("samples/apps/docs/dist is stale; run there: npm ci && npm run build")
                .isEqualTo(hashOfSources());
    }

    /** As vite.config.js computes it. */
    private static String hashOfSources() throws Exception {
        TreeSet<String> names = new TreeSet<>(
                List.of("index.html", "package.json", "vite.config.js", "../site/site.css", "../site/favicon.svg"));
        try (Stream<Path> sources = Files.walk(DOCS.resolve("src"))) {
            sources.filter(Files::isRegularFile)
                    .map(file -> DOCS.relativize(file).toString().replace('\\', '/'))
                    .forEach(names::add);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : names) {
            append(all, name);
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all.toByteArray()));
    }

    private static void append(ByteArrayOutputStream all, String name) throws IOException {
        all.writeBytes((name + "\n").getBytes(StandardCharsets.UTF_8));
        all.writeBytes(Files.readAllBytes(DOCS.resolve(name)));
    }
}
