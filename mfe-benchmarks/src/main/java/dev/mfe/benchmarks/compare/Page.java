package dev.mfe.benchmarks.compare;

import java.util.Arrays;

/** What is asked for: the same fields and bytes from the origin and from a server that answers by itself. */
enum Page {
    ONE_KB("1k", 1024),
    SIXTY_FOUR_KB("64k", 64 * 1024);

    static final String CONTENT_TYPE = "text/html;charset=UTF-8";
    static final String CACHE_CONTROL = "public, max-age=0, must-revalidate";
    static final String ETAG = "\"33a64df551425fcc55e4d42a148795d9f25f89d4\"";
    static final String LAST_MODIFIED = "Wed, 21 Oct 2015 07:28:00 GMT";

    private final String name;
    private final int length;

    Page(String name, int length) {
        this.name = name;
        this.length = length;
    }

    /** The last segment of its path. */
    String segment() {
        return name;
    }

    int length() {
        return length;
    }

    byte[] body() {
        byte[] body = new byte[length];
        Arrays.fill(body, (byte) 'x');
        return body;
    }

    static Page atEndOf(String path) {
        return path.endsWith(SIXTY_FOUR_KB.name) ? SIXTY_FOUR_KB : ONE_KB;
    }
}
