package dev.mfe.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bodies of any size pass through little memory. */
class SmallHeapIT {

    @Test
    @Spec({"design §8", "failure case 33"})
    void aGibibyteEitherWayPassesAHeapOf64Mebibytes() throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        classPath,
                        BigBodies.class.getName())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(said).contains("1073741824 bytes down", "1073741824 bytes up");
        assertThat(process.exitValue()).as(said).isZero();
    }
}
