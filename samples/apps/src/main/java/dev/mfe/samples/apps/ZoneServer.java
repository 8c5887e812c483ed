package dev.mfe.samples.apps;

import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.modeler.Registry;
import org.apache.tomcat.websocket.server.WsSci;

/** A zone that is being served on a port of this machine. */
public final class ZoneServer implements AutoCloseable {

    private final Tomcat tomcat;
    private final Path folder;

    private ZoneServer(Tomcat tomcat, Path folder) {
        this.tomcat = tomcat;
        this.folder = folder;
    }

    /**
     * Starts Tomcat.
     *
     * @param port 0 for any that is free
     * @param servlets by URL pattern
     * @param endpoints classes annotated as WebSocket endpoints
     */
    static ZoneServer start(int port, Map<String, HttpServlet> servlets, Set<Class<?>> endpoints) {
        // Several zones run in one process in tests, and would have the same names in JMX.
        Registry.disableRegistry();
        try {
            Path folder = Files.createTempDirectory("zone");
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(folder.toString());
            tomcat.setSilent(true);
            tomcat.setHostname("localhost");
            tomcat.setPort(port);
            tomcat.getConnector().setProperty("address", "localhost");
            Context context = tomcat.addContext("", null);
            servlets.forEach((pattern, servlet) -> {
                Wrapper wrapper = Tomcat.addServlet(context, pattern, servlet);
                wrapper.setAsyncSupported(true);
                wrapper.addMapping(pattern);
            });
            if (!endpoints.isEmpty()) {
                context.addServletContainerInitializer(new WsSci(), endpoints);
            }
            ZoneServer server = new ZoneServer(tomcat, folder);
            try {
                tomcat.start();
            } catch (LifecycleException e) {
                server.close();
                throw new IllegalStateException("Port " + port + " cannot be used: " + e.getMessage(), e);
            }
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where the zone is reached.
     *
     * @return scheme, host and port
     */
    public URI url() {
        return URI.create("http://localhost:" + tomcat.getConnector().getLocalPort());
    }

    /** Ends the zone and everything under way in it. Does nothing the second time. */
    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
            deleteFolder();
        } catch (LifecycleException | IOException e) {
            throw new IllegalStateException("The zone at " + url() + " cannot be stopped", e);
        }
    }

    private void deleteFolder() throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
