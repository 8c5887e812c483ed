package dev.mfe.proxy;

import java.nio.ByteBuffer;

/**
 * Reads the responses of one connection for whoever moves its bytes himself, as strictly as {@link Exchange} does:
 *
 * <pre>{@code
 * decoder.begin(method.equals("HEAD"), false);
 * while (true) {
 *     switch (decoder.next(bytes)) {
 *         case HEAD -> use(decoder.head());
 *         case DATA -> decoder.taken(take(bytes, Math.min(decoder.left(), bytes.remaining())));
 *         case END -> finish(decoder.trailers());
 *         case MORE -> bytes = moreBytesBehind(bytes);
 *     }
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 *
 * @since 0.1
 */
public final class ResponseDecoder {

    /** What comes next. */
    public enum Step {
        /** Nothing can be said before more bytes are there. */
        MORE,
        /** A head is complete, an interim one or the final one. */
        HEAD,
        /** What follows is data of the body; it is the caller's to take, and to say so. */
        DATA,
        /** The response is complete. */
        END
    }

    private enum State {
        IDLE,
        HEAD,
        DATA,
        CHUNK_LINE,
        TRAILERS,
        END,
        DONE
    }

    private final HeadParser parser;
    private final ChunkParser chunks = new ChunkParser();

    private State state = State.IDLE;
    private boolean isHead;
    private boolean mayUpgrade;
    private boolean chunked;
    private boolean untilClose;
    private boolean inTrailers;
    private boolean started;
    private boolean interimRead;
    private int interimResponses;
    private long left;

    /**
     * Makes a decoder for a new connection.
     *
     * @param maxHeadBytes size of a head, or of a trailer section, at most
     * @param maxFields fields of either at most
     */
    public ResponseDecoder(int maxHeadBytes, int maxFields) {
        this.parser = new HeadParser(maxHeadBytes, maxFields);
    }

    /**
     * Expects the response to a request that is about to be sent.
     *
     * @param headMethod whether its method is HEAD
     * @param upgrade whether it asks for another protocol
     */
    public void begin(boolean headMethod, boolean upgrade) {
        isHead = headMethod;
        mayUpgrade = upgrade;
        chunked = false;
        untilClose = false;
        inTrailers = false;
        started = false;
        interimRead = false;
        interimResponses = 0;
        left = 0;
        state = State.HEAD;
        parser.beginHead();
    }

    /**
     * Whether any byte of the response has come.
     *
     * @return true from the first one on
     */
    public boolean started() {
        return started;
    }

    /**
     * Whether the final head has come.
     *
     * @return true from then on
     */
    public boolean headRead() {
        return state != State.IDLE && state != State.HEAD;
    }

    /**
     * Reads on. Bytes of a body are left where they are.
     *
     * @param in bytes in an array; what is consumed is skipped, what is not has to come again with more behind it
     * @return what comes next
     * @throws ProxyException when this is not HTTP/1.x as it is accepted here
     */
    public Step next(ByteBuffer in) throws ProxyException {
        started |= in.hasRemaining();
        while (true) {
            switch (state) {
                case HEAD -> {
                    if (interimRead && in.hasRemaining()) {
                        interimRead = false;
                        parser.beginHead();
                    }
                    if (!in.hasRemaining() || !parser.parse(in)) {
                        return Step.MORE;
                    }
                    headComplete();
                    return Step.HEAD;
                }
                case DATA -> {
                    return in.hasRemaining() ? Step.DATA : Step.MORE;
                }
                case CHUNK_LINE -> {
                    if (!chunks.parse(in)) {
                        return Step.MORE;
                    }
                    left = chunks.size();
                    inTrailers = left == 0;
                    if (inTrailers) {
                        parser.beginTrailers();
                    }
                    state = inTrailers ? State.TRAILERS : State.DATA;
                }
                case TRAILERS -> {
                    if (!parser.parse(in)) {
                        return Step.MORE;
                    }
                    state = State.END;
                }
                case END -> {
                    state = State.DONE;
                    return Step.END;
                }
                case IDLE, DONE -> throw ProxyException.badResponse("The origin sends what nobody has asked for");
            }
        }
    }

    private void headComplete() throws ProxyException {
        ResponseHead head = parser.head();
        if (head.interim()) {
            Framing.interim(head, ++interimResponses);
            interimRead = true;
            return;
        }
        switch (Framing.of(parser, isHead, mayUpgrade)) {
            case SWITCHED -> state = State.DONE;
            case NONE -> state = State.END;
            case CHUNKED -> {
                chunked = true;
                chunks.begin();
                state = State.CHUNK_LINE;
            }
            case LENGTH -> {
                left = head.contentLength();
                state = left == 0 ? State.END : State.DATA;
            }
            case UNTIL_CLOSE -> {
                untilClose = true;
                left = Long.MAX_VALUE;
                state = State.DATA;
            }
        }
    }

    /**
     * Whether what comes next is data of the body, so that {@link #next} need not be asked.
     *
     * @return true while {@link #left} tells how much
     */
    public boolean inData() {
        return state == State.DATA;
    }

    /**
     * How many bytes of data follow at most.
     *
     * @return the rest of the body or of the chunk
     */
    public long left() {
        return left;
    }

    /**
     * Skips data that the caller has taken.
     *
     * @param count how many bytes, {@link #left()} at most
     */
    public void taken(long count) {
        started = true;
        if (!untilClose) {
            left -= count;
            if (left == 0) {
                state = chunked ? State.CHUNK_LINE : State.END;
            }
        }
    }

    /**
     * The origin has closed.
     *
     * @return whether that is the end of the body, so that {@link Step#END} comes next
     */
    public boolean closed() {
        if (state == State.DATA && untilClose) {
            state = State.END;
        }
        return state == State.END;
    }

    /**
     * Returns the head that was read last.
     *
     * @return status and fields, valid until the next head is read
     */
    public ResponseHead head() {
        return parser.head();
    }

    /**
     * Returns the trailer fields.
     *
     * @return those of this response, empty where there are none; complete at {@link Step#END}
     */
    public HeaderFields trailers() {
        if (!inTrailers) {
            parser.trailers().clear();
        }
        return parser.trailers();
    }

    /**
     * Whether the connection can carry another request after this response.
     *
     * @return false when the origin says that it closes, or has to
     */
    public boolean keepsConnection() {
        return !untilClose && !parser.close();
    }

    /**
     * How long the origin says that it keeps the connection.
     *
     * @return the time in nanoseconds, {@link Long#MAX_VALUE} when it does not say
     */
    public long keepAliveNanos() {
        return parser.keepAliveNanos();
    }
}
