package dev.mfe.servlet;

import dev.mfe.proxy.Tunnel;
import dev.mfe.proxy.ViaField;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The container that a filter runs in: what it can do, how many of its threads wait for zones, and its name in Via. */
final class Container {

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());

    /** {@code Thread.isVirtual()}, which Java has since 21. */
    private static final @Nullable MethodHandle IS_VIRTUAL = isVirtualMethod();

    /** Threads that may wait for zones whatever they are like; in a small pool a quarter of it. */
    private static final int WAITING_THREADS = 4;

    /**
     * Threads that may wait while the zone is seen to answer; in a small pool three quarters of it. To wait on a thread is
     * cheapest, if it is not for long.
     */
    private static final int WAITING_THREADS_WHILE_QUICK = 48;

    private static final long QUICK_NANOS = 50_000_000;

    private final ViaField via = ViaField.unique();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean asyncReported = new AtomicBoolean();
    private volatile boolean jetty;
    private volatile boolean earlyHints;

    /** Of the connector that brought the first request; 0 until then. */
    private volatile int threads;

    ViaField via() {
        return via;
    }

    /** Remembers what the container can do. */
    void runIn(ServletContext context) {
        // Not by its server info, which many an administrator hides.
        String container = context.getClass().getName();
        jetty = container.startsWith("org.eclipse.jetty.");
        // Undertow takes 103 for the final status.
        earlyHints = jetty || container.startsWith("org.apache.catalina.");
    }

    /** Whether the connection of a request can leave HTTP. */
    boolean canUpgrade(HttpServletRequest request) {
        return !jetty || JettyTunnel.possible(request);
    }

    /** Lets the connection of a request leave HTTP when the request is over, and joins it with one to a zone then. */
    void tunnel(HttpServletRequest request, Tunnel zone) throws IOException {
        // Jetty 12.0 does not have HttpServletRequest.upgrade(), and 12.1 reads nothing afterwards.
        if (jetty) {
            JettyTunnel.open(request, zone);
        } else {
            ZoneTunnel.open(request, zone);
        }
    }

    /** Whether 103 can be sent ahead of a response. */
    boolean canHint() {
        return earlyHints;
    }

    /** Whether it can be sent without waiting for the client. */
    boolean canHintAtOnce() {
        return earlyHints && !jetty;
    }

    /** Says once that requests cannot let go of their threads; the servlet API tells it only while one is there. */
    void asyncIsMissing() {
        if (asyncReported.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "A filter in front of the microfrontends filter, or its own registration, does not support"
                            + " asynchronous requests, so every request that waits for a zone holds a thread; set"
                            + " async-supported (setAsyncSupported(true), @WebFilter(asyncSupported = true)) for all of them");
        }
    }

    /** Counts a thread that may have to wait for a zone. */
    void enter(HttpServletRequest request) {
        if (threads == 0) {
            threads = Connections.threads(request);
        }
        waiting.incrementAndGet();
    }

    /** Counts it out. */
    void leave() {
        waiting.decrementAndGet();
    }

    /** Whether so many threads wait that one more should not wait for this zone. */
    boolean crowded(ServletZone zone) {
        int now = waiting.get();
        int all = threads;
        return now > Math.min(WAITING_THREADS, all / 4)
                && (now > Math.min(WAITING_THREADS_WHILE_QUICK, all / 4 * 3 + all % 4 * 3 / 4)
                        || System.nanoTime() - zone.answeredAt() > QUICK_NANOS);
    }

    /** Whether waiting on this thread costs nothing that others need. */
    static boolean onVirtualThread() {
        return IS_VIRTUAL != null && isVirtual(IS_VIRTUAL);
    }

    private static boolean isVirtual(MethodHandle handle) {
        try {
            return (boolean) handle.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new IllegalStateException("Thread.isVirtual() failed", e);
        }
    }

    private static @Nullable MethodHandle isVirtualMethod() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    /**
     * The container's own request. Filters wrap requests to change method, path or forwarded fields for the local app; routing
     * and the zone go by what the client sent.
     */
    static HttpServletRequest unwrap(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner instanceof HttpServletRequest http ? http : request;
    }

    /**
     * The container's own response. Filters wrap responses to add the local app's security fields or session when the
     * response is committed; those are not for a zone's page.
     */
    static HttpServletResponse unwrap(HttpServletResponse response) {
        ServletResponse inner = response;
        while (inner instanceof ServletResponseWrapper wrapper) {
            inner = wrapper.getResponse();
        }
        return inner instanceof HttpServletResponse http ? http : response;
    }
}
