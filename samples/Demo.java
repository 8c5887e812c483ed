import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds and starts the sample shop with its two zones: {@code java samples/Demo.java}. Needs a JDK 17 or newer and nothing
 * else; the Maven wrapper fetches Maven.
 */
public final class Demo {

    private static final boolean WINDOWS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    private static final String ZONES = "samples/apps/target/zones.jar";
    private static final Shop SPRING_BOOT = new Shop("samples/shop-spring-boot", "target/shop-spring-boot.jar");
    private static final Shop QUARKUS = new Shop("samples/shop-quarkus", "target/quarkus-app/quarkus-run.jar");
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);

    /** How a process ends that got the same Ctrl-C as this one, and maybe a moment before it. */
    private static final int INTERRUPTED = 130;

    private static final String HELP = """
            java samples/Demo.java [options]

            Builds the sample shop and its two zones, and starts all three. Ctrl-C stops them.

              --quarkus              takes the shop on Quarkus, not the one on Spring Boot
              --shop-port=8080       the one port that you open in a browser
              --docs-port=3001       where the docs zone runs
              --checkout-port=3002   where the checkout zone runs
              --skip-build           starts what the last build left
              --rebuild-docs         has Vite build the docs zone again first (needs Node.js with npm)
              --help                 shows this
            """;

    /** The same shop, by what it is made with. */
    private record Shop(String module, String jar) {}

    private final Path root;
    private final Map<String, String> options;
    private final Shop shop;
    private final List<Process> running = new ArrayList<>();
    private final Map<String, Process> apps = new LinkedHashMap<>();
    private volatile boolean stopping;

    private Demo(Path root, Map<String, String> options) {
        this.root = root;
        this.options = options;
        this.shop = options.containsKey("--quarkus") ? QUARKUS : SPRING_BOOT;
    }

    public static void main(String[] args) throws Exception {
        Demo demo = new Demo(findRoot(), parse(args));
        // Ctrl-C, the end of the terminal and an error below all come past here.
        Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "stop"));
        System.exit(demo.run());
    }

    private static Map<String, String> parse(String[] args) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("--shop-port", "8080");
        options.put("--docs-port", "3001");
        options.put("--checkout-port", "3002");
        for (String arg : args) {
            String[] parts = arg.split("=", 2);
            switch (parts[0]) {
                case "--help", "-h" -> {
                    System.out.println(HELP);
                    System.exit(0);
                }
                case "--quarkus", "--skip-build", "--rebuild-docs" -> options.put(parts[0], "");
                case "--shop-port", "--docs-port", "--checkout-port" -> {
                    if (parts.length < 2 || !parts[1].matches("[1-9]\\d{0,4}") || Integer.parseInt(parts[1]) > 65535) {
                        throw exit(parts[0] + " needs a port from 1 to 65535, such as " + parts[0] + "=4000");
                    }
                    options.put(parts[0], parts[1]);
                }
                default -> throw exit("There is no option " + arg + ".\n\n" + HELP);
            }
        }
        return options;
    }

    private static Path findRoot() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("samples/Demo.java")) && Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw exit("Start the demo inside the repository: java samples/Demo.java");
    }

    private int run() throws Exception {
        if (!portsAreFree()) {
            return 1;
        }
        if (options.containsKey("--rebuild-docs")) {
            rebuildDocs();
        } else {
            say("docs zone: as Vite built it for the repository (samples/apps/docs/dist), so Node.js is not needed");
        }
        if (!options.containsKey("--skip-build")) {
            build();
        }
        start();
        guide();
        // Without a zone the site goes on, and that is worth a look. Ctrl-C ends us inside the wait.
        for (String zone : List.of("docs", "checkout")) {
            apps.get(zone).onExit().thenRun(() -> {
                if (!stopping) {
                    say("the " + zone + " zone has ended; to start it again, in another terminal: java -jar " + ZONES
                            + " " + zone + " " + port(zone));
                }
            });
        }
        int code = apps.get("shop").waitFor();
        if (stopping || code == INTERRUPTED) {
            Thread.sleep(STOP_LIMIT.toMillis()); // The hook ends us.
        }
        say("the shop has ended with code " + code + ", see above");
        return 1;
    }

    // Ports

    private boolean portsAreFree() {
        List<String> taken = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (String option : List.of("--shop-port", "--docs-port", "--checkout-port")) {
            String port = options.get(option);
            if (seen.contains(port)) {
                taken.add("Port " + port + " was given twice. Choose another: " + option + "=<port>");
            } else if (!isFree(Integer.parseInt(port))) {
                taken.add("Port " + port + " is in use by another program, or not allowed. Choose another: " + option
                        + "=" + suggestion(Integer.parseInt(port)));
            }
            seen.add(port);
        }
        taken.forEach(System.err::println);
        return taken.isEmpty();
    }

    private static boolean isFree(int port) {
        // Something may listen on one kind of address only, where binding the other would succeed.
        for (String host : List.of("127.0.0.1", "::1")) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port), 500);
                return false;
            } catch (IOException nobodyThere) {
                // as wanted
            }
        }
        try (ServerSocket socket = new ServerSocket()) {
            // Or a port that a demo has just left would count as taken for minutes.
            socket.setReuseAddress(!WINDOWS);
            socket.bind(new InetSocketAddress((InetAddress) null, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int suggestion(int port) {
        for (int other = port + 10; other < 65536; other += 10) {
            if (isFree(other)) {
                return other;
            }
        }
        return 4000;
    }

    // Building

    private void rebuildDocs() throws Exception {
        Path docs = root.resolve("samples/apps/docs");
        String npm = WINDOWS ? "npm.cmd" : "npm";
        for (List<String> step : List.of(List.of("ci", "--no-fund", "--no-audit"), List.of("run", "build"))) {
            List<String> command = new ArrayList<>(WINDOWS ? List.of("cmd", "/c", npm) : List.of(npm));
            command.addAll(step);
            Process process;
            try {
                process = launch("vite", docs, command, Map.of(), line -> print("vite", line));
            } catch (IOException e) {
                throw exit("--rebuild-docs needs Node.js 20.19 or newer with npm, and there is no npm on the PATH.\n"
                        + "Leave the option out: the docs zone is in the repository as Vite built it.");
            }
            if (process.waitFor() != 0) {
                throw exit("npm " + step.get(0) + " failed, see above");
            }
            forget(process);
        }
    }

    private void build() throws Exception {
        say("building (the first time Maven downloads about 100 MB; after that it takes a minute)");
        List<String> command = new ArrayList<>(WINDOWS ? List.of("cmd", "/c", "mvnw.cmd") : List.of("sh", "mvnw"));
        command.addAll(List.of(
                "-B",
                "-Dmaven.test.skip=true",
                "-Dstyle.color=never",
                "-pl",
                "samples/apps," + shop.module(),
                "-am",
                "package"));
        BuildProgress progress = new BuildProgress();
        long begun = System.nanoTime();
        Process maven =
                launch("build", root, command, Map.of("JAVA_HOME", javaHome().toString()), progress::line);
        int code = maven.waitFor();
        forget(maven);
        if (stopping || code == INTERRUPTED) {
            Thread.sleep(STOP_LIMIT.toMillis()); // The hook ends us.
        }
        if (code != 0) {
            progress.everything().forEach(System.err::println);
            throw exit("The build failed, see above");
        }
        say("built in " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) + " s");
    }

    /** Shows what Maven is at and how much it has downloaded, and keeps the rest for when something goes wrong. */
    private static final class BuildProgress {

        private static final Pattern MODULE = Pattern.compile("\\[INFO] Building (mfe.*?) +(\\[\\d+/\\d+])");
        private static final Pattern STEP = Pattern.compile("\\[INFO] --- [a-z-]+:\\S+ .*");

        private final List<String> lines = new ArrayList<>();
        private int downloads;

        synchronized void line(String line) {
            Matcher module = MODULE.matcher(line);
            if (line.startsWith("[INFO] Downloaded from ")) {
                downloads++;
                if (downloads % 50 == 0) {
                    print("build", "  " + downloads + " files downloaded");
                }
            } else if (module.matches()) {
                print("build", module.group(2) + " " + module.group(1));
            } else if (STEP.matcher(line).matches()) {
                lines.clear(); // Nobody needs the output of a step that went well.
                if (line.contains(":compile ")) {
                    print("build", "  compiling");
                }
            }
            if (!line.startsWith("[INFO] Download")) {
                lines.add(line);
            }
        }

        synchronized List<String> everything() {
            return List.copyOf(lines);
        }
    }

    // Running

    private void start() throws Exception {
        String shopJar = shop.module() + "/" + shop.jar();
        for (String jar : List.of(ZONES, shopJar)) {
            if (!Files.exists(root.resolve(jar))) {
                throw exit(jar + " is missing; start the demo without --skip-build");
            }
        }
        String java = javaHome().resolve(WINDOWS ? "bin/java.exe" : "bin/java").toString();
        say("starting the docs zone on port " + port("docs") + ", the checkout zone on port " + port("checkout")
                + " and the shop on port " + port("shop"));
        List<String> zone = List.of(java, "-Xmx128m", "-XX:TieredStopAtLevel=1", "-jar", ZONES);
        app("docs", concat(zone, "docs", port("docs")), Map.of());
        app("checkout", concat(zone, "checkout", port("checkout")), Map.of());
        app(
                "shop",
                List.of(java, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-jar", shopJar),
                Map.of(
                        "PORT", port("shop"),
                        "DOCS_URL", "http://localhost:" + port("docs"),
                        "CHECKOUT_URL", "http://localhost:" + port("checkout"),
                        "LOGGING_PATTERN_CONSOLE", "%-5level %msg%n",
                        "QUARKUS_LOG_CONSOLE_FORMAT", "%-5p %s%e%n"));
        for (String name : List.of("docs", "checkout", "shop")) {
            awaitAnswer(name);
        }
    }

    private void app(String name, List<String> command, Map<String, String> environment) throws IOException {
        apps.put(name, launch(name, root, command, environment, line -> print(name, line)));
    }

    private void awaitAnswer(String name) throws Exception {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < end) {
            try {
                URL url = URI.create("http://localhost:" + port(name) + "/favicon.svg")
                        .toURL();
                HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
                connection.setConnectTimeout(1000);
                connection.setReadTimeout(5000);
                connection.getResponseCode();
                return;
            } catch (IOException notYet) {
                if (!running.stream().allMatch(Process::isAlive)) {
                    throw exit("One of the three did not start, see above");
                }
                Thread.sleep(200);
            }
        }
        throw exit("The " + name + " app did not answer on port " + port(name) + " within " + START_LIMIT.toMinutes()
                + " minutes");
    }

    private void guide() {
        String shop = "http://localhost:" + port("shop");
        System.out.println(
                """

                Everything runs. Open %1$s and look at the foot of each page: it says which app it comes from.

                  1. "Guide" is the docs zone. Going from page to page in there loads no document.
                  2. "Brewing" is the old page for one half of all visitors, and the docs zone's for the other half.
                     You stay on your side; a private window may land on the other.
                  3. Put a tea in the cart and go to the checkout. You have to log in, because the shop says so:
                       bob / password   gets the old checkout, a page of the shop
                       ada / password   gets the new one, a zone with a chat (WebSocket) and, after the order,
                                        a parcel to follow (event stream)
                  4. End the checkout zone (process %2$d) and load ada's checkout again: the old one answers.
                     The docs zone is process %3$d.

                Without a browser:

                  curl -si %1$s/docs -b VERCEL_MFE_DEBUG=1 | grep -i x-vercel
                  curl -s %1$s/brewing-guide | grep "comes from"        (a new visitor each time)
                  curl -si %1$s/checkout | grep -i -E "^HTTP|location"   (protected by the shop's login)
                  curl -s %1$s/.well-known/vercel/microfrontends/client-config

                Ctrl-C stops all three.
                """.formatted(shop, apps.get("checkout").pid(), apps.get("docs").pid()));
    }

    // Processes

    private synchronized Process launch(
            String name, Path folder, List<String> command, Map<String, String> environment, Consumer<String> output)
            throws IOException {
        if (stopping) {
            throw exit("Stopped");
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        running.add(process);
        process.getOutputStream().close();
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader lines = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
                        lines.lines().forEach(output);
                    } catch (IOException | UncheckedIOException e) {
                        // It has ended.
                    }
                },
                name + " output");
        reader.setDaemon(true);
        reader.start();
        return process;
    }

    private synchronized void forget(Process process) {
        running.remove(process);
    }

    private void stop() {
        List<ProcessHandle> all = new ArrayList<>();
        synchronized (this) {
            stopping = true;
            // A wrapper script has Maven as its child, and killing a script leaves its children.
            for (Process process : running) {
                process.descendants().forEach(all::add);
                all.add(process.toHandle());
            }
        }
        if (all.stream().noneMatch(ProcessHandle::isAlive)) {
            return;
        }
        say("stopping");
        all.forEach(ProcessHandle::destroy);
        long end = System.nanoTime() + STOP_LIMIT.toNanos();
        for (ProcessHandle process : all) {
            try {
                process.onExit().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (Exception tooSlow) {
                process.destroyForcibly();
            }
        }
        say("stopped");
    }

    private static Path javaHome() {
        Path home = Path.of(System.getProperty("java.home"));
        if (!Files.exists(home.resolve(WINDOWS ? "bin/javac.exe" : "bin/javac"))) {
            throw exit("A JDK is needed, and " + home + " is a Java runtime without a compiler");
        }
        return home;
    }

    private String port(String name) {
        return options.get("--" + name + "-port");
    }

    private static List<String> concat(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(Arrays.asList(more));
        return all;
    }

    // Console

    private static void say(String line) {
        print("demo", line);
    }

    private static void print(String name, String line) {
        PrintStream out = System.out;
        synchronized (out) {
            out.printf("%-8s │ %s%n", name, line);
        }
    }

    private static RuntimeException exit(String message) {
        System.err.println(message);
        System.exit(1);
        return new IllegalStateException(message);
    }
}
