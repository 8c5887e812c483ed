package dev.mfe.config;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** Reads what may be too long, or never end. */
final class LimitedRead {
    /** Every accepted text fits: one has no more characters than bytes. */
    static final int MAX_BYTES = JsonText.MAX_LENGTH;

    private LimitedRead() {}

    static byte[] all(String place, InputStream stream) throws IOException {
        byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
        refuseLong(place, bytes.length);
        return bytes;
    }

    /** As above, but gives up when the clock of {@link System#nanoTime} reaches the deadline. */
    static byte[] all(String place, InputStream stream, long deadline) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        int count;
        while ((count = stream.read(buffer)) >= 0) {
            bytes.write(buffer, 0, count);
            refuseLong(place, bytes.size());
            if (System.nanoTime() - deadline > 0) {
                throw new SocketTimeoutException("the answer takes too long");
            }
        }
        return bytes.toByteArray();
    }

    /** An exception's message, or its name where the message would say too little. */
    static String reason(IOException e) {
        if (e instanceof UnknownHostException) {
            return "the host is not known";
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static void refuseLong(String place, int length) {
        if (length > MAX_BYTES) {
            throw ConfigUnavailableException.unreadable(
                    place, "it is longer than " + MAX_BYTES + " bytes", "check that it is the right file");
        }
    }
}
