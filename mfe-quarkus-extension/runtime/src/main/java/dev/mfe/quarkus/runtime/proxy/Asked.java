package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.gateway.Zones;
import dev.mfe.path.RequestPath;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** A request that is being decided about, on the event loop of its connection. */
final class Asked {

    /** The version of the site that it sees. */
    final Zones<VertxZone> zones;

    final RoutingContext routing;

    /** Where it is handled. */
    final ContextInternal context;

    /** The path of its target, as the client sent it. */
    final String path;

    /** Whether it came paused, and the local app is to get it so: whoever reads it there may be late. */
    final boolean camePaused;

    private boolean paused;
    private boolean lookedAt;
    private boolean endsWithHead;
    private @Nullable RequestTrailers trailers;

    Asked(Zones<VertxZone> zones, RoutingContext routing, ContextInternal context, boolean camePaused) {
        this.zones = zones;
        this.routing = routing;
        this.context = context;
        this.camePaused = camePaused;
        this.path = path(routing.request());
    }

    static String path(HttpServerRequest request) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        return RequestPath.originForm(query < 0 ? uri : uri.substring(0, query));
    }

    HttpServerRequest request() {
        return routing.request();
    }

    /** Its target, in origin form. */
    String target() {
        String uri = request().uri();
        int query = uri.indexOf('?');
        if (uri.startsWith("/")) {
            return uri;
        }
        return query < 0 ? path : path + uri.substring(query);
    }

    // ---- while it waits

    /** Or whoever answers later would find a request that has been read. */
    void pause() {
        lookAt();
        if (!camePaused && !paused) {
            paused = true;
            request().pause();
        }
    }

    boolean paused() {
        return paused;
    }

    void resume() {
        if (paused) {
            paused = false;
            request().resume();
        }
    }

    /** Drops its body, so that the connection can carry the next request. */
    void discard() {
        request().resume();
    }

    // ---- its body

    /** Whether it is one of HTTP/2 that has no body. */
    boolean endsWithHead() {
        lookAt();
        return endsWithHead;
    }

    /** Its trailer fields, once its body has ended; null if it can have none. */
    @Nullable
    RequestTrailers trailers() {
        lookAt();
        return trailers;
    }

    /** Before anything is waited for, for later nobody can tell. What the local app answers at once is not looked at. */
    private void lookAt() {
        if (!lookedAt) {
            lookedAt = true;
            endsWithHead = request().version() == HttpVersion.HTTP_2 && endsWithHead(request());
            trailers = RequestTrailers.of(request());
        }
    }

    private static boolean endsWithHead(HttpServerRequest request) {
        if (request.connection() instanceof ConnectionBase connection
                && connection.channelHandlerContext().handler() instanceof Http2ConnectionHandler http2) {
            Http2Stream stream = http2.connection().stream(request.response().streamId());
            return stream == null || !stream.state().remoteSideOpen();
        }
        return false;
    }
}
