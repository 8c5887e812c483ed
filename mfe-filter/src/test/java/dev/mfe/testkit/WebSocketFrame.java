package dev.mfe.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A frame of the WebSocket protocol (RFC 6455 §5.2). */
public final class WebSocketFrame {

    private static final byte[] MASK = {0x1b, 0x2d, 0x3f, 0x41};

    private final int first;
    private final boolean masked;
    private final byte[] payload;

    /**
     * Makes a frame.
     *
     * @param first the first byte: FIN, the reserved bits and the opcode
     * @param masked whether it is sent under a mask, as clients must
     * @param payload what it carries, without mask
     */
    public WebSocketFrame(int first, boolean masked, byte[] payload) {
        this.first = first;
        this.masked = masked;
        this.payload = payload.clone();
    }

    /** A whole text message. */
    public static WebSocketFrame text(boolean masked, String text) {
        return new WebSocketFrame(0x81, masked, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A whole binary message. */
    public static WebSocketFrame binary(boolean masked, byte[] payload) {
        return new WebSocketFrame(0x82, masked, payload);
    }

    /** A ping. */
    public static WebSocketFrame ping(boolean masked, String text) {
        return new WebSocketFrame(0x89, masked, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A pong. */
    public static WebSocketFrame pong(boolean masked, String text) {
        return new WebSocketFrame(0x8a, masked, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A close with its code and reason. */
    public static WebSocketFrame close(boolean masked, int code, String reason) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(code >> 8);
        payload.write(code);
        payload.writeBytes(reason.getBytes(StandardCharsets.UTF_8));
        return new WebSocketFrame(0x88, masked, payload.toByteArray());
    }

    /** Reads a frame, waiting for it. */
    public static WebSocketFrame read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int first = data.readUnsignedByte();
        int second = data.readUnsignedByte();
        boolean masked = (second & 0x80) != 0;
        long length = second & 0x7f;
        if (length == 126) {
            length = data.readUnsignedShort();
        } else if (length == 127) {
            length = data.readLong();
        }
        byte[] mask = new byte[4];
        if (masked) {
            data.readFully(mask);
        }
        byte[] payload = new byte[Math.toIntExact(length)];
        data.readFully(payload);
        return new WebSocketFrame(first, masked, apply(mask, payload));
    }

    /** The frame as it goes over the wire. */
    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int flag = masked ? 0x80 : 0;
        if (payload.length < 126) {
            out.write(flag | payload.length);
        } else if (payload.length < 65536) {
            out.write(flag | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(flag | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        if (masked) {
            out.writeBytes(MASK);
            out.writeBytes(apply(MASK, payload));
        } else {
            out.writeBytes(payload);
        }
        return out.toByteArray();
    }

    private static byte[] apply(byte[] mask, byte[] payload) {
        byte[] result = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            result[i] = (byte) (payload[i] ^ mask[i % 4]);
        }
        return result;
    }

    /** FIN, the reserved bits and the opcode. */
    public int first() {
        return first;
    }

    /** What it carries. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The payload as text. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** Status code of a close frame. */
    public int closeCode() {
        return ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WebSocketFrame that
                && first == that.first
                && masked == that.masked
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public String toString() {
        return Integer.toHexString(first) + (masked ? " masked " : " ") + Arrays.toString(payload);
    }

    @Override
    public int hashCode() {
        return 31 * first + Arrays.hashCode(payload);
    }
}
