package dev.mfe.benchmarks.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Many event streams at a time, each with an event a second. */
final class Streams {

    private static final int OPENED_PER_SECOND = 1000;
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

    private Streams() {}

    /**
     * What came of it.
     *
     * @param live streams that had an event in the last two seconds
     * @param events how many came while it was measured
     * @param p99Millis how much later than due they came, all but one of a hundred
     * @param cpuMicros CPU time of the server for each event
     */
    record Result(int live, long events, double p99Millis, double cpuMicros) {}

    static Result run(Server server, String path, int streams, int seconds) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        List<Stream> all = new ArrayList<>();
        long[] late = new long[streams * (seconds + 2)];
        int events = 0;
        try (Selector selector = Selector.open()) {
            long start = System.nanoTime();
            long measured = Long.MAX_VALUE;
            long end = Long.MAX_VALUE;
            long cpuBefore = 0;
            ByteBuffer input = ByteBuffer.allocateDirect(16 * 1024);
            while (true) {
                long now = System.nanoTime();
                if (end != Long.MAX_VALUE && now - end >= 0) {
                    break;
                }
                int wanted = (int) Math.min(streams, (now - start) * OPENED_PER_SECOND / 1_000_000_000 + 1);
                while (all.size() < wanted) {
                    all.add(open(selector, address, request));
                    if (all.size() == streams) {
                        // Three seconds on, all have had events.
                        measured = System.nanoTime() + 3_000_000_000L;
                    }
                }
                if (end == Long.MAX_VALUE && measured != Long.MAX_VALUE && now - measured >= 0) {
                    cpuBefore = server.cpuMicros();
                    events = 0;
                    end = now + seconds * 1_000_000_000L;
                }
                selector.select(5);
                now = System.nanoTime();
                for (SelectionKey key : selector.selectedKeys()) {
                    Stream stream = (Stream) key.attachment();
                    input.clear();
                    if (stream.read(input) < 0) {
                        key.cancel();
                        continue;
                    }
                    input.flip();
                    while (input.hasRemaining()) {
                        long due = stream.due(input.get());
                        if (due > 0) {
                            stream.lastEvent = now;
                            if (events < late.length) {
                                late[events++] = now - due;
                            }
                        }
                    }
                }
                selector.selectedKeys().clear();
            }
            long cpu = server.cpuMicros() - cpuBefore;
            long now = System.nanoTime();
            int live = (int) all.stream()
                    .filter(stream -> stream.lastEvent != 0 && now - stream.lastEvent < 2_000_000_000L)
                    .count();
            long[] sorted = Arrays.copyOf(late, events);
            Arrays.sort(sorted);
            return new Result(
                    live,
                    events,
                    events == 0 ? 0 : sorted[(int) (events * 99L / 100)] / 1e6,
                    events == 0 ? 0 : (double) cpu / events);
        } finally {
            for (Stream stream : all) {
                stream.channel.close();
            }
        }
    }

    private static Stream open(Selector selector, InetSocketAddress address, byte[] request) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        channel.write(ByteBuffer.wrap(request));
        channel.configureBlocking(false);
        Stream stream = new Stream(channel);
        channel.register(selector, SelectionKey.OP_READ, stream);
        return stream;
    }

    /** A stream, and how far the event on it has come. */
    private static final class Stream {
        private final SocketChannel channel;
        private int matched;
        private long number;
        private long lastEvent;

        Stream(SocketChannel channel) {
            this.channel = channel;
        }

        int read(ByteBuffer input) {
            try {
                return channel.read(input);
            } catch (IOException e) {
                return -1;
            }
        }

        /** When the event was due that ends with this byte, 0 when none does. */
        long due(byte b) {
            if (matched < DATA.length) {
                matched = b == DATA[matched] ? matched + 1 : b == DATA[0] ? 1 : 0;
                number = 0;
                return 0;
            }
            if (b >= '0' && b <= '9') {
                number = number * 10 + (b - '0');
                return 0;
            }
            matched = 0;
            return number;
        }
    }
}
