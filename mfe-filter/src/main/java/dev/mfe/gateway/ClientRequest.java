package dev.mfe.gateway;

import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * The client's request, whatever server it came in by. Every value is what the client sent; a char of a field value is one
 * byte of the wire.
 *
 * @since 0.1
 */
public interface ClientRequest {

    /** The method, in the client's case. */
    String method();

    /** The protocol as the servlet API writes it: {@code HTTP/1.0}, {@code HTTP/1.1}, {@code HTTP/2.0}. */
    String protocol();

    /** The scheme by which the app believes it was called, {@code http} or {@code https}. */
    String scheme();

    /** The host, with its port, by which the client called. */
    String authority();

    /** The address of whoever sent the request to us, as far as the app believes those who passed it on. */
    String peer();

    /** The names of all fields; a field with several lines comes once. */
    Enumeration<String> fieldNames();

    /** The values of all lines of a field. Names are case-insensitive. */
    Enumeration<String> fields(String name);

    /** The values of all Cookie lines, with every cookie that the client sent. */
    Enumeration<String> cookieLines();

    /** The name of who is logged in, or null. */
    @Nullable
    String user();

    /** The first value of a field, or null. */
    default @Nullable String field(String name) {
        Enumeration<String> values = fields(name);
        return values.hasMoreElements() ? values.nextElement() : null;
    }

    /** All values of a field between commas (RFC 9110 §5.3), or null. */
    default @Nullable String joined(String name) {
        Enumeration<String> values = fields(name);
        if (!values.hasMoreElements()) {
            return null;
        }
        String first = values.nextElement();
        if (!values.hasMoreElements()) {
            return first;
        }
        StringBuilder all = new StringBuilder(first);
        while (values.hasMoreElements()) {
            all.append(", ").append(values.nextElement());
        }
        return all.toString();
    }
}
