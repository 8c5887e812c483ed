package dev.mfe.samples.apps;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts one zone from the command line. */
public final class Zones {

    // Loggers that nobody holds are forgotten, and their level with them.
    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    private Zones() {}

    /**
     * Starts a zone and runs until the process is ended.
     *
     * @param args {@code docs} or {@code checkout}, then the port
     */
    public static void main(String[] args) {
        if (args.length != 2 || !args[1].matches("\\d{1,5}")) {
            fail("Usage: java -jar zones.jar docs|checkout <port>");
        }
        TOMCAT.setLevel(Level.WARNING);
        int port = Integer.parseInt(args[1]);
        ZoneServer server = switch (args[0]) {
            case "docs" -> DocsZone.start(port);
            case "checkout" -> CheckoutZone.start(port, Duration.ofSeconds(2));
            default -> throw fail("There is no zone \"" + args[0] + "\"; start docs or checkout");
        };
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("The " + args[0] + " zone listens on " + server.url());
    }

    private static IllegalArgumentException fail(String message) {
        System.err.println(message);
        System.exit(2);
        return new IllegalArgumentException(message);
    }
}
