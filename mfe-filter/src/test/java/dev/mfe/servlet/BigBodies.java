package dev.mfe.servlet;

import static dev.mfe.testkit.Script.script;

import dev.mfe.testkit.ScriptedOrigin;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A program that sends a gibibyte from a zone to a client, and another one back, and looks whether they are the same. */
final class BigBodies {

    private static final int PART = 64 * 1024;
    private static final int PARTS = 16 * 1024;
    private static final long SIZE = (long) PART * PARTS;

    private BigBodies() {}

    public static void main(String[] arguments) throws Exception {
        long[] received = new long[1];
        try (ScriptedOrigin zone = ScriptedOrigin.connections(script().readHead()
                        .send("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n")
                        .then(peer -> write(peer.socket().getOutputStream()))
                        .readHead()
                        .then(peer -> received[0] = read(peer.socket().getInputStream()))
                        .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()));
                Socket client = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
            head(client, "GET /docs HTTP/1.1\r\nHost: x\r\n\r\n");
            System.out.println(read(client.getInputStream()) + " bytes down");
            send(client, "POST /docs HTTP/1.1\r\nHost: x\r\nContent-Length: " + SIZE + "\r\n\r\n");
            write(client.getOutputStream());
            head(client, "");
            System.out.println(received[0] + " bytes up");
        }
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends a request, or nothing more, and reads the head of its answer, which has to be 200. */
    private static void head(Socket client, String request) throws IOException {
        send(client, request);
        InputStream in = client.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("Closed inside a head: " + head);
            }
            head.append((char) b);
        }
        if (!head.toString().startsWith("HTTP/1.1 200")) {
            throw new IOException("Not what was expected: " + head);
        }
    }

    private static byte[] part(int index) {
        byte[] part = new byte[PART];
        Arrays.fill(part, (byte) index);
        part[0] = (byte) (index >> 8);
        return part;
    }

    private static void write(OutputStream out) throws IOException {
        for (int i = 0; i < PARTS; i++) {
            out.write(part(i));
        }
    }

    private static long read(InputStream in) throws IOException {
        byte[] read = new byte[PART];
        for (int i = 0; i < PARTS; i++) {
            if (in.readNBytes(read, 0, PART) < PART || !Arrays.equals(read, part(i))) {
                throw new IOException("Part " + i + " is not what was sent");
            }
        }
        return SIZE;
    }
}
