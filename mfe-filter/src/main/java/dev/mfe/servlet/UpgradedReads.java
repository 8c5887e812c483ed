package dev.mfe.servlet;

import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How Tomcat reads from an upgraded connection: whenever there is something, also while the app is not waiting for it, and under
 * a lock, because its buffers are not made for two threads. It calls back again and again for bytes that nobody takes, and for
 * an end that was told. Its poller can be made to pass over a connection, as it does while a thread waits in a blocking read.
 *
 * <p>Other containers read when they are asked to; with them nothing here does anything.
 */
final class UpgradedReads {

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());

    private final Lock lock;
    private final @Nullable Object socket;
    private final @Nullable Field passOver;
    private final @Nullable Method readOn;

    /** Guarded by the lock. */
    private boolean held;

    private UpgradedReads(Lock lock, @Nullable Object socket, @Nullable Field passOver, @Nullable Method readOn) {
        this.lock = lock;
        this.socket = socket;
        this.passOver = passOver;
        this.readOn = readOn;
    }

    static UpgradedReads of(WebConnection connection) {
        try {
            Object socket = Connections.socketOfUpgraded(connection);
            if (socket != null) {
                return ofTomcat(socket);
            }
        } catch (IOException | ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.WARNING, "This version of Tomcat does not say how it reads from an upgraded connection", e);
        }
        return new UpgradedReads(new ReentrantLock(), null, null, null);
    }

    private static UpgradedReads ofTomcat(Object socket) throws ReflectiveOperationException {
        Lock lock = (Lock) socket.getClass().getMethod("getLock").invoke(socket);
        try {
            Field passOver = socket.getClass().getDeclaredField("readBlocking");
            passOver.setAccessible(true);
            return new UpgradedReads(lock, socket, passOver, socket.getClass().getMethod("registerReadInterest"));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "This connector of Tomcat calls back for bytes that nobody takes", e);
            return new UpgradedReads(lock, null, null, null);
        }
    }

    /** Under this lock Tomcat calls back. On other containers it is nobody's. */
    Lock lock() {
        return lock;
    }

    /**
     * Nobody wants to read until {@link #release}. To be said again when Tomcat calls back all the same. Only with the lock.
     *
     * @return whether Tomcat will be quiet
     */
    boolean hold() {
        held = set(true);
        return held;
    }

    /** The app waits for bytes. Only with the lock. */
    void release() {
        if (!held) {
            return;
        }
        held = false;
        set(false);
        try {
            // The poller may have passed over this connection, and asks for nothing until it is told to.
            if (readOn != null) {
                readOn.invoke(socket);
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            LOG.log(Level.DEBUG, "An upgraded connection is closed while it is to be read", e);
        }
    }

    private boolean set(boolean value) {
        try {
            if (passOver == null) {
                return false;
            }
            passOver.setBoolean(socket, value);
            return true;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("It was made accessible", e);
        }
    }
}
