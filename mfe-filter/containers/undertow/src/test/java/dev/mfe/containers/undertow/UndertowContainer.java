package dev.mfe.containers.undertow;

import dev.mfe.contract.Capability;
import dev.mfe.contract.ContainerUnderTest;
import dev.mfe.contract.Site;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.Version;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.encoding.EncodingHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.FilterInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Undertow in this JVM. */
final class UndertowContainer implements ContainerUnderTest {

    private final boolean http2;
    private @Nullable Undertow undertow;
    private @Nullable DeploymentManager deployment;

    UndertowContainer(boolean http2) {
        this.http2 = http2;
    }

    @Override
    public String name() {
        return "Undertow " + Version.getVersionString();
    }

    @Override
    public Set<Capability> lacks() {
        return EnumSet.of(
                Capability.EARLY_HINTS,
                // ALLOW_UNESCAPED_CHARACTERS_IN_URL decodes the path that the filter sees: /100%25 becomes /100%.
                Capability.RELAXED_TARGETS,
                Capability.VERBATIM_CONTENT_TYPE,
                Capability.VERBATIM_FIELDS,
                Capability.VERBATIM_QUERY);
    }

    @Override
    public int start(Site site) throws Exception {
        String contextPath = site.contextPath().isEmpty() ? "/" : site.contextPath();
        DeploymentInfo info = Servlets.deployment()
                .setClassLoader(UndertowContainer.class.getClassLoader())
                .setDeploymentName("site")
                .setContextPath(contextPath)
                .addServlet(Servlets.servlet(
                                "local", site.localApp().getClass(), new ImmediateInstanceFactory<>(site.localApp()))
                        .addMapping("/")
                        .setAsyncSupported(true)
                        .setMultipartConfig(new MultipartConfigElement("")));
        int number = 0;
        for (Filter earlier : site.earlierFilters()) {
            addFilter(info, "earlier-" + number++, earlier, site.async(), site);
        }
        addFilter(info, "microfrontends", site.filter(), true, site);
        for (int status : site.errorPageStatuses()) {
            info.addErrorPage(Servlets.errorPage(site.errorPage(), status));
        }
        DeploymentManager manager = Servlets.newContainer().addDeployment(info);
        deployment = manager;
        manager.deploy();
        HttpHandler handler = new PathHandler().addPrefixPath(contextPath, manager.start());
        if (site.compression()) {
            handler = new EncodingHandler.Builder().build(java.util.Map.of()).wrap(handler);
        }
        Undertow created = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(2)
                .setWorkerThreads(site.threads())
                .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 5000)
                // Uploads over 2 MB are refused otherwise.
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, http2)
                .setHandler(handler)
                .build();
        undertow = created;
        created.start();
        return ((InetSocketAddress) created.getListenerInfo().get(0).getAddress()).getPort();
    }

    private static void addFilter(DeploymentInfo info, String name, Filter filter, boolean async, Site site) {
        info.addFilter(new FilterInfo(name, filter.getClass(), new ImmediateInstanceFactory<>(filter))
                .setAsyncSupported(async));
        for (DispatcherType type : site.dispatcherTypes()) {
            info.addFilterUrlMapping(name, "/*", type);
        }
    }

    @Override
    public void stop() throws Exception {
        if (deployment != null) {
            deployment.stop();
            deployment.undeploy();
            deployment = null;
        }
        if (undertow != null) {
            undertow.stop();
            undertow = null;
        }
    }
}
