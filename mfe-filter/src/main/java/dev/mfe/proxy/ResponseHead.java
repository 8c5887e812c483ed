package dev.mfe.proxy;

/**
 * Status and fields of a response. Valid until the exchange reads its next head or is closed.
 *
 * @since 0.1
 */
public final class ResponseHead {

    private final HeaderFields fields = new HeaderFields();
    private int status;
    private long contentLength;

    ResponseHead() {}

    /**
     * Returns the status code.
     *
     * @return 100 to 999
     */
    public int status() {
        return status;
    }

    /**
     * Tells whether another head follows on this one. 101 is not interim: it ends HTTP on the connection.
     *
     * @return true for 1xx other than 101
     */
    public boolean interim() {
        return status < 200 && status != 101;
    }

    /**
     * Returns the field lines as the origin sent them, connection-specific ones included; equal duplicates of
     * Content-Length are one line (RFC 9110 §8.6).
     *
     * @return the lines, reused for the next head
     */
    public HeaderFields fields() {
        return fields;
    }

    /**
     * Returns the value of Content-Length, also where no body follows, as in the answer to HEAD.
     *
     * @return the length, or -1 when the origin did not say, or was not to say with this status
     */
    public long contentLength() {
        return contentLength;
    }

    void reset() {
        fields.clear();
        status = 0;
        contentLength = -1;
    }

    void status(int code) {
        status = code;
    }

    void contentLength(long length) {
        contentLength = length;
    }
}
