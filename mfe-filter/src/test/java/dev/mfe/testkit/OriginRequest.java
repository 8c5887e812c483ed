package dev.mfe.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A request as it came over the wire, byte for byte; every char is one byte. */
public final class OriginRequest {

    private final String head;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    OriginRequest(String head) {
        this.head = head;
    }

    /** The head with all its line ends. */
    public String head() {
        return head;
    }

    /** The first line without its line end. */
    public String line() {
        return head.substring(0, head.indexOf("\r\n"));
    }

    /** The request target, byte for byte. */
    public String target() {
        String line = line();
        return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
    }

    /** The values of all field lines with a name, in their order. */
    public List<String> fields(String name) {
        List<String> values = new ArrayList<>();
        String[] lines = head.split("\r\n", -1);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0 && lines[i].substring(0, colon).equalsIgnoreCase(name)) {
                values.add(lines[i].substring(colon + 1).strip());
            }
        }
        return values;
    }

    /** What the script has read behind the head so far, with all chunk framing. */
    public synchronized byte[] rawBody() {
        return body.toByteArray();
    }

    /** {@link #rawBody()} as text. */
    public String bodyText() {
        return new String(rawBody(), StandardCharsets.ISO_8859_1);
    }

    synchronized void append(byte[] bytes, int length) {
        body.write(bytes, 0, length);
    }

    @Override
    public String toString() {
        return head;
    }
}
