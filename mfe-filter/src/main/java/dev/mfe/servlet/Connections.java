package dev.mfe.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.WebConnection;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Does to connections of clients what the Servlet API has no word for, by what containers have beyond it. Found by name
 * when needed: the filter depends on no container, and does without where another version has changed.
 */
final class Connections {

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());

    private Connections() {}

    /**
     * Breaks off a response whose head was sent, so that nobody takes the half for the whole. Tomcat and Jetty do that when a
     * filter throws, unless another filter catches it; Undertow then ends a chunked response in order.
     *
     * @return whether it is broken off; else all that is left is to throw
     */
    static boolean abort(HttpServletRequest request, HttpServletResponse response, IOException why) {
        String container = request.getClass().getName();
        try {
            if (container.startsWith("org.apache.catalina.connector.")) {
                Object coyote = coyote(response);
                Class<?> codes = Class.forName(
                        "org.apache.coyote.ActionCode", false, coyote.getClass().getClassLoader());
                coyote.getClass()
                        .getMethod("action", codes, Object.class)
                        .invoke(coyote, codes.getField("CLOSE_NOW").get(null), why);
                return true;
            }
            if (container.startsWith("org.eclipse.jetty.")) {
                Object channel = call(call(request, "getRequest"), "getServletChannel");
                channel.getClass().getMethod("abort", Throwable.class).invoke(channel, why);
                return true;
            }
            if (container.startsWith("io.undertow.servlet.spec.")) {
                close(call(call(request, "getExchange"), "getConnection"));
                return true;
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.WARNING, "This version of the container does not let a response be broken off", e);
        }
        return false;
    }

    /**
     * Closes the connection of a client that has left, before its response is complete. It may have closed only its own
     * direction, and must not take what it gets for the whole response.
     */
    static void closeLeft(HttpServletRequest request, HttpServletResponse response, IOException why) {
        if (!request.getClass().getName().startsWith("org.eclipse.jetty.")) {
            abort(request, response, why);
            return;
        }
        try {
            // To abort a response of which nothing was sent is worth a warning to Jetty, and an error page.
            JettyTunnel.close(request);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "The connection of a client that has left", e);
        }
    }

    /**
     * Finds the socket of a client's connection, so that its end is seen while nothing is written. Only for HTTP/1.x, where
     * the container reads nothing between a request and the end of its response; with HTTP/2 it reads all the time, and tells.
     *
     * @return the channel, or null where it is out of reach
     */
    static @Nullable SocketChannel channel(HttpServletRequest request, HttpServletResponse response) {
        if (!request.getProtocol().startsWith("HTTP/1.")) {
            return null;
        }
        String container = request.getClass().getName();
        try {
            Object channel = null;
            if (container.startsWith("org.apache.catalina.connector.")) {
                Object socket = socketOfHttp1(coyote(response));
                if (socket != null) {
                    channel = call(call(socket, "getSocket"), "getIOChannel");
                }
            } else if (container.startsWith("org.eclipse.jetty.")) {
                channel = JettyTunnel.transport(request);
            } else if (container.startsWith("io.undertow.servlet.spec.")) {
                Object stream = call(call(call(request, "getExchange"), "getConnection"), "getChannel");
                if (stream.getClass().getName().startsWith("io.undertow.protocols.ssl.")) {
                    stream = read(stream, stream.getClass(), "delegate");
                }
                Method getChannel = stream.getClass().getDeclaredMethod("getChannel");
                getChannel.setAccessible(true);
                channel = getChannel.invoke(stream);
            }
            return channel instanceof SocketChannel socket ? socket : null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "This version of the container does not show when a client that waits has left", e);
            return null;
        }
    }

    /**
     * Counts the threads that serve requests, so that zones do not get all of them.
     *
     * @return how many there are at most, {@link Integer#MAX_VALUE} if that cannot be told
     */
    static int threads(HttpServletRequest request) {
        String container = request.getClass().getName();
        try {
            Object threads = null;
            if (container.startsWith("org.apache.catalina.connector.")) {
                Object connector = call(read(request, request.getClass(), "request"), "getConnector");
                Object executor = call(call(connector, "getProtocolHandler"), "getExecutor");
                // One for several connectors has the same number by another name; that of virtual threads has none.
                boolean shared =
                        executor.getClass().getName().equals("org.apache.catalina.core.StandardThreadExecutor");
                threads = call(executor, shared ? "getMaxThreads" : "getMaximumPoolSize");
            } else if (container.startsWith("org.eclipse.jetty.")) {
                Object connection = call(call(request, "getRequest"), "getConnectionMetaData");
                Object server = call(call(connection, "getConnector"), "getServer");
                threads = call(call(server, "getThreadPool"), "getMaxAvailableThreads");
            } else if (container.startsWith("io.undertow.servlet.spec.")) {
                Object worker = call(call(call(request, "getExchange"), "getConnection"), "getWorker");
                threads = call(call(worker, "getMXBean"), "getMaxWorkerPoolSize");
            }
            return threads instanceof Integer count && count > 0 ? count : Integer.MAX_VALUE;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "This container does not tell how many threads it has", e);
            return Integer.MAX_VALUE;
        }
    }

    /**
     * Closes an upgraded connection. Tomcat closes it by itself only when the client says something the next time.
     */
    static void close(WebConnection connection) {
        try {
            Object socket;
            try {
                socket = socketOfUpgraded(connection);
            } finally {
                connection.close();
            }
            if (socket != null) {
                call(socket, "close");
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.WARNING, "This version of Tomcat does not let an upgraded connection be closed", e);
        } catch (Exception e) {
            LOG.log(Level.DEBUG, "The client's end of a tunnel", e);
        }
    }

    /** Tomcat's, null on other containers. */
    static @Nullable Object socketOfUpgraded(WebConnection connection)
            throws IOException, ReflectiveOperationException {
        Object output = connection.getOutputStream();
        return output.getClass().getName().startsWith("org.apache.coyote.http11.upgrade.")
                ? read(output, output.getClass(), "socketWrapper")
                : null;
    }

    /** Sends what was written of an interim response. Tomcat keeps it back until the final one, too late to be of use. */
    static void flushInterim(HttpServletResponse response) {
        if (!response.getClass().getName().startsWith("org.apache.catalina.connector.")) {
            return;
        }
        try {
            Object coyote = coyote(response);
            Object socket = socketOfHttp1(coyote);
            // HTTP/2 does not keep it back.
            if (socket != null) {
                // Without waiting for the client, since this may be the thread that waits for all zones.
                socket.getClass().getMethod("flush", boolean.class).invoke(socket, false);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "This version of Tomcat sends 103 (Early Hints) together with the response", e);
        }
    }

    private static Object coyote(HttpServletResponse response) throws ReflectiveOperationException {
        Object inner = read(response, response.getClass(), "response");
        return call(inner, "getCoyoteResponse");
    }

    /** Tomcat's, null with another protocol. */
    private static @Nullable Object socketOfHttp1(Object coyote) throws ReflectiveOperationException {
        Object processor = read(coyote, coyote.getClass(), "hook");
        return processor.getClass().getName().startsWith("org.apache.coyote.http11.")
                ? read(processor, processor.getClass().getSuperclass(), "socketWrapper")
                : null;
    }

    private static Object call(Object object, String method) throws ReflectiveOperationException {
        Method found = object.getClass().getMethod(method);
        // The class may not be public, though the method is. Of a module that opens nothing only public ones can be
        // called.
        found.trySetAccessible();
        return found.invoke(object);
    }

    private static Object read(Object object, Class<?> declaring, String name) throws ReflectiveOperationException {
        Field field = declaring.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    private static void close(@Nullable Object connection) {
        if (connection instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "The connection of a broken response", e);
            }
        }
    }
}
