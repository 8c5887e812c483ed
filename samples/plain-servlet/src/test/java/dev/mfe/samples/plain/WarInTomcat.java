package dev.mfe.samples.plain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;

/** The WAR as Maven packed it, in an embedded Tomcat. */
final class WarInTomcat implements AutoCloseable {

    private final Tomcat tomcat;

    private WarInTomcat(Tomcat tomcat) {
        this.tomcat = tomcat;
    }

    /**
     * Starts it.
     *
     * @param war the WAR, in a folder that may be written to
     * @param port where, or 0 for any that is free
     * @throws LifecycleException when the port is taken or the app does not start
     */
    static WarInTomcat start(Path war, int port) throws IOException, LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createDirectories(war.resolveSibling("tomcat/webapps"))
                .getParent()
                .toString());
        tomcat.setPort(port);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setThrowOnFailure(true);
        // Tomcat's defaults want its JSP compiler; static files are enough here.
        tomcat.setAddDefaultWebXmlToWebapp(false);
        StandardContext app = (StandardContext) tomcat.addWebapp("", war.toString());
        Tomcat.addServlet(app, "default", new DefaultServlet()).addMapping("/");
        app.addWelcomeFile("index.html");
        app.setParentClassLoader(Tomcat.class.getClassLoader());
        tomcat.start();
        if (app.getState() != LifecycleState.STARTED) {
            tomcat.stop();
            throw new LifecycleException("The app did not start; the log above says why.");
        }
        return new WarInTomcat(tomcat);
    }

    String url() {
        return "http://localhost:" + tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }
}
