package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.proxy.OriginOptions;
import dev.mfe.proxy.ProxyException;
import dev.mfe.proxy.ResponseDecoder;
import dev.mfe.proxy.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads the responses on a connection to a zone, in the place of Netty's decoder: that one repairs or overlooks what is
 * refused here (bare line feeds, two framings, bytes behind a body), and then it cannot be seen any more.
 *
 * <p>Head and body go straight to the call. Vert.x, who opens and pools the connections and writes the requests, is told of
 * a response when it is complete, and only what it needs: the status, and whether the connection goes on.
 */
final class ResponseReader extends ChannelInboundHandlerAdapter {

    /** By this name Vert.x takes the codec out when the connection leaves HTTP. */
    private static final String CODEC = "codec";

    private static final AttributeKey<ResponseReader> KEY = AttributeKey.valueOf(ResponseReader.class.getName());

    private static final int WINDOW = 2 * 1024;

    private final Lane lane;
    private final ResponseDecoder decoder;
    private final RequestWriter writer = new RequestWriter();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ProxyCall call;

    /** The start of a line whose rest has not come yet. */
    private @Nullable ByteBuf kept;

    private @Nullable Throwable error;

    private ResponseReader(Lane lane) {
        this.lane = lane;
        OriginOptions limits = OriginOptions.defaults();
        this.decoder = new ResponseDecoder(limits.maxHeadBytes(), limits.maxFields());
    }

    static void install(Channel channel, Lane lane) {
        ResponseReader reader = new ResponseReader(lane);
        channel.attr(KEY).set(reader);
        channel.pipeline().replace(CODEC, CODEC, new CombinedChannelDuplexHandler<>(reader, reader.writer));
    }

    /** Of a connection that belongs to a lane; nothing in a call is made for two threads. */
    static ResponseReader of(Channel channel, Lane lane) {
        ResponseReader reader = channel.attr(KEY).get();
        if (reader.lane != lane || channel.eventLoop() != lane.loop()) {
            throw new IllegalStateException("A connection to a zone belongs to another event loop");
        }
        return reader;
    }

    /** Expects the response to a request. */
    void begin(ProxyCall owner, boolean headMethod, boolean upgrade) {
        call = owner;
        error = null;
        decoder.begin(headMethod, upgrade);
    }

    /** Writes the requests on this connection. */
    RequestWriter writer() {
        return writer;
    }

    void pause(boolean paused) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.channel().config().setAutoRead(!paused);
        }
    }

    /** Closes the connection at once, whatever waits to be written. Nobody is told. */
    void abandon() {
        call = null;
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            close(ctx);
        }
    }

    private static void close(ChannelHandlerContext ctx) {
        var unused = ctx.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        dropKept();
    }

    private void dropKept() {
        ByteBuf rest = kept;
        if (rest != null) {
            kept = null;
            rest.release();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        ByteBuf before = kept;
        if (before != null) {
            kept = null;
            in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, in);
        }
        try {
            read(ctx, in);
        } catch (ProxyException e) {
            fail(e);
        } finally {
            if (kept == null) {
                in.release();
            }
        }
    }

    private void read(ChannelHandlerContext ctx, ByteBuf in) throws ProxyException {
        int window = WINDOW;
        while (true) {
            ProxyCall owner = call;
            if (owner == null) {
                // Said after a response or to nobody: whatever it is, it is not for the next request.
                close(ctx);
                return;
            }
            if (decoder.inData()) {
                int size = (int) Math.min(decoder.left(), in.readableBytes());
                if (size == 0) {
                    return;
                }
                owner.data(in, size);
                decoder.taken(size);
                continue;
            }
            int available = in.readableBytes();
            ByteBuffer view = view(in, window);
            int start = view.position();
            int offered = view.remaining();
            ResponseDecoder.Step step = decoder.next(view);
            int consumed = view.position() - start;
            in.skipBytes(consumed);
            switch (step) {
                case HEAD -> {
                    ResponseHead head = decoder.head();
                    if (head.status() == 101) {
                        leaveHttp(ctx, owner, head, in);
                        return;
                    }
                    owner.head(head, decoder);
                    window = WINDOW;
                }
                case END -> {
                    end(ctx, owner, !in.isReadable());
                    if (!in.isReadable()) {
                        return;
                    }
                }
                case MORE -> {
                    if (offered == available) {
                        keep(in);
                        return;
                    }
                    window = consumed == 0 ? window * 4 : WINDOW;
                }
                case DATA -> window = WINDOW;
            }
        }
    }

    /** What can be read, or its beginning, in an array. */
    private ByteBuffer view(ByteBuf in, int window) {
        int size = in.readableBytes();
        if (in.hasArray()) {
            return ByteBuffer.wrap(in.array(), in.arrayOffset() + in.readerIndex(), size);
        }
        int copied = Math.min(size, window);
        byte[] bytes = lane.scratch(copied);
        in.getBytes(in.readerIndex(), bytes, 0, copied);
        return ByteBuffer.wrap(bytes, 0, copied);
    }

    private void keep(ByteBuf in) {
        if (in.isReadable()) {
            kept = in;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ProxyCall owner = call;
        if (owner != null) {
            owner.flush();
        }
        ctx.fireChannelReadComplete();
    }

    private void end(ChannelHandlerContext ctx, ProxyCall owner, boolean clean) {
        int status = decoder.head().status();
        boolean keep = clean && decoder.keepsConnection();
        long keptFor = decoder.keepAliveNanos();
        call = null;
        boolean recycle = owner.end(decoder.trailers());
        if (!recycle) {
            close(ctx);
            return;
        }
        ctx.channel().config().setAutoRead(true);
        ctx.fireChannelRead(notice(status, keep, keptFor));
        ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    /** What Vert.x has to know. */
    private static DefaultHttpResponse notice(int status, boolean keep, long keptFor) {
        HttpHeaders fields = new DefaultHttpHeaders();
        if (!keep) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (keptFor != Long.MAX_VALUE) {
            fields.set("Keep-Alive", "timeout=" + Duration.ofNanos(keptFor).toSeconds());
        }
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), fields);
    }

    /** Vert.x takes this handler out while it is told of the switch; what is left is of the new protocol. */
    private void leaveHttp(ChannelHandlerContext ctx, ProxyCall owner, ResponseHead head, ByteBuf in) {
        call = null;
        owner.switching(head, TunnelEnd.behind(ctx));
        HttpHeaders fields = new DefaultHttpHeaders();
        ctx.fireChannelRead(
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, fields));
        if (in.isReadable()) {
            ctx.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
        }
        ctx.fireChannelReadComplete();
    }

    private void fail(ProxyException e) {
        ProxyCall owner = call;
        ChannelHandlerContext ctx = context;
        call = null;
        if (ctx != null) {
            close(ctx);
        }
        if (owner != null) {
            owner.zoneFailed(e.failure(), String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        error = cause;
        // Vert.x closes the connection.
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        dropKept();
        ProxyCall owner = call;
        if (owner != null) {
            call = null;
            if (decoder.closed()) {
                owner.end(decoder.trailers());
            } else {
                owner.zoneClosed(!decoder.started(), decoder.headRead(), error);
            }
        }
        ctx.fireChannelInactive();
    }
}
