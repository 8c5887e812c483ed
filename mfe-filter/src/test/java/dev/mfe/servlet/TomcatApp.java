package dev.mfe.servlet;

import dev.mfe.config.MicrofrontendsConfig;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.http.fileupload.FileUtils;
import org.jspecify.annotations.Nullable;

/** A local app in Tomcat with the filter in front, on a port of the system's choice. */
final class TomcatApp implements AutoCloseable {

    private final Path directory;
    private final Tomcat tomcat = new Tomcat();
    private final MicrofrontendsFilter filter;

    private TomcatApp(
            MicrofrontendsFilter filter,
            HttpServlet local,
            Map<String, Filter> outer,
            String contextPath,
            @Nullable Executor executor)
            throws IOException, LifecycleException {
        this.filter = filter;
        directory = Files.createTempDirectory("tomcat-app");
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        // By default it asks for every body before anybody wants it.
        tomcat.getConnector().setProperty("continueResponseTiming", "onRead");
        if (executor != null) {
            tomcat.getConnector().getProtocolHandler().setExecutor(executor);
        }
        tomcat.getConnector().addUpgradeProtocol(new Http2Protocol());
        tomcat.setSilent(true);
        Context context = tomcat.addContext(contextPath, directory.toString());
        if (context instanceof StandardContext standard) {
            // Both look into the JDK, which does not let them, and complain about that.
            standard.setClearReferencesRmiTargets(false);
            standard.setClearReferencesThreadLocals(false);
        }
        Wrapper servlet = Tomcat.addServlet(context, "local", local);
        servlet.setAsyncSupported(true);
        servlet.addMapping("/");
        outer.forEach((name, added) -> add(context, name, added));
        add(context, "microfrontends", filter);
        tomcat.start();
    }

    private static void add(Context context, String name, Filter filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName(name);
        definition.setFilter(filter);
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName(name);
        map.addURLPattern("/*");
        map.setDispatcher(DispatcherType.REQUEST.name());
        map.setDispatcher(DispatcherType.ASYNC.name());
        context.addFilterMap(map);
    }

    /** A builder for a site where the zone {@code docs} owns {@code /docs} and below. */
    static MicrofrontendsFilter.Builder docsAt(String url) {
        return MicrofrontendsFilter.builder()
                .config(MicrofrontendsConfig.parse("microfrontends.json", """
                        {"applications": {
                          "web": {"development": {"fallback": "web.example.com"}},
                          "docs": {"routing": [{"paths": ["/docs", "/docs/:path*"]}]}}}
                        """))
                .property("mfe.zones.docs.url", url);
    }

    static TomcatApp start(MicrofrontendsFilter.Builder builder) throws IOException, LifecycleException {
        return start(builder, Map.of());
    }

    static TomcatApp start(MicrofrontendsFilter.Builder builder, Map<String, Filter> outer)
            throws IOException, LifecycleException {
        return new TomcatApp(builder.build(), new Local(), outer, "", null);
    }

    /** With threads of the test's own. */
    static TomcatApp start(MicrofrontendsFilter.Builder builder, Executor executor)
            throws IOException, LifecycleException {
        return new TomcatApp(builder.build(), new Local(), Map.of(), "", executor);
    }

    static TomcatApp start(
            MicrofrontendsFilter.Builder builder, HttpServlet local, Map<String, Filter> outer, String contextPath)
            throws IOException, LifecycleException {
        return new TomcatApp(builder.build(), local, outer, contextPath, null);
    }

    MicrofrontendsFilter filter() {
        return filter;
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() throws IOException, LifecycleException {
        tomcat.stop();
        tomcat.destroy();
        FileUtils.deleteDirectory(directory.toFile());
    }

    /** Says how it was called. */
    private static final class Local extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain");
            response.getOutputStream().print("local " + request.getDispatcherType() + " " + request.getRequestURI());
        }
    }
}
