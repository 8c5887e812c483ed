package dev.mfe.flags;

import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a flag may look at. One type on every framework; nothing is read from the request before a method here asks for
 * it.
 *
 * <p>Valid only while the flag is being evaluated. The request that a {@link FlagProvider} is given throws
 * {@link IllegalStateException} from every method once the evaluation has ended, by an answer or by the time limit: the
 * container may by then use the same request object for somebody else.
 *
 * <p>Who implements this for a framework need not make it thread-safe: {@link FlagValues} never calls two methods at
 * the same time. It may call them on another thread than the request's; for {@link #principal()} see there.
 *
 * @since 0.1
 */
public interface FlagRequest {
    /** The path of the request target as the client sent it: not decoded, without the query. */
    String path();

    /** The query as the client sent it, without {@code ?}; null if there is no {@code ?}. */
    @Nullable
    String query();

    /** Whether the browser used {@code https}; decides if a cookie set for a visitor is {@code Secure}. */
    boolean secure();

    /** The first value of a header field, or null. Names are case-insensitive. */
    @Nullable
    String header(String name);

    /** Every value of a header field in the order received, one element a field line; empty if there is none. */
    List<String> headers(String name);

    /**
     * The value of a cookie as sent, or null; of several with the same name the first, because browsers send the one
     * with the most specific path first (RFC 6265 §5.4). Names are case-sensitive.
     *
     * <p>Read from the raw {@code Cookie} header: containers drop cookies whose name has a colon, among others.
     */
    default @Nullable String cookie(String name) {
        return CookieHeader.first(headers("Cookie"), name);
    }

    /** The values of every cookie with this name, in the order sent; empty if there is none. */
    default List<String> cookies(String name) {
        return CookieHeader.all(headers("Cookie"), name);
    }

    /** The address of the client, as far as the app believes those who forwarded the request. */
    String remoteAddress();

    /**
     * The user, or null if nobody is logged in.
     *
     * <p>Several frameworks bind the user to the request's thread, and answer elsewhere as if nobody were logged in. So
     * before a blocking provider moves to another thread, this is read on the thread that asks for the flag. A provider
     * that does not block has to ask before it returns its stage.
     */
    @Nullable
    Principal principal();

    /** An attribute of the session, or null if there is no such attribute or no session. Never creates a session. */
    @Nullable
    Object sessionAttribute(String name);
}
