package dev.mfe.quarkus.runtime.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trailer fields of a request in chunks, which Vert.x reads and tells nobody. */
final class RequestTrailers extends ChannelInboundHandlerAdapter {

    private final Map<String, String> fields = new LinkedHashMap<>();

    private RequestTrailers() {}

    /** Looks out for them; null where there can be none. To be called before the body is read. */
    static @Nullable RequestTrailers of(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_1_1
                && request.getHeader("Transfer-Encoding") != null
                && request.connection() instanceof ConnectionBase connection) {
            RequestTrailers trailers = new RequestTrailers();
            connection
                    .channel()
                    .pipeline()
                    .addBefore(connection.channelHandlerContext().name(), null, trailers);
            return trailers;
        }
        return null;
    }

    /** By name, complete when the body has ended. */
    Map<String, String> fields() {
        return fields;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof LastHttpContent last) {
            last.trailingHeaders()
                    .forEach(field -> fields.merge(field.getKey(), field.getValue(), (a, b) -> a + ", " + b));
            ctx.pipeline().remove(this);
        } else if (message instanceof HttpRequest) {
            // The next one of a client that did not wait: the end of this one has passed before anybody looked.
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelRead(message);
    }
}
