package dev.mfe.benchmarks.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The zone behind every proxy: one thread, answers that lie ready in memory, and event streams with an event a second.
 * Each event says when it was due, in the time of {@link System#nanoTime()}, which all processes of a Linux machine
 * share.
 */
final class Origin {

    private static final long SECOND = 1_000_000_000;
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STREAM_HEAD =
            head("Content-Type: text/event-stream", "Cache-Control: no-store", "Transfer-Encoding: chunked");

    private final Map<Page, ByteBuffer> answers = new EnumMap<>(Page.class);
    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final ByteBuffer input = ByteBuffer.allocateDirect(64 * 1024);
    private final ByteBuffer event = ByteBuffer.allocateDirect(128);

    /** In the order of their next events, since all wait a second. */
    private final Deque<Client> streams = new ArrayDeque<>();

    private Origin() throws IOException {
        for (Page page : Page.values()) {
            answers.put(page, answer(page));
        }
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Serves until standard input ends. */
    public static void main(String[] arguments) throws IOException {
        Origin origin = new Origin();
        Contestants.started(origin.server.socket().getLocalPort());
        origin.serve();
    }

    private static byte[] head(String... fields) {
        return ("HTTP/1.1 200 OK\r\n" + String.join("\r\n", fields) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuffer answer(Page page) {
        byte[] head = head(
                "Date: Wed, 21 Oct 2015 07:28:00 GMT",
                "Content-Type: " + Page.CONTENT_TYPE,
                "Cache-Control: " + Page.CACHE_CONTROL,
                "ETag: " + Page.ETAG,
                "Last-Modified: " + Page.LAST_MODIFIED,
                "Content-Length: " + page.length());
        return ByteBuffer.allocateDirect(head.length + page.length())
                .put(head)
                .put(page.body())
                .flip();
    }

    private void serve() throws IOException {
        while (true) {
            Client first = streams.peek();
            if (first == null) {
                selector.select();
            } else {
                long wait = (first.due - System.nanoTime()) / 1_000_000;
                if (wait > 0) {
                    selector.select(wait);
                } else {
                    selector.selectNow();
                }
            }
            for (SelectionKey key : selector.selectedKeys()) {
                handle(key);
            }
            selector.selectedKeys().clear();
            sendEvents(System.nanoTime());
        }
    }

    private void handle(SelectionKey key) {
        if (key.attachment() instanceof Client client) {
            try {
                if (key.isValid() && key.isWritable()) {
                    client.continueAnswer();
                }
                if (key.isValid() && key.isReadable()) {
                    read(client);
                }
            } catch (IOException e) {
                client.close();
            }
        } else {
            accept();
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.register(selector, SelectionKey.OP_READ, new Client(channel, selector));
            }
        } catch (IOException e) {
            System.err.println("A connection was not accepted: " + e);
        }
    }

    private void read(Client client) throws IOException {
        input.clear();
        int n = client.channel.read(input);
        if (n < 0) {
            client.close();
            return;
        }
        input.flip();
        while (input.hasRemaining()) {
            if (client.endsHead(input.get())) {
                answer(client);
            }
        }
    }

    private void answer(Client client) throws IOException {
        if (client.target == Target.EVENTS) {
            client.channel.write(ByteBuffer.wrap(STREAM_HEAD));
            client.due = System.nanoTime() + SECOND;
            streams.add(client);
        } else {
            Page page = client.target == Target.LARGE ? Page.SIXTY_FOUR_KB : Page.ONE_KB;
            ByteBuffer answer = answers.get(page);
            if (answer != null) {
                client.answer(answer);
            }
        }
    }

    private void sendEvents(long now) {
        for (Client first = streams.peek(); first != null && first.due - now <= 0; first = streams.peek()) {
            streams.remove();
            if (!first.channel.isOpen()) {
                continue;
            }
            String data = String.format(Locale.ROOT, "1b\r\ndata: %019d\n\n\r\n", first.due);
            event.clear().put(data.getBytes(StandardCharsets.US_ASCII)).flip();
            try {
                first.channel.write(event);
                first.due += SECOND;
                streams.add(first);
            } catch (IOException e) {
                first.close();
            }
        }
    }

    private enum Target {
        SMALL,
        LARGE,
        EVENTS
    }

    /** A connection, and how far its request was read. */
    private static final class Client {
        private final SocketChannel channel;
        private final Selector selector;
        private int matched;
        private boolean firstLine = true;
        private byte last;
        private byte beforeLast;
        private Target target = Target.SMALL;
        private @Nullable ByteBuffer unsent;
        private long due;

        Client(SocketChannel channel, Selector selector) {
            this.channel = channel;
            this.selector = selector;
        }

        /** The target is told by how it ends: {@code /64k}, {@code s} of {@code /events}, or anything else. */
        boolean endsHead(byte b) {
            if (firstLine) {
                if (b == ' ' && last != 'T') {
                    target = last == 's'
                            ? Target.EVENTS
                            : last == 'k' && beforeLast == '4' ? Target.LARGE : Target.SMALL;
                }
                firstLine = b != '\n';
                beforeLast = last;
                last = b;
            }
            matched = b == END_OF_HEAD[matched] ? matched + 1 : b == '\r' ? 1 : 0;
            if (matched < END_OF_HEAD.length) {
                return false;
            }
            matched = 0;
            firstLine = true;
            return true;
        }

        void answer(ByteBuffer answer) throws IOException {
            ByteBuffer rest = answer.duplicate();
            channel.write(rest);
            if (rest.hasRemaining()) {
                unsent = rest;
                interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
        }

        void continueAnswer() throws IOException {
            ByteBuffer rest = unsent;
            if (rest != null) {
                channel.write(rest);
            }
            if (rest == null || !rest.hasRemaining()) {
                unsent = null;
                interest(SelectionKey.OP_READ);
            }
        }

        private void interest(int operations) {
            SelectionKey key = channel.keyFor(selector);
            if (key != null) {
                key.interestOps(operations);
            }
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                System.err.println("A connection was not closed: " + e);
            }
        }
    }
}
