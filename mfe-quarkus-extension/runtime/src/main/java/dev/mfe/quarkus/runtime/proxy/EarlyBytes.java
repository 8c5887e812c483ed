package dev.mfe.quarkus.runtime.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a client says in a new protocol before it has been told that it may: Vert.x gives that to the handler of the old
 * protocol, which drops it.
 */
final class EarlyBytes extends ChannelInboundHandlerAdapter {

    private final Deque<Object> kept = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;

    private EarlyBytes() {}

    /** Begins to keep bytes, before the connection leaves HTTP. */
    static EarlyBytes keep(HttpConnection connection) {
        EarlyBytes early = new EarlyBytes();
        if (connection instanceof ConnectionBase base) {
            base.channel().pipeline().addBefore(base.channelHandlerContext().name(), null, early);
        }
        return early;
    }

    /** Gives them to whoever handles the connection now. */
    void release() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf) {
            kept.add(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        boolean any = !kept.isEmpty();
        for (Object message = kept.poll(); message != null; message = kept.poll()) {
            if (ctx.channel().isActive()) {
                ctx.fireChannelRead(message);
            } else {
                ReferenceCountUtil.release(message);
            }
        }
        if (any) {
            ctx.fireChannelReadComplete();
        }
    }
}
