package dev.mfe.containers.tomcat;

import dev.mfe.contract.Capability;
import dev.mfe.contract.ContainerUnderTest;
import dev.mfe.contract.Site;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardVirtualThreadExecutor;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Tomcat in this JVM. */
final class TomcatContainer implements ContainerUnderTest {

    private final boolean virtualThreads;
    private final Tomcat tomcat = new Tomcat();
    private boolean started;

    TomcatContainer(boolean virtualThreads) {
        this.virtualThreads = virtualThreads;
    }

    @Override
    public String name() {
        return ServerInfo.getServerInfo().replace("Apache Tomcat/", "Tomcat ")
                + (virtualThreads ? " with virtual threads" : "");
    }

    @Override
    public Set<Capability> lacks() {
        return EnumSet.of(Capability.REQUEST_TRAILERS, Capability.VERBATIM_CONTENT_TYPE);
    }

    @Override
    public int start(Site site) throws Exception {
        started = true;
        Path base = Files.createDirectories(Path.of("target", "tomcat"));
        tomcat.setBaseDir(base.toString());
        Connector connector = new Connector("HTTP/1.1");
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxThreads", Integer.toString(site.threads()));
        // By default 100 (Continue) is sent before anybody has asked for the body.
        connector.setProperty("continueResponseTiming", "onRead");
        if (site.relaxedTargets()) {
            connector.setProperty("relaxedPathChars", "[]|");
            connector.setProperty("relaxedQueryChars", "[]|");
        }
        if (site.compression()) {
            connector.setProperty("compression", "on");
        }
        if (site.asyncTimeout() != null) {
            connector.setAsyncTimeout(site.asyncTimeout().toMillis());
        }
        if (virtualThreads) {
            StandardVirtualThreadExecutor executor = new StandardVirtualThreadExecutor();
            executor.setName("virtual");
            tomcat.getService().addExecutor(executor);
            connector.getProtocolHandler().setExecutor(executor);
        }
        tomcat.setConnector(connector);

        Context context =
                tomcat.addContext(site.contextPath(), base.toAbsolutePath().toString());
        Wrapper localApp = Tomcat.addServlet(context, "local", site.localApp());
        localApp.setAsyncSupported(true);
        localApp.setMultipartConfigElement(new MultipartConfigElement(""));
        localApp.addMapping("/");
        int number = 0;
        for (Filter earlier : site.earlierFilters()) {
            addFilter(context, "earlier-" + number++, earlier, site.async(), site);
        }
        addFilter(context, "microfrontends", site.filter(), true, site);
        for (int status : site.errorPageStatuses()) {
            ErrorPage page = new ErrorPage();
            page.setErrorCode(status);
            page.setLocation(site.errorPage());
            context.addErrorPage(page);
        }
        tomcat.start();
        return connector.getLocalPort();
    }

    private static void addFilter(Context context, String name, Filter filter, boolean async, Site site) {
        FilterDef definition = new FilterDef();
        definition.setFilterName(name);
        definition.setFilter(filter);
        definition.setAsyncSupported(Boolean.toString(async));
        context.addFilterDef(definition);
        FilterMap mapping = new FilterMap();
        mapping.setFilterName(name);
        mapping.addURLPattern("/*");
        for (DispatcherType type : site.dispatcherTypes()) {
            mapping.setDispatcher(type.name());
        }
        context.addFilterMap(mapping);
    }

    @Override
    public void stop() throws Exception {
        if (started) {
            started = false;
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
