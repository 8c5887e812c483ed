package dev.mfe.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what can take part on this machine, and says what is missing. */
final class Contestants {

    static final String MFE = "mfe filter in Tomcat 11";
    static final String MFE_LARGE_BUFFERS = "the same, Tomcat with 64 KB direct buffers";
    static final String MFE_FEW_THREADS = "the same, Tomcat with 16 threads";
    static final String MFE_QUARKUS = "mfe extension in Quarkus";
    static final String TOMCAT = "Tomcat 11 alone, no proxy";
    static final String LOCAL = "Tomcat 11 with the filter, local page";
    static final String NGINX = "nginx, 1 worker";

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path module;
    private final Path work;
    private final List<String> missing = new ArrayList<>();

    Contestants(Path work) throws IOException {
        this.work = work;
        this.module = module();
    }

    /** The folder of the module, from where its jar is: {@code target/benchmarks.jar}. */
    static Path module() {
        try {
            Path jar = Path.of(Contestants.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return jar.resolve("../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Where this program lies cannot be told", e);
        }
    }

    /** Tells the parent process where it can be reached, and ends this process when the parent has gone. */
    static void started(int port) {
        System.out.println("port " + port);
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {}
                    } catch (IOException e) {
                        System.err.println("Standard input: " + e);
                    }
                    Runtime.getRuntime().halt(0);
                },
                "end-with-parent");
        watch.setDaemon(true);
        watch.start();
    }

    /** The command for a main class of this module. */
    List<String> own(Class<?> main, String... arguments) {
        Path jar = module.resolve("target/benchmarks.jar");
        return java(jar.toString(), main.getName(), arguments);
    }

    private static List<String> java(String classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx512m", "-cp", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }

    /** All of them, those that cannot start left out. */
    List<Contestant> find(int originPort) throws IOException {
        String origin = Integer.toString(originPort);
        List<Contestant> found = new ArrayList<>();
        Contestant nginx = nginx(originPort);
        if (nginx != null) {
            found.add(nginx);
        }
        found.add(new Contestant(TOMCAT, "/bare/", false, own(TomcatContestant.class, "alone", origin), 0));
        found.add(new Contestant(LOCAL, "/page/", false, own(TomcatContestant.class, "filter", origin), 0));
        found.add(new Contestant(MFE, "/docs/", true, own(TomcatContestant.class, "filter", origin), 0));
        found.add(new Contestant(
                MFE_LARGE_BUFFERS, "/docs/", false, own(TomcatContestant.class, "large-buffers", origin), 0));
        found.add(new Contestant(
                MFE_FEW_THREADS, "/docs/", false, own(TomcatContestant.class, "few-threads", origin), 0));
        quarkus(found, origin);
        peer(found, "Vert.x http-proxy", "vertx", "dev.mfe.benchmarks.peers.VertxProxy", origin);
        peer(found, "MITRE HTTP-Proxy-Servlet, Tomcat 11", "mitre", "dev.mfe.benchmarks.peers.MitreProxy", origin);
        peer(found, "Jetty AsyncProxyServlet", "jetty", "dev.mfe.benchmarks.peers.JettyProxy", origin);
        String gateway = "dev.mfe.benchmarks.peers.SpringGateway";
        peer(found, "Spring Cloud Gateway MVC, Apache client", "spring", gateway, origin, "http-components");
        peer(found, "Spring Cloud Gateway MVC, JDK client", "spring", gateway, origin, "jdk");
        return found;
    }

    /** What does not take part, and what to do about it. */
    List<String> missing() {
        return List.copyOf(missing);
    }

    private void peer(List<Contestant> found, String name, String folder, String main, String... arguments) {
        Path target = module.resolve("peers").resolve(folder).resolve("target");
        Path jar = target.resolve("peer.jar");
        if (Files.exists(jar)) {
            String classPath = jar + ":" + target.resolve("lib") + "/*";
            found.add(new Contestant(name, "/docs/", false, java(classPath, main, arguments), 0));
        } else {
            missing.add(name + ": not built; run ./mvnw package -DskipTests -Ppeers");
        }
    }

    private void quarkus(List<Contestant> found, String originPort) {
        Path jar = module.resolve("peers/quarkus/target/quarkus-app/quarkus-run.jar");
        if (Files.exists(jar)) {
            String zone = "http://127.0.0.1:" + originPort;
            found.add(new Contestant(
                    MFE_QUARKUS,
                    "/docs/",
                    false,
                    List.of(
                            JAVA,
                            "-Xmx512m",
                            "-Dquarkus.mfe.zones.docs.url=" + zone,
                            "-Dquarkus.mfe.zones.shop.url=" + zone,
                            "-jar",
                            jar.toString()),
                    0));
        } else {
            missing.add(MFE_QUARKUS + ": not built; run ./mvnw package -DskipTests -Ppeers");
        }
    }

    private @Nullable Contestant nginx(int originPort) throws IOException {
        String program = program("nginx");
        if (program == null) {
            missing.add(NGINX + ": no program nginx on the PATH or in /usr/sbin; ratios to it are left out");
            return null;
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path folder = Files.createDirectories(work.resolve("nginx"));
        Path config = folder.resolve("nginx.conf");
        Files.writeString(config, nginxConfig(folder, port, originPort));
        List<String> command = List.of(
                program,
                "-p",
                folder.toString(),
                "-e",
                folder.resolve("error.log").toString(),
                "-c",
                config.toString());
        return new Contestant(NGINX, "/docs/", true, command, port);
    }

    /** As one would set it up: connections to the zone are kept, its fields tell the client's address, no log. */
    private static String nginxConfig(Path folder, int port, int originPort) {
        return """
                daemon off;
                worker_processes 1;
                pid FOLDER/nginx.pid;
                events { worker_connections 8192; }
                http {
                  access_log off;
                  client_body_temp_path FOLDER/client_body;
                  proxy_temp_path FOLDER/proxy;
                  fastcgi_temp_path FOLDER/fastcgi;
                  uwsgi_temp_path FOLDER/uwsgi;
                  scgi_temp_path FOLDER/scgi;
                  keepalive_requests 1000000000;
                  upstream zone {
                    server 127.0.0.1:ORIGIN;
                    keepalive 512;
                    keepalive_requests 1000000000;
                  }
                  server {
                    listen 127.0.0.1:PORT backlog=4096;
                    location / {
                      proxy_pass http://zone;
                      proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_set_header X-Forwarded-For $remote_addr;
                      proxy_set_header X-Forwarded-Host $host;
                      proxy_set_header X-Forwarded-Proto $scheme;
                      proxy_max_temp_file_size 0;
                    }
                    location = /docs/events {
                      proxy_pass http://zone;
                      proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_buffering off;
                    }
                  }
                }
                """.replace("FOLDER", folder.toString())
                .replace("ORIGIN", Integer.toString(originPort))
                .replace("PORT", Integer.toString(port));
    }

    /** Where a program is, or null. */
    static @Nullable String program(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
        for (String folder : path.split(":", -1)) {
            Path file = Path.of(folder, name);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return null;
    }

    /** Runs a program and takes everything it says. */
    static String output(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
