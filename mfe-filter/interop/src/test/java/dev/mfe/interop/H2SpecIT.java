package dev.mfe.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * h2spec asks whether a server speaks HTTP/2 (RFC 9113, RFC 7541). The container does; the filter must not harm that.
 */
class H2SpecIT {

    private static final int RETRIES = 5;

    @Test
    void theContainerSpeaksHttp2AsWellThroughTheFilterAsAlone(@TempDir Path directory) throws Exception {
        Path program = unpack(directory);
        HttpServer zone = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        zone.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 4);
            exchange.getResponseBody().write("zone".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        zone.start();
        try (TomcatWithZone tomcat =
                new TomcatWithZone("http://127.0.0.1:" + zone.getAddress().getPort(), directory)) {
            Result local = run(program, tomcat.port(), "/local", directory.resolve("local.xml"));
            Result proxied = run(program, tomcat.port(), "/zone", directory.resolve("proxied.xml"));

            System.out.printf(
                    "h2spec: %d cases; failing locally %s, through the filter %s%n",
                    local.cases(), local.failed(), proxied.failed());
            assertThat(local.cases()).isGreaterThan(140);
            assertThat(proxied.cases()).isEqualTo(local.cases());
            Set<String> harmed = new TreeSet<>(proxied.failed());
            harmed.removeAll(local.failed());
            // Some cases race inside the container, and fail now and then in both ways.
            for (int attempt = 1; attempt <= RETRIES && !harmed.isEmpty(); attempt++) {
                Set<String> again = new TreeSet<>();
                for (String section : sections(harmed)) {
                    Path report = directory.resolve("again.xml");
                    again.addAll(run(program, tomcat.port(), "/zone", report, section)
                            .failed());
                }
                harmed.retainAll(again);
            }
            assertThat(harmed).isEmpty();
        } finally {
            zone.stop(0);
        }
    }

    private static Set<String> sections(Set<String> cases) {
        return cases.stream().map(name -> name.substring(0, name.indexOf(' '))).collect(Collectors.toSet());
    }

    private record Result(int cases, Set<String> failed) {}

    private static Result run(Path program, int port, String path, Path report, String... sections) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--path",
                path,
                "--timeout",
                "5",
                "--junit-report",
                report.toString()));
        command.addAll(List.of(sections));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        report.resolveSibling(report.getFileName() + ".log").toFile())
                .start();
        process.waitFor();
        // It quotes bytes of the protocol, which XML does not allow.
        String xml = Files.readString(report, StandardCharsets.ISO_8859_1).replaceAll("[^\\t\\r\\n\\x20-\\xff]", "?");
        Document document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        NodeList cases = document.getElementsByTagName("testcase");
        Set<String> failed = new TreeSet<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element found = (Element) cases.item(i);
            if (found.getElementsByTagName("failure").getLength() > 0
                    || found.getElementsByTagName("error").getLength() > 0) {
                failed.add(found.getAttribute("package") + " " + found.getAttribute("classname"));
            }
        }
        return new Result(cases.getLength(), failed);
    }

    private static Path unpack(Path directory) throws Exception {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        boolean intel = processor.equals("amd64") || processor.equals("x86_64");
        assumeTrue(
                intel && (system.contains("linux") || system.contains("mac")),
                "h2spec is at hand for Linux and macOS on x86-64, not for " + system + " on " + processor);
        Path archive = directory.resolve("h2spec.tar.gz");
        String name = "/h2spec/2.2.0/h2spec_" + (system.contains("mac") ? "darwin" : "linux") + "_amd64.tar.gz";
        try (InputStream packed = H2SpecIT.class.getResourceAsStream(name)) {
            Files.copy(packed, archive);
        }
        Process tar = new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", directory.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        return directory.resolve("h2spec");
    }
}
