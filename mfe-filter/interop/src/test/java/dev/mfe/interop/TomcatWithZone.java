package dev.mfe.interop;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Tomcat 11, HTTP/1.1 and HTTP/2 without TLS, whose paths all belong to one zone but for {@code /local}. */
final class TomcatWithZone implements AutoCloseable {

    private final Tomcat tomcat = new Tomcat();

    /**
     * Starts it on a free port.
     *
     * @param zone the URL of the zone
     * @param directory for Tomcat's own files
     */
    TomcatWithZone(String zone, Path directory) throws LifecycleException {
        MicrofrontendsConfig config = MicrofrontendsConfig.parse("microfrontends.json", """
                {"applications": {
                  "web": {"development": {"fallback": "web.example.com"}},
                  "zone": {"routing": [{"paths": ["/:path((?!local).*)"]}]}}}
                """);
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().addUpgradeProtocol(http2());
        Context context = tomcat.addContext("", directory.toString());
        Wrapper servlet = Tomcat.addServlet(context, "local", new Local());
        servlet.setAsyncSupported(true);
        servlet.addMapping("/");
        FilterDef definition = new FilterDef();
        definition.setFilterName("microfrontends");
        definition.setFilter(MicrofrontendsFilter.builder()
                .config(config)
                .property("mfe.zones.zone.url", zone)
                .build());
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName("microfrontends");
        map.addURLPattern("/*");
        map.setDispatcher(DispatcherType.REQUEST.name());
        map.setDispatcher(DispatcherType.ASYNC.name());
        context.addFilterMap(map);
        tomcat.start();
    }

    /**
     * Without what Tomcat does of its own accord: h2spec takes its pings for answers, and its guard against floods hits
     * h2spec.
     */
    private static Http2Protocol http2() {
        Http2Protocol http2 = new Http2Protocol();
        http2.setInitiatePingDisabled(true);
        http2.setOverheadContinuationThreshold(0);
        http2.setOverheadDataThreshold(0);
        http2.setOverheadWindowUpdateThreshold(0);
        http2.setOverheadCountFactor(0);
        return http2;
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /** Reads whatever it is sent and answers five bytes. */
    private static final class Local extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getInputStream().skip(Long.MAX_VALUE);
            response.setContentType("text/plain");
            response.setContentLength(5);
            response.getOutputStream().print("local");
        }
    }
}
