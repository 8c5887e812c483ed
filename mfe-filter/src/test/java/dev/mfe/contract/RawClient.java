package dev.mfe.contract;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An HTTP/1.1 client that sends exactly the bytes it is told and shows exactly what comes back: interim responses, the
 * bounds of chunks, trailer fields, and whether a connection was closed or reset. One byte is one char.
 */
public final class RawClient implements AutoCloseable {

    /** How long anything may take before a test is given up. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Socket socket;
    private final BufferedInputStream in;
    private final OutputStream out;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        this.out = socket.getOutputStream();
    }

    /** Connects to a port of this machine. */
    public static RawClient connect(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends text in one write. */
    public RawClient send(String text) throws IOException {
        return sendBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes in one write. */
    public RawClient sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    /** The next head, which may be one of an interim response. */
    public RawResponse readHead() throws IOException {
        return RawResponse.read(in, false);
    }

    /** The next head, of a response to HEAD: whatever it says, no body follows. */
    public RawResponse readHeadOfHead() throws IOException {
        return RawResponse.read(in, true);
    }

    /** The next final response with all of its body, however that ends. Interim responses before it are skipped. */
    public RawResponse readResponse() throws IOException {
        RawResponse response = readHead();
        while (response.status() < 200 && response.status() != 101) {
            response = readHead();
        }
        response.readBody();
        return response;
    }

    /** Reads so many bytes, for what is no longer HTTP. */
    public byte[] readBytes(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** What comes in one read; empty at the end. */
    public String readOnce() throws IOException {
        byte[] bytes = new byte[64 * 1024];
        int n = in.read(bytes);
        return n < 0 ? "" : new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
    }

    /** The stream itself. */
    BufferedInputStream in() {
        return in;
    }

    /** Says that nothing more will be sent, and goes on reading. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Reads until the other side closes or resets, and returns what came. */
    public String readUntilClosed() throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (String part = readOnce(); !part.isEmpty(); part = readOnce()) {
                text.append(part);
            }
        } catch (java.net.SocketException e) {
            // A reset is a close as well.
        }
        return text.toString();
    }

    /** Closes with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
