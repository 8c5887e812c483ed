package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.proxy.HeaderFields;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** Writes the requests on a connection to a zone; their trailer fields too, which Vert.x does not take. */
final class RequestWriter extends HttpRequestEncoder {

    private @Nullable HeaderFields trailers;

    /** For the body that ends next. */
    void trailers(HeaderFields fields) {
        trailers = fields;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
        HeaderFields fields = trailers;
        if (fields != null && message instanceof LastHttpContent last) {
            trailers = null;
            LastHttpContent with = new DefaultLastHttpContent(last.content());
            for (int i = 0; i < fields.size(); i++) {
                with.trailingHeaders().add(fields.name(i), fields.value(i));
            }
            super.write(ctx, with, promise);
        } else {
            super.write(ctx, message, promise);
        }
    }
}
