package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.contract.Capability;
import dev.mfe.contract.ContainerUnderTest;
import dev.mfe.contract.Site;
import dev.mfe.gateway.Sites;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.launcher.commands.VersionCommand;
import io.vertx.ext.web.Router;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server of Vert.x in this JVM, with the options that Quarkus gives its own by default. */
final class VertxContainer implements ContainerUnderTest {

    static {
        // As Quarkus does unless told otherwise: the JVM knows how to find a host.
        System.setProperty("vertx.disableDnsResolver", "true");
    }

    private @Nullable Vertx vertx;
    private @Nullable MicrofrontendsHandler handler;

    @Override
    public String name() {
        return "Vert.x " + VersionCommand.getVersion();
    }

    @Override
    public Set<Capability> lacks() {
        return EnumSet.of(
                Capability.HALF_CLOSED_UPGRADE,
                // What has no meaning without servlets.
                Capability.EARLIER_FILTERS,
                Capability.SERVLETS,
                Capability.CONTEXT_PATH);
    }

    /** What {@code quarkus.http.*} says by default, where that is not what Vert.x says. */
    static HttpServerOptions optionsOfQuarkus() {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxHeaderSize(20 * 1024)
                .setMaxChunkSize(8192)
                .setMaxInitialLineLength(4096)
                .setHandle100ContinueAutomatically(false);
        options.setIdleTimeout(30).setIdleTimeoutUnit(TimeUnit.MINUTES);
        return options;
    }

    @Override
    public int start(Site site) throws Exception {
        Vertx created = Vertx.vertx();
        vertx = created;
        Sites.Builder sites = Sites.builder().config(MicrofrontendsConfig.parse("microfrontends.json", site.config()));
        site.properties().forEach(sites::property);
        MicrofrontendsHandler underTest = new MicrofrontendsHandler(
                created, "", sites.build(), TestSite::flagRequest, routing -> null, null, false);
        handler = underTest;
        site.endingWith(underTest::close, underTest::statistics);
        Router router = Router.router(created);
        router.route().handler(underTest);
        router.route().handler(new LocalRoutes());
        HttpServer server = created.createHttpServer(
                        optionsOfQuarkus().setHost("127.0.0.1").setPort(0).setCompressionSupported(site.compression()))
                .requestHandler(router)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return server.actualPort();
    }

    @Override
    public void stop() throws Exception {
        MicrofrontendsHandler underTest = handler;
        if (underTest != null) {
            handler = null;
            underTest.close();
        }
        Vertx created = vertx;
        if (created != null) {
            vertx = null;
            created.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
