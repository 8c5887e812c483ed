package dev.mfe.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.mitre.dsmiley.httpproxy.ProxyServlet;

/** The servlet in Tomcat, with as many connections to the zone as are wanted. */
public final class MitreProxy {

    private MitreProxy() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments the port of the zone
     * @throws IOException when there is no temporary folder, or standard input fails
     * @throws LifecycleException when Tomcat does not start
     */
    public static void main(String[] arguments) throws IOException, LifecycleException {
        Path directory = Files.createTempDirectory("mfe-benchmark");
        directory.toFile().deleteOnExit();
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        Context context = tomcat.addContext("", directory.toString());
        Wrapper servlet = Tomcat.addServlet(context, "proxy", new ProxyServlet());
        servlet.addInitParameter(ProxyServlet.P_TARGET_URI, "http://127.0.0.1:" + arguments[0] + "/docs");
        servlet.addInitParameter(ProxyServlet.P_MAXCONNECTIONS, "1024");
        servlet.addInitParameter(ProxyServlet.P_LOG, "false");
        servlet.addMapping("/docs/*");
        tomcat.start();
        System.out.println("port " + tomcat.getConnector().getLocalPort());
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
