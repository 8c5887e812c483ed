package dev.mfe.quarkus.runtime.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the two connections of a tunnel. In front of Vert.x, which drops what a client says before it has left HTTP, tells that
 * a connection has closed before what it said last, and lets one that it has opened take any amount, whether the other side reads
 * or not.
 *
 * <p>Keeps what comes until it is joined to a tunnel.
 */
final class TunnelEnd extends ChannelInboundHandlerAdapter {

    private final Deque<ByteBuf> kept = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ZoneTunnel tunnel;
    private boolean abandoned;

    private TunnelEnd() {}

    /** On the connection of a client that is about to leave HTTP. */
    static TunnelEnd of(ConnectionBase client) {
        TunnelEnd end = new TunnelEnd();
        client.channel().pipeline().addBefore(client.channelHandlerContext().name(), null, end);
        return end;
    }

    /** Behind a handler that is told of what leaves HTTP. */
    static TunnelEnd behind(ChannelHandlerContext codec) {
        TunnelEnd end = new TunnelEnd();
        codec.pipeline().addAfter(codec.name(), null, end);
        return end;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        pause(true);
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    /** Gives the tunnel what was kept, and all that comes from now on. */
    void join(ZoneTunnel to) {
        tunnel = to;
        for (ByteBuf bytes = kept.poll(); bytes != null; bytes = kept.poll()) {
            to.move(bytes, this);
        }
        if (gone()) {
            to.ended(this);
        }
    }

    /** There will be no tunnel. */
    void abandon() {
        abandoned = true;
        for (ByteBuf bytes = kept.poll(); bytes != null; bytes = kept.poll()) {
            bytes.release();
        }
        close();
    }

    boolean gone() {
        return !context().channel().isActive();
    }

    /** Whether it takes more before it has sent what it was given. */
    boolean hasRoom() {
        return context().channel().isWritable();
    }

    void write(ByteBuf bytes) {
        var unused = context().writeAndFlush(bytes);
    }

    void pause(boolean paused) {
        context().channel().config().setAutoRead(!paused);
    }

    /** Says that nothing more comes, behind what is yet to be sent. What the other side still says is read and dropped. */
    void finish() {
        ChannelHandlerContext ctx = context();
        var unused = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> sayGoodBye(ctx));
    }

    private void sayGoodBye(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null) {
            shutdownOutput(ctx.channel());
        } else {
            var unused = tls.closeOutbound().addListener(said -> shutdownOutput(ctx.channel()));
        }
    }

    private void shutdownOutput(Channel channel) {
        if (channel instanceof DuplexChannel duplex) {
            // To close it altogether would take back what is on its way, as soon as the other side says something.
            var unused = duplex.shutdownOutput();
        } else {
            close();
        }
    }

    /** At once, whatever waits to be sent. */
    void close() {
        var unused = context().close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
        } else if (abandoned) {
            bytes.release();
        } else if (tunnel == null) {
            kept.add(bytes);
        } else {
            tunnel.move(bytes, this);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.fireChannelWritabilityChanged();
        if (tunnel != null && hasRoom()) {
            tunnel.drained(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ctx.fireChannelInactive();
        if (tunnel != null) {
            tunnel.ended(this);
        }
    }
}
