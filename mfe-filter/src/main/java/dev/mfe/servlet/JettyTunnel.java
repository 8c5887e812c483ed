package dev.mfe.servlet;

import dev.mfe.proxy.Tunnel;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ZoneTunnel} is on other containers, by Jetty's own way to leave HTTP: a connection that stands ready in an
 * attribute of the request takes over once the response with status 101 is complete.
 *
 * <p>Jetty is found by name, through the class loader of its request: the filter depends on no container, and a web app's
 * class loader hides Jetty's classes. What stands in for its interfaces are proxies. Waiting for either side holds no thread.
 */
final class JettyTunnel {

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());
    private static final String TAKES_OVER = "org.eclipse.jetty.server.HttpStream.upgradeConnection";
    private static final int BUFFER = 8 * 1024;

    private final Jetty jetty;
    private final Object client;
    private final Tunnel zone;
    private final long since = System.currentTimeMillis();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ToZone toZone;
    private final ToClient toClient;

    private JettyTunnel(Jetty jetty, Object client, Tunnel zone) {
        this.jetty = jetty;
        this.client = client;
        this.zone = zone;
        this.toZone = new ToZone();
        this.toClient = new ToClient();
    }

    /** Whether this is a Jetty whose insides are as they are known here. */
    static boolean possible(HttpServletRequest request) {
        try {
            Jetty jetty = new Jetty(request.getClass());
            jetty.endPoint(jetty.coreRequest(request));
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.WARNING, "This version of Jetty does not let a connection leave HTTP", e);
            return false;
        }
    }

    /** What carries a connection of HTTP/1.x: with TLS the end point below it, which is asked once more. */
    static Object transport(HttpServletRequest request) throws ReflectiveOperationException {
        Jetty jetty = new Jetty(request.getClass());
        Object transport = jetty.getTransport.invoke(jetty.endPoint(jetty.coreRequest(request)));
        return jetty.getTransport.getDeclaringClass().isInstance(transport)
                ? jetty.getTransport.invoke(transport)
                : transport;
    }

    /** Closes the connection of a request, under the response if that is not complete. */
    static void close(HttpServletRequest request) throws ReflectiveOperationException {
        Jetty jetty = new Jetty(request.getClass());
        jetty.close.invoke(jetty.endPoint(jetty.coreRequest(request)));
    }

    /** Joins the two connections when the response is complete. */
    static void open(HttpServletRequest request, Tunnel zone) throws IOException {
        try {
            Jetty jetty = new Jetty(request.getClass());
            Object core = jetty.coreRequest(request);
            JettyTunnel tunnel = new JettyTunnel(jetty, jetty.endPoint(core), zone);
            jetty.setAttribute.invoke(core, TAKES_OVER, jetty.connection(tunnel));
            // A client that has left gets no 101, and then the connection does not take over and is not closed either.
            jetty.addCompletionListener.invoke(null, core, (Consumer<Throwable>) tunnel::completed);
        } catch (ReflectiveOperationException | RuntimeException e) {
            zone.close();
            throw new IOException("The container does not leave HTTP", e);
        }
    }

    private void begin() {
        try {
            // The zone's idle timeout holds for both directions; Jetty's knows only its own.
            jetty.setIdleTimeout.invoke(client, 0L);
        } catch (ReflectiveOperationException e) {
            broken(e);
            return;
        }
        toClient.park();
        toZone.move();
    }

    private void completed(@Nullable Throwable failure) {
        if (failure != null) {
            broken(failure);
        }
    }

    private void broken(Throwable e) {
        LOG.log(Level.DEBUG, "A tunnel ends", e);
        close();
    }

    private void close() {
        if (closed.compareAndSet(false, true)) {
            zone.close();
            try {
                jetty.close.invoke(client);
            } catch (ReflectiveOperationException e) {
                LOG.log(Level.DEBUG, "The client's end of a tunnel", e);
            }
        }
    }

    /** From the client to the zone. One thread at a time: Jetty's, or after a wait for room the selector's. */
    private final class ToZone {

        private final Object callback = jetty.callback(this::move, JettyTunnel.this::broken);
        private ByteBuffer pending = ByteBuffer.allocate(BUFFER).limit(0);

        /** What the client has sent in too much of a hurry, before it saw that HTTP is over. */
        void first(ByteBuffer bytes) {
            ByteBuffer copy = ByteBuffer.allocate(Math.max(BUFFER, bytes.remaining()));
            pending = copy.put(bytes).flip();
        }

        void move() {
            try {
                while (true) {
                    if (pending.hasRemaining()) {
                        zone.write(pending);
                        if (pending.hasRemaining()) {
                            zone.parkForRoom(this::move);
                            return;
                        }
                    }
                    // Jetty fills behind the limit, which in an empty buffer is the start.
                    int n = (int) jetty.fill.invoke(client, pending);
                    if (n < 0) {
                        zone.shutdownOutput();
                        return;
                    }
                    if (n == 0) {
                        jetty.fillInterested.invoke(client, callback);
                        return;
                    }
                }
            } catch (IOException | ReflectiveOperationException | RuntimeException e) {
                broken(e);
            }
        }
    }

    /** From the zone to the client. */
    private final class ToClient {

        private enum Writing {
            BEGUN,
            LEFT,
            DONE
        }

        private final Object callback = jetty.callback(this::written, JettyTunnel.this::broken);
        private final byte[] bytes = new byte[BUFFER];
        private final AtomicReference<Writing> writing = new AtomicReference<>(Writing.DONE);

        void park() {
            try {
                zone.park(this::move);
            } catch (IOException | RuntimeException e) {
                broken(e);
            }
        }

        private void move() {
            try {
                do {
                    int n = zone.read(ByteBuffer.wrap(bytes));
                    if (n < 0) {
                        close();
                        return;
                    }
                    if (n == 0) {
                        park();
                        return;
                    }
                    writing.set(Writing.BEGUN);
                    jetty.write.invoke(client, callback, new ByteBuffer[] {ByteBuffer.wrap(bytes, 0, n)});
                    // Jetty mostly calls back before it returns, and then the loop goes on instead of a deeper call.
                } while (!writing.compareAndSet(Writing.BEGUN, Writing.LEFT));
            } catch (IOException | ReflectiveOperationException | RuntimeException e) {
                broken(e);
            }
        }

        private void written() {
            if (!writing.compareAndSet(Writing.BEGUN, Writing.DONE)) {
                move();
            }
        }
    }

    /** The few of Jetty's types and methods that a tunnel needs, the same in 12.0 and 12.1. */
    private static final class Jetty {

        private final Method getRequest;
        private final Method getConnectionMetaData;
        private final Method setAttribute;
        private final Method addCompletionListener;
        private final Method getConnection;
        private final Method getEndPoint;
        private final Method fill;
        private final Method fillInterested;
        private final Method write;
        private final Method close;
        private final Method setIdleTimeout;
        private final Method getTransport;
        private final Class<?> callbackType;
        private final Class<?> connectionType;
        private final Class<?> upgradeType;

        private Jetty(Class<?> requestType) throws ReflectiveOperationException {
            getRequest = requestType.getMethod("getRequest");
            ClassLoader loader = requestType.getClassLoader();
            Class<?> core = Class.forName("org.eclipse.jetty.server.Request", false, loader);
            getConnectionMetaData = core.getMethod("getConnectionMetaData");
            setAttribute = core.getMethod("setAttribute", String.class, Object.class);
            addCompletionListener = core.getMethod("addCompletionListener", core, Consumer.class);
            getConnection = Class.forName("org.eclipse.jetty.server.ConnectionMetaData", false, loader)
                    .getMethod("getConnection");
            connectionType = Class.forName("org.eclipse.jetty.io.Connection", false, loader);
            upgradeType = Class.forName("org.eclipse.jetty.io.Connection$UpgradeTo", false, loader);
            callbackType = Class.forName("org.eclipse.jetty.util.Callback", false, loader);
            getEndPoint = connectionType.getMethod("getEndPoint");
            Class<?> endPoint = Class.forName("org.eclipse.jetty.io.EndPoint", false, loader);
            fill = endPoint.getMethod("fill", ByteBuffer.class);
            fillInterested = endPoint.getMethod("fillInterested", callbackType);
            write = endPoint.getMethod("write", callbackType, ByteBuffer[].class);
            close = endPoint.getMethod("close");
            setIdleTimeout = endPoint.getMethod("setIdleTimeout", long.class);
            getTransport = endPoint.getMethod("getTransport");
        }

        Object coreRequest(HttpServletRequest request) throws ReflectiveOperationException {
            return getRequest.invoke(request);
        }

        Object endPoint(Object coreRequest) throws ReflectiveOperationException {
            Object metaData = getConnectionMetaData.invoke(coreRequest);
            return getEndPoint.invoke(getConnection.invoke(metaData));
        }

        Object callback(Runnable succeeded, Consumer<Throwable> failed) {
            InvocationHandler handler = (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "succeeded" -> succeeded.run();
                    case "failed" -> failed.accept((Throwable) arguments[0]);
                    default -> {
                        return otherwise(proxy, method, arguments);
                    }
                }
                return null;
            };
            return Proxy.newProxyInstance(callbackType.getClassLoader(), new Class<?>[] {callbackType}, handler);
        }

        Object connection(JettyTunnel tunnel) {
            InvocationHandler handler = (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "onUpgradeTo" -> tunnel.toZone.first((ByteBuffer) arguments[0]);
                    case "onOpen" -> tunnel.begin();
                    case "onClose", "close" -> tunnel.close();
                    case "getEndPoint" -> {
                        return tunnel.client;
                    }
                    case "onIdleExpired" -> {
                        return true;
                    }
                    case "getMessagesIn", "getMessagesOut", "getBytesIn", "getBytesOut" -> {
                        return -1L;
                    }
                    case "getCreatedTimeStamp" -> {
                        return tunnel.since;
                    }
                    default -> {
                        return otherwise(proxy, method, arguments);
                    }
                }
                return null;
            };
            return Proxy.newProxyInstance(
                    connectionType.getClassLoader(), new Class<?>[] {connectionType, upgradeType}, handler);
        }

        private static @Nullable Object otherwise(Object proxy, Method method, Object @Nullable [] arguments)
                throws Throwable {
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            return switch (method.getName()) {
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                case "toString" -> "a tunnel to a zone";
                default -> null;
            };
        }
    }
}
