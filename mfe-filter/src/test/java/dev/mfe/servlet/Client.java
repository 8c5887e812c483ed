package dev.mfe.servlet;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends exactly the bytes it is told; one char is one byte. */
final class Client implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    private Client(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        socket.setSoTimeout(20_000);
    }

    static Client connect(int port) throws IOException {
        return new Client(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** One request on a connection of its own. */
    static Answer get(int port, String target, String... lines) throws IOException {
        try (Client client = connect(port)) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: www.example.com\r\n" + lines(lines) + "\r\n");
            return client.readAnswer();
        }
    }

    static String lines(String... lines) {
        return lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    }

    Client send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** A head, whatever follows. */
    Answer readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("Closed inside a head: " + head);
            }
            head.append((char) b);
        }
        return new Answer(head.toString(), "", List.of());
    }

    /** A response with its body; {@link EOFException} when it is cut. */
    Answer readAnswer() throws IOException {
        Answer head = readHead();
        List<String> trailers = new ArrayList<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (head.fields("Transfer-Encoding").contains("chunked")) {
            for (String chunk = readChunk(); !chunk.isEmpty(); chunk = readChunk()) {
                body.write(chunk.getBytes(StandardCharsets.ISO_8859_1));
            }
            for (String line = readLine(); !line.isEmpty(); line = readLine()) {
                trailers.add(line);
            }
        } else if (!head.fields("Content-Length").isEmpty()) {
            body.write(readBytes(Integer.parseInt(head.fields("Content-Length").get(0)))
                    .getBytes(StandardCharsets.ISO_8859_1));
        } else if (head.status() != 204 && head.status() != 304) {
            body.write(in.readAllBytes());
        }
        return new Answer(head.head(), body.toString(StandardCharsets.ISO_8859_1), trailers);
    }

    /** The next chunk; empty for the last one, of which the trailers are still to be read. */
    String readChunk() throws IOException {
        int size = Integer.parseInt(readLine(), 16);
        if (size == 0) {
            return "";
        }
        String chunk = readBytes(size);
        readLine();
        return chunk;
    }

    String readBytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("Closed after " + bytes.length + " of " + count + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("Closed inside a line: " + line);
            }
            line.append((char) b);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A response. */
    record Answer(String head, String body, List<String> trailers) {
        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        List<String> fields(String name) {
            List<String> values = new ArrayList<>();
            for (String line : head.split("\r\n", -1)) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                    values.add(line.substring(colon + 1).strip());
                }
            }
            return values;
        }
    }
}
