package dev.mfe.servlet;

import dev.mfe.proxy.Exchange;
import dev.mfe.proxy.ProxyException;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.proxy.ResponseHead;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The rest of a call whose zone takes its time: waits for the zone, and for the client to take what came, without a thread.
 *
 * <p>At any moment one of three has it: the selector that waits for the zone, the container that waits for the client, or
 * the thread that moves bytes between the two. Each hands it on as the last thing it does. Only who has it may close the
 * exchange; anybody may {@linkplain #ended end} it.
 *
 * <p>The lock is for the end alone. A write that fails makes the container end the request on another thread and use its objects for
 * the next client, while the thread that wrote is still inside them. So the container is kept until that thread is out.
 */
final class ParkedCall implements WriteListener, AsyncListener {

    /** Marks the request whose response has to be broken off by the container. */
    static final String BROKEN = ParkedCall.class.getName() + ".broken";

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());

    /** Parts that the selector's thread moves before it leaves a busy call to a thread of the container. */
    private static final int PARTS_ON_SELECTOR = 4;

    private static final long MOVER_OUT_SECONDS = 5;

    private static final ByteBuffer NOTHING_YET = ByteBuffer.allocate(0);

    private final Container container;
    private final ProxyCall call;
    private final Exchange exchange;
    private final ClientResponse clientResponse;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Runnable zoneReady = this::zoneReady;
    private final AsyncContext async;

    private final ReentrantLock inside = new ReentrantLock();

    private final AtomicReference<Holder> holder = new AtomicReference<>(Holder.MOVER);

    private @Nullable ServletOutputStream out;
    private boolean headWritten;
    private boolean flushDue;
    private boolean waited;

    ParkedCall(
            Container container,
            ProxyCall call,
            Exchange exchange,
            ClientResponse clientResponse,
            HttpServletRequest request,
            HttpServletResponse response) {
        this.container = container;
        this.call = call;
        this.exchange = exchange;
        this.clientResponse = clientResponse;
        this.request = request;
        this.response = response;
        this.async = request.startAsync();
    }

    /** Takes over from the container's thread, which must not touch the call any more. */
    void start(boolean head) throws IOException {
        // Zones have time limits of their own; the container's would cut off streams that are well.
        async.setTimeout(0);
        async.addListener(this);
        inside.lock();
        try {
            call.parked(this);
            headWritten = head;
            if (head) {
                beginBody();
            } else {
                park();
            }
        } finally {
            inside.unlock();
        }
    }

    private void park() {
        waited = true;
        holder.set(Holder.SELECTOR);
        try {
            exchange.park(zoneReady);
        } catch (ProxyException e) {
            holder.set(Holder.MOVER);
            fail(e);
        }
    }

    /** On the selector's thread: the zone has something to say, or its time is over, or the call was ended. */
    private void zoneReady() {
        inside.lock();
        try {
            holder.set(Holder.MOVER);
            if (ended.get()) {
                exchange.close();
            } else if (headWritten) {
                move(PARTS_ON_SELECTOR);
            } else {
                readHead();
            }
        } finally {
            inside.unlock();
        }
    }

    private void readHead() {
        try {
            ResponseHead head = exchange.pollHead();
            while (head != null && head.interim()) {
                if (head.status() == 103 && container.canHintAtOnce()) {
                    clientResponse.earlyHints(head);
                }
                head = exchange.pollHead();
            }
            if (head == null) {
                park();
                return;
            }
            headWritten = true;
            call.zone().counters().answered(System.nanoTime());
            call.answeredWith(head);
            if (head.status() == 101) {
                clientResponse.switching(head);
                container.tunnel(request, exchange.detach());
                end();
                return;
            }
            clientResponse.head(head);
            leaveBodyToContainer();
        } catch (ProxyException e) {
            fail(e);
        } catch (IOException e) {
            clientLeft(e);
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    /** On a thread of the container: on any other Tomcat calls back at once, and then serves the client's next request on it. */
    private void leaveBodyToContainer() {
        async.start(() -> {
            inside.lock();
            try {
                if (ended.get()) {
                    exchange.close();
                } else {
                    beginBody();
                }
            } catch (IOException e) {
                clientLeft(e);
            } catch (RuntimeException e) {
                broken(e);
            } finally {
                inside.unlock();
            }
        });
    }

    /** From here on the container calls, on a thread of its own, whenever there is room to write. */
    private void beginBody() throws IOException {
        // The client sees the head before the first part of the body is there.
        flushDue = true;
        ServletOutputStream stream = response.getOutputStream();
        out = stream;
        holder.set(Holder.CONTAINER);
        stream.setWriteListener(this);
    }

    @Override
    public void onWritePossible() {
        if (holder.compareAndSet(Holder.CONTAINER, Holder.MOVER)) {
            // Tomcat holds a lock here for which the thread that has set this listener, and holds ours, may be waiting.
            if (inside.tryLock()) {
                try {
                    move(Integer.MAX_VALUE);
                } finally {
                    inside.unlock();
                }
            } else if (!leaveToContainer()) {
                broken(new RejectedExecutionException("The container has no thread to go on with a response"));
            }
        }
    }

    private void moveAll() {
        inside.lock();
        try {
            move(Integer.MAX_VALUE);
        } finally {
            inside.unlock();
        }
    }

    /** Moves parts until one side has to be waited for, or as many as one thread should. */
    private void move(int parts) {
        ServletOutputStream client = out;
        if (client == null) {
            return;
        }
        int left = parts;
        try {
            while (isReady(client)) {
                if (flushDue) {
                    flushDue = false;
                    client.flush();
                    continue;
                }
                // Until the exchange has been parked once, reading would wait.
                ByteBuffer part = !waited && exchange.mayWait() ? NOTHING_YET : exchange.readBody();
                if (part == null) {
                    clientResponse.trailers(exchange.trailers());
                    end();
                    return;
                }
                if (!part.hasRemaining()) {
                    park();
                    return;
                }
                client.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
                flushDue = exchange.mayWait();
                if (--left == 0) {
                    if (leaveToContainer()) {
                        return;
                    }
                    left = parts;
                }
            }
        } catch (ProxyException e) {
            fail(e);
        } catch (IOException e) {
            clientLeft(e);
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    /** Whether a thread of the container goes on. One that has too much to do refuses tasks, which is no reason to break off. */
    private boolean leaveToContainer() {
        try {
            async.start(this::moveAll);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Whether the client takes more. If not the container has the call now, and calls back. */
    private boolean isReady(ServletOutputStream client) {
        holder.set(Holder.CONTAINER);
        boolean mine = (ended.get() || client.isReady()) && holder.compareAndSet(Holder.CONTAINER, Holder.MOVER);
        if (mine && ended.get()) {
            exchange.close();
            return false;
        }
        return mine;
    }

    // ---- ends

    private void end() {
        exchange.close();
        if (ended.compareAndSet(false, true)) {
            call.ended(null);
            complete();
        }
    }

    private void complete() {
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "The container has ended the request already", e);
        }
    }

    private void fail(ProxyException e) {
        exchange.close();
        if (ended.compareAndSet(false, true)) {
            call.failed(e);
            breakOff(e.failure());
        }
    }

    /** Neither the zone nor the client has failed, but we or the container. Ended in order, it would look like the whole response. */
    private void broken(RuntimeException e) {
        exchange.close();
        if (ended.compareAndSet(false, true)) {
            call.broken(e);
            breakOff(ProxyFailure.CANCELLED);
        }
    }

    private void breakOff(ProxyFailure failure) {
        try {
            if (!response.isCommitted() && out == null) {
                answer(failure);
            } else if (Connections.abort(request, response, new BrokenResponseException(call.zoneName()))) {
                complete();
            } else {
                // Completed in order, half a response would look like a whole one. The filter throws in this dispatch.
                request.setAttribute(BROKEN, call.zoneName());
                async.dispatch();
            }
        } catch (RuntimeException failed) {
            // The client is gone or the app is stopping, and the container closes the connection without being asked.
            LOG.log(Level.DEBUG, "A broken response cannot be ended", failed);
        }
    }

    /** On a thread of the container: to write may mean to wait for a client that reads nothing, and zones' own thread waits for all. */
    private void answer(ProxyFailure failure) {
        try {
            async.start(() -> {
                inside.lock();
                try {
                    call.fail(failure);
                } catch (IOException | RuntimeException e) {
                    LOG.log(Level.DEBUG, "The client cannot be told of a failure", e);
                } finally {
                    inside.unlock();
                    complete();
                }
            });
        } catch (RejectedExecutionException e) {
            Connections.abort(request, response, new BrokenResponseException(call.zoneName()));
            complete();
        }
    }

    private void clientLeft(Throwable e) {
        exchange.close();
        if (ended.compareAndSet(false, true)) {
            call.clientLeft(e);
            complete();
        }
    }

    /**
     * On the selector's thread, which must not wait: the connection of the client has ended, while the container does not look
     * at it.
     *
     * @return false when another thread is inside, so that it has to be told again
     */
    boolean clientLeft() {
        if (!inside.tryLock()) {
            return false;
        }
        try {
            if (ended.compareAndSet(false, true)) {
                call.clientLeft(null);
                abort(ProxyFailure.CLIENT_GONE);
                call.closeClient();
                complete();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "The response to a client that has left cannot be ended", e);
        } finally {
            inside.unlock();
        }
        return true;
    }

    @Override
    public void onError(Throwable e) {
        abandon(e);
    }

    @Override
    public void onError(AsyncEvent event) {
        abandon(event.getThrowable());
    }

    /** The container found out first that the client has left, on a thread that may not be the one that has the call. */
    private void abandon(@Nullable Throwable e) {
        if (ended.compareAndSet(false, true)) {
            call.clientLeft(e);
            abort(ProxyFailure.CLIENT_GONE);
            awaitMover();
            complete();
        } else {
            awaitMover();
        }
    }

    /** Returns when no other thread is inside the container's objects any more. Nothing there waits, so this is soon. */
    private void awaitMover() {
        try {
            if (inside.tryLock(MOVER_OUT_SECONDS, TimeUnit.SECONDS)) {
                inside.unlock();
            } else {
                LOG.log(
                        Level.WARNING,
                        "A response of zone {0} is being written although it has ended",
                        call.zoneName());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Wakes whoever has the call, who will close the exchange; if that is the container, nobody will. */
    private void abort(ProxyFailure why) {
        exchange.abort(why);
        if (holder.compareAndSet(Holder.CONTAINER, Holder.MOVER)) {
            exchange.close();
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        abandon(event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        if (ended.compareAndSet(false, true)) {
            call.ended(ProxyFailure.CANCELLED);
            abort(ProxyFailure.CANCELLED);
        }
        awaitMover();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Only we start it.
    }
}
