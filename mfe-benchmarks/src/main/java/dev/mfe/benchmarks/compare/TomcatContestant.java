package dev.mfe.benchmarks.compare;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/**
 * Tomcat with the filter and without. {@code /docs} belongs to the zone; {@code /page} is the local app's, behind the
 * filter; {@code /bare} is the local app's where no filter is.
 */
final class TomcatContestant {

    private static final String SITE = """
            {"applications": {
              "web": {"development": {"fallback": "www.example.com"}},
              "docs": {"routing": [{"paths": ["/docs", "/docs/:path*", "/changelog", "/changelog/:year/:slug"]}]},
              "shop": {"routing": [{"paths": ["/shop", "/shop/:path*", "/cart", "/checkout/:step", "/offers/:path*"]}]}}}
            """;

    private TomcatContestant() {}

    /**
     * Takes {@code filter}, {@code large-buffers} or {@code few-threads} (with the filter) or {@code alone}, and the port of
     * the origin.
     */
    public static void main(String[] arguments) throws IOException, LifecycleException {
        Path directory = Files.createTempDirectory("mfe-benchmark");
        directory.toFile().deleteOnExit();
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        if (arguments[0].equals("large-buffers")) {
            // Tomcat writes through a buffer of 8 KB otherwise, a system call each time.
            tomcat.getConnector().setProperty("socket.appWriteBufSize", "65536");
            tomcat.getConnector().setProperty("socket.directBuffer", "true");
        }
        if (arguments[0].equals("few-threads")) {
            // 200 otherwise, as many of which are started as requests come at a time.
            tomcat.getConnector().setProperty("maxThreads", "16");
        }
        Context context = tomcat.addContext("", directory.toString());
        Wrapper servlet = Tomcat.addServlet(context, "local", new LocalApp());
        servlet.setAsyncSupported(true);
        servlet.addMapping("/");
        if (!arguments[0].equals("alone")) {
            addFilter(context, arguments[1]);
        }
        tomcat.start();
        Contestants.started(tomcat.getConnector().getLocalPort());
        tomcat.getServer().await();
    }

    private static void addFilter(Context context, String originPort) {
        FilterDef definition = new FilterDef();
        definition.setFilterName("microfrontends");
        definition.setFilter(MicrofrontendsFilter.builder()
                .config(MicrofrontendsConfig.parse("microfrontends.json", SITE))
                .property("mfe.zones.docs.url", "http://127.0.0.1:" + originPort)
                .property("mfe.zones.docs.max-in-flight", "4096")
                .property("mfe.zones.shop.url", "http://127.0.0.1:" + originPort)
                .build());
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName("microfrontends");
        map.addURLPattern("/docs/*");
        map.addURLPattern("/page/*");
        map.setDispatcher(DispatcherType.REQUEST.name());
        map.setDispatcher(DispatcherType.ASYNC.name());
        context.addFilterMap(map);
    }

    /** Answers what the origin would. */
    private static final class LocalApp extends HttpServlet {
        private final Map<Page, byte[]> bodies = new EnumMap<>(Page.class);

        LocalApp() {
            for (Page page : Page.values()) {
                bodies.put(page, page.body());
            }
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            byte[] body = bodies.get(Page.atEndOf(request.getRequestURI()));
            if (body != null) {
                response.setContentType(Page.CONTENT_TYPE);
                response.setHeader("Cache-Control", Page.CACHE_CONTROL);
                response.setHeader("ETag", Page.ETAG);
                response.setHeader("Last-Modified", Page.LAST_MODIFIED);
                response.setContentLength(body.length);
                response.getOutputStream().write(body);
            }
        }
    }
}
