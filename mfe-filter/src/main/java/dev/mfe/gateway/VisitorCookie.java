package dev.mfe.gateway;

import dev.mfe.flags.FlagValues;
import java.util.function.BiConsumer;

/**
 * The cookie by which a visitor that a percentage flag has just met is known again.
 *
 * @since 0.1
 */
public final class VisitorCookie {

    private VisitorCookie() {}

    /**
     * Gives it to a visitor that has none. To be called after the flags were asked, before the response is committed.
     *
     * @param values the visitor's flags
     * @param add adds a field to the response
     * @param set sets a field of the response in place of any other
     */
    public static void write(FlagValues values, BiConsumer<String, String> add, BiConsumer<String, String> set) {
        values.setCookie().ifPresent(cookie -> {
            add.accept("Set-Cookie", cookie);
            // Or a cache between would make one visitor of many.
            set.accept("Cache-Control", "private, no-store");
        });
    }
}
