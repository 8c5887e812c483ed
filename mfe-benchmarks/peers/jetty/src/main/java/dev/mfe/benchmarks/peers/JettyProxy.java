package dev.mfe.benchmarks.peers;

import java.io.IOException;
import org.eclipse.jetty.ee10.proxy.AsyncProxyServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The servlet in Jetty, with as many connections to the zone as are wanted. */
public final class JettyProxy {

    private JettyProxy() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments the port of the zone
     * @throws Exception when Jetty does not start, or standard input fails
     */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setAcceptQueueSize(1024);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder servlet = new ServletHolder(AsyncProxyServlet.Transparent.class);
        servlet.setInitParameter("proxyTo", "http://127.0.0.1:" + arguments[0] + "/docs");
        servlet.setInitParameter("prefix", "/docs");
        servlet.setInitParameter("maxConnections", "1024");
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/docs/*");
        server.setHandler(context);
        server.start();
        System.out.println("port " + connector.getLocalPort());
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            System.err.println("Standard input: " + e);
        }
        System.exit(0);
    }
}
