package dev.mfe.samples.plain;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;

/** Starts the app and its two zones, until Ctrl-C. */
final class Run {

    private Run() {}

    /**
     * Starts everything.
     *
     * @param args none
     * @throws Exception when something does not start
     */
    public static void main(String... args) throws Exception {
        int port = Integer.getInteger("port", 8080);
        TinyZone docs = TinyZone.start("docs", 0);
        TinyZone shop = TinyZone.start("shop", 0);
        // As if the environment said so; mfe.properties asks for both.
        System.setProperty("DOCS_URL", docs.url());
        System.setProperty("SHOP_URL", shop.url());
        WarInTomcat app;
        try {
            app = WarInTomcat.start(Path.of(System.getProperty("sample.war")), port);
        } catch (IOException | LifecycleException e) {
            System.err.println("The app did not start on port " + port + ": " + rootCause(e)
                    + ". Where the port is taken, choose another with -Dport=8081");
            System.exit(1);
            return;
        }
        System.out.printf("""

                %1$s is up, with its docs zone at %2$s and its shop zone at %3$s. Try

                  curl %1$s/             the local app
                  curl %1$s/docs/intro   the docs zone
                  curl %1$s/shop/shoes   the shop zone
                  curl %1$s/checkout     the local app; start again with NEW_CHECKOUT=true in the environment: the shop zone

                Ctrl-C stops everything.
                """, app.url(), docs.url(), shop.url());
        Thread.currentThread().join();
    }

    private static String rootCause(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
