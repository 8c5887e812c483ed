package dev.mfe.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * An origin on a loopback port of the system's choice that follows a {@link Script} on each connection. A script that
 * fails, because the other side sent less than it expects for example, makes {@link #close()} fail.
 */
public final class ScriptedOrigin implements AutoCloseable {

    /** How long anything may take before a test is given up. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ServerSocket server;
    private final Deque<Script> next = new ArrayDeque<>();
    private @Nullable Script always;
    private final BlockingQueue<OriginRequest> requests = new LinkedBlockingQueue<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private int connections;
    private @Nullable Thread acceptor;

    private ScriptedOrigin(ServerSocket server) {
        this.server = server;
    }

    /** An origin that does the same on every connection. */
    public static ScriptedOrigin always(Script script) {
        ScriptedOrigin origin = start(ServerSocketFactory.getDefault());
        origin.setAlways(script);
        return origin;
    }

    /** An origin with a script for each connection, in their order; there may be no more connections than scripts. */
    public static ScriptedOrigin connections(Script... scripts) {
        ScriptedOrigin origin = start(ServerSocketFactory.getDefault());
        origin.add(scripts);
        return origin;
    }

    /** An origin whose sockets come from a factory, for TLS. */
    public static ScriptedOrigin always(ServerSocketFactory factory, Script script) {
        ScriptedOrigin origin = start(factory);
        origin.setAlways(script);
        return origin;
    }

    private static ScriptedOrigin start(ServerSocketFactory factory) {
        try {
            ServerSocket server = factory.createServerSocket(0, 4096, InetAddress.getLoopbackAddress());
            ScriptedOrigin origin = new ScriptedOrigin(server);
            Thread acceptor = new Thread(origin::accept, "scripted-origin-" + server.getLocalPort());
            acceptor.setDaemon(true);
            origin.acceptor = acceptor;
            acceptor.start();
            return origin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void setAlways(Script script) {
        always = script;
    }

    private synchronized void add(Script... scripts) {
        next.addAll(List.of(scripts));
    }

    /** The port it listens on. */
    public int port() {
        return server.getLocalPort();
    }

    /** Its URL without a path. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** How many connections were accepted so far. */
    public synchronized int connectionCount() {
        return connections;
    }

    /** The next request whose head was read, waiting for it. */
    public OriginRequest takeRequest() throws InterruptedException {
        OriginRequest request = requests.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("No request came", failure.get());
        }
        return request;
    }

    /** How many requests were read and not taken yet. */
    public int waitingRequests() {
        return requests.size();
    }

    void record(OriginRequest request) {
        requests.add(request);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Script script = scriptFor(socket);
                if (script == null) {
                    failure.compareAndSet(null, new AssertionError("One connection more than there are scripts"));
                    socket.close();
                    continue;
                }
                Thread thread = new Thread(() -> run(script, socket), "scripted-connection-" + socket.getPort());
                thread.setDaemon(true);
                thread.start();
            }
        } catch (SocketException e) {
            // Closed.
        } catch (IOException e) {
            failure.compareAndSet(null, e);
        }
    }

    private synchronized @Nullable Script scriptFor(Socket socket) {
        connections++;
        sockets.add(socket);
        Script script = next.poll();
        return script == null ? always : script;
    }

    private void run(Script script, Socket socket) {
        try {
            script.run(new Script.Peer(this, socket));
        } catch (Throwable e) {
            if (!server.isClosed()) {
                failure.compareAndSet(null, e);
            }
        }
    }

    /** Refuses new connections; those there are go on. */
    public void stopListening() throws IOException {
        server.close();
        Thread listening = acceptor;
        if (listening != null) {
            try {
                // Until it is out of accept() the system may go on to accept.
                listening.join(PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Closes everything; fails when a script did. */
    @Override
    public void close() throws IOException {
        Throwable failed = failure.get();
        stopListening();
        synchronized (this) {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        if (failed != null) {
            throw new AssertionError("A script failed: " + failed, failed);
        }
    }
}
