package dev.mfe.proxy;

/** How the end of a response's body is found (RFC 9112 §6.3). */
enum Framing {
    /** There is no body, or nothing of it is left. */
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE,
    /** The connection leaves HTTP with this response. */
    SWITCHED;

    private static final int MAX_INTERIM_RESPONSES = 32;

    /**
     * Decides for the final head that was read last.
     *
     * @param headMethod whether the request's method is HEAD
     * @param upgradeWanted whether the request asked for another protocol
     */
    static Framing of(HeadParser parser, boolean headMethod, boolean upgradeWanted) throws ProxyException {
        ResponseHead head = parser.head();
        int status = head.status();
        if (status == 101) {
            if (!upgradeWanted) {
                throw ProxyException.badResponse("The origin switches protocols without being asked");
            }
            return SWITCHED;
        }
        if (status == 204) {
            // RFC 9110 §8.6 forbids it there.
            head.fields().removeAll(KnownField.CONTENT_LENGTH);
            head.contentLength(-1);
        }
        // In the order of RFC 9112 §6.3.
        if (headMethod || status == 204 || status == 304) {
            return NONE;
        }
        if (parser.chunked()) {
            return CHUNKED;
        }
        return head.contentLength() >= 0 ? LENGTH : UNTIL_CLOSE;
    }

    /**
     * Prepares an interim head for being passed on.
     *
     * @param count how many there were with this one
     */
    static void interim(ResponseHead head, int count) throws ProxyException {
        if (count > MAX_INTERIM_RESPONSES) {
            throw ProxyException.badResponse("The origin sends one interim response after the other");
        }
        head.fields().removeAll(KnownField.CONTENT_LENGTH);
    }
}
