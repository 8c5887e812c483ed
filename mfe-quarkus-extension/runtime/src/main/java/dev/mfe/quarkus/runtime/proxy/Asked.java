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

/**
 * A request, and what has to be found out about it at once.
 *
 * @param zones the version of the site that it sees
 * @param routing the request
 * @param context where it is handled
 * @param path the path of its target, as the client sent it
 * @param endsWithHead whether it is one of HTTP/2 that has no body; later, nobody can tell
 * @param trailers its trailer fields, once its body has ended; null if it can have none
 */
record Asked(
        Zones<VertxZone> zones,
        RoutingContext routing,
        ContextInternal context,
        String path,
        boolean endsWithHead,
        @Nullable RequestTrailers trailers) {

    static Asked of(Zones<VertxZone> zones, RoutingContext routing, ContextInternal context) {
        HttpServerRequest request = routing.request();
        boolean ends = request.version() == HttpVersion.HTTP_2 && endsWithHead(request);
        return new Asked(zones, routing, context, path(request), ends, RequestTrailers.of(request));
    }

    static String path(HttpServerRequest request) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        return RequestPath.originForm(query < 0 ? uri : uri.substring(0, query));
    }

    private static boolean endsWithHead(HttpServerRequest request) {
        if (request.connection() instanceof ConnectionBase connection
                && connection.channelHandlerContext().handler() instanceof Http2ConnectionHandler http2) {
            Http2Stream stream = http2.connection().stream(request.response().streamId());
            return stream == null || !stream.state().remoteSideOpen();
        }
        return false;
    }

    HttpServerRequest request() {
        return routing.request();
    }

    /** The target of the request, in origin form. */
    String target() {
        String uri = request().uri();
        int query = uri.indexOf('?');
        if (uri.startsWith("/")) {
            return uri;
        }
        return query < 0 ? path : path + uri.substring(query);
    }

    void resume(boolean paused) {
        if (paused) {
            request().resume();
        }
    }
}
