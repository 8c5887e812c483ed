package dev.mfe.benchmarks.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests that come when they come, as those of many people do, and not when the last one was answered. A request that
 * a server keeps waiting is counted from when it was due, so a pause is felt by all that fall into it.
 */
final class OpenLoop implements AutoCloseable {

    /** Opened before the clock runs; more are opened when all are busy. */
    private static final int CONNECTIONS = 64;

    /** The same arrivals for all contestants. */
    private static final long SEED = 20_260_101;

    private static final int LONGEST_HEAD = 8 * 1024;

    private final InetSocketAddress server;
    private final ByteBuffer request;
    private final Selector selector = Selector.open();
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final long[] nanos;
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile boolean over;

    private OpenLoop(int port, String path, List<String> fields, int requests) throws IOException {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.nanos = new long[requests];
        byte[] head = ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + String.join("\r\n", fields)
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        request = ByteBuffer.allocateDirect(head.length).put(head).flip();
    }

    /** Sends requests at exponentially distributed intervals, which are at the given rate on average. */
    static Load run(int port, String path, List<String> fields, int perSecond, int seconds)
            throws IOException, InterruptedException {
        try (OpenLoop loop = new OpenLoop(port, path, fields, perSecond * seconds)) {
            return loop.run(perSecond);
        }
    }

    private Load run(int perSecond) throws IOException, InterruptedException {
        for (int i = 0; i < CONNECTIONS; i++) {
            idle.push(connect());
        }
        Thread receiver = new Thread(this::receive, "open-loop-receiver");
        receiver.start();
        Random random = new Random(SEED);
        long start = System.nanoTime();
        long due = start;
        for (int i = 0; i < nanos.length; i++) {
            due += (long) (-Math.log(1 - random.nextDouble()) * 1e9 / perSecond);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            send(i, due);
        }
        long end = System.nanoTime() + 10_000_000_000L;
        while (answered.get() + failed.get() < nanos.length && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        over = true;
        selector.wakeup();
        receiver.join();
        int count = answered.get();
        int failures = nanos.length - count;
        // Those that were not answered are 0 and come first.
        Arrays.sort(nanos);
        return new Load(
                count,
                failures,
                count / elapsed,
                nanos[failures + count / 2] / 1e6,
                nanos[failures + count * 99 / 100] / 1e6);
    }

    private Connection connect() throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Connection connection = new Connection(channel);
        selector.wakeup();
        channel.register(selector, SelectionKey.OP_READ, connection);
        // Or the selector goes on waiting without it.
        selector.wakeup();
        return connection;
    }

    private void send(int number, long due) throws IOException {
        Connection connection = idle.poll();
        if (connection == null) {
            connection = connect();
        }
        connection.begin(number, due);
        ByteBuffer bytes = request.duplicate();
        try {
            while (bytes.hasRemaining()) {
                connection.channel.write(bytes);
            }
        } catch (IOException e) {
            // The server has closed it meanwhile, which the receiver notices as well.
            lost(connection);
        }
    }

    private void receive() {
        ByteBuffer input = ByteBuffer.allocateDirect(128 * 1024);
        try {
            while (!over) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    read(key, (Connection) key.attachment(), input);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            System.err.println("The open-loop client has stopped: " + e);
        }
    }

    private void read(SelectionKey key, Connection connection, ByteBuffer input) {
        input.clear();
        try {
            int n = connection.channel.read(input);
            if (n < 0) {
                throw new IOException("closed");
            }
            input.flip();
            if (connection.ends(input)) {
                nanos[connection.number] = System.nanoTime() - connection.due;
                answered.incrementAndGet();
                connection.busy.set(false);
                idle.push(connection);
            }
        } catch (IOException e) {
            key.cancel();
            lost(connection);
        }
    }

    private void lost(Connection connection) {
        if (connection.busy.getAndSet(false)) {
            failed.incrementAndGet();
        } else {
            idle.remove(connection);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    /** A connection and how far the answer on it has come. */
    private static final class Connection {
        private final SocketChannel channel;
        private final AtomicBoolean busy = new AtomicBoolean();
        private final StringBuilder head = new StringBuilder();
        private volatile int number;
        private volatile long due;
        private boolean inBody;
        private boolean chunked;
        private long left;
        private int lastBytes;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void begin(int requestNumber, long dueAt) {
            number = requestNumber;
            due = dueAt;
            busy.set(true);
        }

        boolean ends(ByteBuffer input) throws IOException {
            while (!inBody) {
                if (!input.hasRemaining()) {
                    return false;
                }
                head.append((char) input.get());
                if (head.length() > LONGEST_HEAD) {
                    throw new IOException("The head of an answer is too long");
                }
                int length = head.length();
                if (length > 3 && head.charAt(length - 1) == '\n' && head.charAt(length - 3) == '\n') {
                    beginBody();
                }
            }
            if (chunked) {
                // The pages hold no such bytes themselves: "0", and the four that end the last chunk and the message.
                while (input.hasRemaining()) {
                    lastBytes = lastBytes << 8 | input.get();
                }
                left = lastBytes == 0x0d0a0d0a ? 0 : 1;
            } else {
                left -= input.remaining();
            }
            if (left > 0) {
                return false;
            }
            inBody = false;
            head.setLength(0);
            return true;
        }

        private void beginBody() throws IOException {
            String fields = head.toString().toLowerCase(Locale.ROOT);
            if (!fields.startsWith("http/1.1 200")) {
                throw new IOException("Not 200");
            }
            int length = fields.indexOf("\ncontent-length:");
            chunked = length < 0;
            left = chunked
                    ? 1
                    : Long.parseLong(fields.substring(length + 16, fields.indexOf('\r', length))
                            .strip());
            inBody = true;
        }
    }
}
