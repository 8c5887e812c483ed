package dev.mfe.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What an origin does on one connection, step by step. Immutable; each call returns a longer script. After the last
 * step the connection stays open until the other side or the origin closes it.
 *
 * <pre>{@code
 * script().readHead().send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
 * }</pre>
 */
public final class Script {

    /** One step of a script. */
    @FunctionalInterface
    public interface Step {
        /** Does it; any exception fails the origin. */
        void run(Peer peer) throws IOException, InterruptedException;
    }

    private final List<Step> steps;
    private final boolean again;

    private Script(List<Step> steps, boolean again) {
        this.steps = List.copyOf(steps);
        this.again = again;
    }

    /** A script that does nothing yet. */
    public static Script script() {
        return new Script(List.of(), false);
    }

    /** Reads a request head and answers with the text, again and again on the same connection. */
    public static Script answering(String response) {
        return script().readHead().send(response).repeat();
    }

    /** Any other step. */
    public Script then(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new Script(longer, again);
    }

    /** Starts over after the last step, until the other side closes between two requests. */
    public Script repeat() {
        return new Script(steps, true);
    }

    /** Reads up to the empty line; the request can then be had from the origin. */
    public Script readHead() {
        return then(Peer::readHead);
    }

    /** Reads exactly so many bytes of the body. */
    public Script readBody(int length) {
        return then(peer -> peer.readBody(length));
    }

    /** Reads the body up to and including a text. */
    public Script readBodyUntil(String end) {
        return then(peer -> peer.readBodyUntil(end));
    }

    /** Sends text, one byte for each char, in one write. */
    public Script send(String text) {
        return sendBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes in one write. */
    public Script sendBytes(byte[] bytes) {
        byte[] copy = bytes.clone();
        return then(peer -> peer.send(copy));
    }

    /** Sends text with one write for each byte. */
    public Script sendByteByByte(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return then(peer -> {
            for (byte b : bytes) {
                peer.send(new byte[] {b});
            }
        });
    }

    /** Waits until the test says so. */
    public Script await(CountDownLatch latch) {
        return then(peer -> {
            if (!latch.await(ScriptedOrigin.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("The test never let the script go on");
            }
        });
    }

    /** Tells the test that this step was reached. */
    public Script signal(CountDownLatch latch) {
        return then(peer -> latch.countDown());
    }

    /** Hands the connection to the test. */
    public Script tell(Consumer<Peer> consumer) {
        return then(consumer::accept);
    }

    /** Waits for the other side to close, whatever it sends until then. */
    public Script awaitClose() {
        return then(Peer::awaitClose);
    }

    /** Closes in order. */
    public Script close() {
        return then(peer -> peer.socket.close());
    }

    /** Says that nothing more will be sent, and goes on reading. */
    public Script shutdownOutput() {
        return then(peer -> peer.socket.shutdownOutput());
    }

    /** Closes with a reset. */
    public Script reset() {
        return then(peer -> {
            peer.socket.setSoLinger(true, 0);
            peer.socket.close();
        });
    }

    void run(Peer peer) throws IOException, InterruptedException {
        do {
            for (Step step : steps) {
                if (peer.socket.isClosed() || !peer.open) {
                    return;
                }
                step.run(peer);
            }
        } while (again);
    }

    /** The origin's end of a connection. */
    public static final class Peer {

        private final ScriptedOrigin origin;
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private OriginRequest request = new OriginRequest("\r\n");
        private boolean open = true;

        Peer(ScriptedOrigin origin, Socket socket) throws IOException {
            this.origin = origin;
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        /** The request that was read last. */
        public OriginRequest request() {
            return request;
        }

        /** The socket itself. */
        public Socket socket() {
            return socket;
        }

        /** Reads up to the empty line; a close before the first byte ends the script in peace. */
        public void readHead() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
                int b = head.isEmpty() ? firstByte() : in.read();
                if (b < 0) {
                    if (head.isEmpty()) {
                        open = false;
                        return;
                    }
                    throw new EOFException("Closed inside a request head: " + head);
                }
                head.append((char) b);
            }
            request = new OriginRequest(head.toString());
            origin.record(request);
        }

        private int firstByte() {
            try {
                return in.read();
            } catch (IOException e) {
                // A reset between two requests is as good as a close.
                return -1;
            }
        }

        /** Reads exactly so many bytes of the body. */
        public void readBody(int length) throws IOException {
            byte[] bytes = in.readNBytes(length);
            request.append(bytes, bytes.length);
            if (bytes.length < length) {
                throw new EOFException("Closed after " + bytes.length + " of " + length + " bytes of a body");
            }
        }

        /** Reads the body up to and including a text. */
        public void readBodyUntil(String end) throws IOException {
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().endsWith(end)) {
                int b = in.read();
                if (b < 0) {
                    throw new EOFException("Closed inside a body: " + seen);
                }
                request.append(new byte[] {(byte) b}, 1);
                seen.append((char) b);
                if (seen.length() > 4 * end.length() + 64) {
                    seen.delete(0, seen.length() - end.length());
                }
            }
        }

        /** Whatever one read gives, to see what came in one go. */
        public String readOnce() throws IOException {
            byte[] bytes = new byte[64 * 1024];
            int n = in.read(bytes);
            return n < 0 ? "" : new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
        }

        /** Sends bytes in one write. */
        public void send(byte[] bytes) throws IOException {
            out.write(bytes);
        }

        /** Waits for the other side to close, whatever it sends until then. */
        public void awaitClose() {
            byte[] bytes = new byte[8192];
            try {
                for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                    request.append(bytes, n);
                }
            } catch (IOException e) {
                // A reset is a close as well.
            }
        }
    }
}
