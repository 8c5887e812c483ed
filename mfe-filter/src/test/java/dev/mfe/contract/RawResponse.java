package dev.mfe.contract;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A response as it comes over the wire. The body is read as far as a test asks for it. */
public final class RawResponse {

    /** How a response ended. */
    public enum Ending {
        /** There may be more. */
        OPEN,
        /** As its framing says. */
        COMPLETE,
        /** Closed before it was complete. */
        CUT,
        /** Reset before it was complete. */
        RESET
    }

    private final InputStream in;
    private final String head;
    private final boolean chunked;
    private final List<String> trailers = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private long left;
    private boolean insideChunk;
    private Ending ending = Ending.OPEN;

    private RawResponse(InputStream in, String head, boolean answersHead) {
        this.in = in;
        this.head = head;
        boolean bodyless = answersHead || status() < 200 || status() == 204 || status() == 304;
        this.chunked = !bodyless
                && fields("Transfer-Encoding").stream()
                        .anyMatch(v -> v.toLowerCase(Locale.ROOT).endsWith("chunked"));
        List<String> lengths = fields("Content-Length");
        if (bodyless) {
            left = 0;
        } else {
            left = chunked || lengths.isEmpty() ? -1 : Long.parseLong(lengths.get(0));
        }
        if (left == 0) {
            ending = Ending.COMPLETE;
        }
    }

    static RawResponse read(InputStream in, boolean answersHead) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("Closed inside a response head: \"" + head + "\"");
            }
            head.append((char) b);
        }
        return new RawResponse(in, head.toString(), answersHead);
    }

    /** The head with all its line ends. */
    public String head() {
        return head;
    }

    public int status() {
        return Integer.parseInt(head.substring(9, 12));
    }

    /** The values of all field lines with a name, in their order. */
    public List<String> fields(String name) {
        return fieldsIn(head.split("\r\n", -1), name);
    }

    private static List<String> fieldsIn(String[] lines, String name) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0 && lines[i].substring(0, colon).equalsIgnoreCase(name)) {
                values.add(lines[i].substring(colon + 1).strip());
            }
        }
        return values;
    }

    /** The trailer fields as lines; there when the body was read to its end. */
    public List<String> trailers() {
        return trailers;
    }

    /** The part of the body that was read so far. */
    public byte[] bodyBytes() {
        return body.toByteArray();
    }

    /** {@link #bodyBytes} as text. */
    public String body() {
        return body.toString(StandardCharsets.ISO_8859_1);
    }

    public Ending ending() {
        return ending;
    }

    /** Reads the body to its end, however that comes. */
    public RawResponse readBody() throws IOException {
        while (nextPart() != null) {
            // Collected in body.
        }
        return this;
    }

    /** The next chunk, or without chunks what one read gives; null at the end. */
    public @Nullable String nextPart() throws IOException {
        if (ending != Ending.OPEN) {
            return null;
        }
        try {
            byte[] part = chunked ? nextChunk() : nextRead();
            if (part == null) {
                return null;
            }
            body.write(part);
            return new String(part, StandardCharsets.ISO_8859_1);
        } catch (EOFException e) {
            ending = Ending.CUT;
            return null;
        } catch (SocketException e) {
            ending = Ending.RESET;
            return null;
        }
    }

    private byte @Nullable [] nextRead() throws IOException {
        byte[] bytes = new byte[(int) (left < 0 ? 16 * 1024 : Math.min(left, 16 * 1024))];
        int n = in.read(bytes);
        if (n < 0) {
            ending = left < 0 ? Ending.COMPLETE : Ending.CUT;
            return null;
        }
        if (left >= 0) {
            left -= n;
            if (left == 0) {
                ending = Ending.COMPLETE;
            }
        }
        return java.util.Arrays.copyOf(bytes, n);
    }

    private byte @Nullable [] nextChunk() throws IOException {
        // The line end behind a chunk's data may come with the next chunk; its data can be used before that.
        if (insideChunk && !readLine().isEmpty()) {
            throw new IOException("A chunk is longer than it says");
        }
        insideChunk = false;
        String line = readLine();
        int length = Integer.parseInt(line.replaceFirst(";.*", "").strip(), 16);
        if (length == 0) {
            for (String trailer = readLine(); !trailer.isEmpty(); trailer = readLine()) {
                trailers.add(trailer);
            }
            ending = Ending.COMPLETE;
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            body.write(bytes);
            throw new EOFException("Closed inside a chunk");
        }
        insideChunk = true;
        return bytes;
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("Closed inside a line");
            }
            if (b == '\n') {
                return line.substring(0, Math.max(0, line.length() - 1));
            }
            line.append((char) b);
        }
    }

    @Override
    public String toString() {
        return head + body();
    }
}
