package dev.mfe.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.WebConnection;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections of clients where the Servlet API has no word for it, by what two containers have beyond it. Found by name
 * when needed: the filter depends on no container, and does without where another version has changed.
 */
final class Connections {

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());

    private Connections() {}

    /**
     * Closes the connection of a request whose response broke off. Tomcat and Jetty do that when a filter throws; Undertow
     * then ends a chunked response in order, which would make a half look whole.
     */
    static void abort(HttpServletRequest request) {
        if (!request.getClass().getName().startsWith("io.undertow.servlet.spec.")) {
            return;
        }
        try {
            Object exchange = request.getClass().getMethod("getExchange").invoke(request);
            close(exchange.getClass().getMethod("getConnection").invoke(exchange));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.WARNING, "This version of Undertow does not let a response be broken off", e);
        }
    }

    /**
     * Closes an upgraded connection. Tomcat closes it by itself only when the client says something the next time.
     */
    static void close(WebConnection connection) {
        Object output = null;
        try {
            output = connection.getOutputStream();
            connection.close();
            if (output.getClass().getName().startsWith("org.apache.coyote.http11.upgrade.")) {
                Field wrapper = output.getClass().getDeclaredField("socketWrapper");
                wrapper.setAccessible(true);
                Object socket = wrapper.get(output);
                socket.getClass().getMethod("close").invoke(socket);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.WARNING, "This version of Tomcat does not let an upgraded connection be closed", e);
        } catch (Exception e) {
            LOG.log(Level.DEBUG, "The client's end of a tunnel", e);
        }
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
