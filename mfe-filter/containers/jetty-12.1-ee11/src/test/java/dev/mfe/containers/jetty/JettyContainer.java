package dev.mfe.containers.jetty;

import dev.mfe.contract.Capability;
import dev.mfe.contract.ContainerUnderTest;
import dev.mfe.contract.Site;
import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** Jetty in this JVM, with the EE 11 servlet environment. */
final class JettyContainer implements ContainerUnderTest {

    private @Nullable Server server;

    @Override
    public String name() {
        return "Jetty " + Server.getVersion() + " EE 11";
    }

    @Override
    public Set<Capability> lacks() {
        return EnumSet.of(Capability.ENCODED_PERCENT, Capability.TYPE_WITHOUT_CHARSET);
    }

    @Override
    public int start(Site site) throws Exception {
        // One thread accepts and one selects.
        QueuedThreadPool threads = new QueuedThreadPool(site.threads() + 2);
        Server created = new Server(threads);
        server = created;
        ServerConnector connector = new ServerConnector(created, 1, 1);
        connector.setHost("127.0.0.1");
        created.addConnector(connector);

        ServletContextHandler context = new ServletContextHandler(ServletContextHandler.SESSIONS);
        context.setContextPath(site.contextPath().isEmpty() ? "/" : site.contextPath());
        ServletHolder localApp = new ServletHolder("local", site.localApp());
        localApp.setAsyncSupported(true);
        localApp.getRegistration().setMultipartConfig(new MultipartConfigElement(""));
        context.addServlet(localApp, "/");
        for (Filter earlier : site.earlierFilters()) {
            addFilter(context, earlier, site.async(), site);
        }
        addFilter(context, site.filter(), true, site);
        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        for (int status : site.errorPageStatuses()) {
            errors.addErrorPage(status, site.errorPage());
        }
        context.setErrorHandler(errors);
        if (site.relaxedTargets()) {
            UriCompliance compliance = UriCompliance.from(EnumSet.of(Violation.AMBIGUOUS_PATH_ENCODING));
            connector
                    .getConnectionFactory(HttpConnectionFactory.class)
                    .getHttpConfiguration()
                    .setUriCompliance(compliance);
            context.getServletHandler().setDecodeAmbiguousURIs(true);
        }
        created.setHandler(site.compression() ? compressing(context) : context);
        created.start();
        return connector.getLocalPort();
    }

    @SuppressWarnings("removal") // Its successor needs another artifact, and 12.0 does not have it.
    private static Handler compressing(Handler handler) {
        return new org.eclipse.jetty.server.handler.gzip.GzipHandler(handler);
    }

    private static void addFilter(ServletContextHandler context, Filter filter, boolean async, Site site) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(async);
        context.addFilter(holder, "/*", EnumSet.copyOf(site.dispatcherTypes()));
    }

    @Override
    public void stop() throws Exception {
        if (server != null) {
            server.stop();
        }
    }
}
