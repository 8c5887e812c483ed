package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.proxy.FieldBytes;
import dev.mfe.proxy.HeaderFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Writes the requests on a connection to a zone. Their fields are not those that Vert.x knows of: on the way through its
 * collections each would be copied three times. Trailer fields it does not take at all.
 */
final class RequestWriter extends HttpRequestEncoder {

    private final FieldBytes fields = new FieldBytes();
    private @Nullable HeaderFields trailers;
    private boolean inHead;

    /** The fields of the next request, to be filled; all but those that say what Vert.x does with body and connection. */
    FieldBytes begin() {
        fields.clear();
        trailers = null;
        return fields;
    }

    /** For the body that ends next. */
    void trailers(HeaderFields received) {
        trailers = received;
    }

    @Override
    protected void encodeInitialLine(ByteBuf out, HttpRequest request) throws Exception {
        super.encodeInitialLine(out, request);
        inHead = true;
    }

    @Override
    protected void encodeHeaders(HttpHeaders known, ByteBuf out) {
        if (!inHead) {
            // Trailer fields.
            super.encodeHeaders(known, out);
            return;
        }
        inHead = false;
        out.writeBytes(fields.bytes(), 0, fields.count());
        if (known.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            ByteBufUtil.writeAscii(out, "Transfer-Encoding: chunked\r\n");
        }
        if (known.contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
            ByteBufUtil.writeAscii(out, "Connection: close\r\n");
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
        HeaderFields last = trailers;
        if (last != null && message instanceof LastHttpContent content) {
            trailers = null;
            LastHttpContent with = new DefaultLastHttpContent(content.content());
            for (int i = 0; i < last.size(); i++) {
                with.trailingHeaders().add(last.name(i), last.value(i));
            }
            super.write(ctx, with, promise);
        } else {
            super.write(ctx, message, promise);
        }
    }
}
