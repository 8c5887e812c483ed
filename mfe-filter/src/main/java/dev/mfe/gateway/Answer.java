package dev.mfe.gateway;

import dev.mfe.path.RequestPath;
import dev.mfe.proxy.ProxyFailure;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A response of our own, instead of a page. To be written as it is, its length included; only after HEAD the body is left out.
 *
 * @param status the status code
 * @param fields values by name, in their order; {@code Content-Length} is not among them
 * @param body the content, to be sent in UTF-8
 * @since 0.1
 */
public record Answer(int status, Map<String, String> fields, String body) {

    /** RFC 9110 §9.3: what can be asked of a zone. Which of them a page of it takes is for the zone to say. */
    private static final String ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    /** Short, plain, and nothing about the inside. */
    private static Answer plain(int status, String text, @Nullable String allow) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (allow != null) {
            fields.put("Allow", allow);
        }
        fields.put("Cache-Control", "no-store");
        fields.put("Content-Type", "text/plain;charset=UTF-8");
        fields.put("X-Content-Type-Options", "nosniff");
        return new Answer(status, fields, text + "\n");
    }

    static Answer onlyGet() {
        return plain(405, "Only GET and HEAD are possible here.", "GET, HEAD");
    }

    /**
     * What a client is told whose path could be read in several ways.
     *
     * @param ambiguity how
     * @return 400
     */
    public static Answer to(RequestPath.Ambiguity ambiguity) {
        return plain(
                400,
                switch (ambiguity) {
                    case DOT_SEGMENT -> "The path of this address holds a segment \".\" or \"..\".";
                    case ENCODED_SEPARATOR -> "The path of this address holds an encoded slash, or a backslash.";
                    case PARAMETER_WITHOUT_SEGMENT ->
                        "The path of this address holds a segment that is nothing but a parameter.";
                    case NESTED_ESCAPE -> "The path of this address holds an encoded character inside an encoded one.";
                    case NUL -> "The path of this address holds a NUL character.";
                },
                null);
    }

    /**
     * What a client is told whose request could not be proxied.
     *
     * @param failure why
     * @return the status of the failure
     */
    public static Answer to(ProxyFailure failure) {
        return plain(
                failure.status(),
                switch (failure) {
                    case BAD_REQUEST -> "This request cannot be passed on.";
                    case CLIENT_GONE -> "The request was not sent to its end.";
                    case UNREACHABLE -> "This part of the site cannot be reached at the moment.";
                    case BAD_RESPONSE -> "This part of the site gave no valid answer.";
                    case OVERLOADED, CANCELLED -> "This part of the site has too much to do at the moment.";
                    case TIMEOUT -> "This part of the site did not answer in time.";
                    case BODY_LOST -> "This request was read before it could be passed on.";
                    case LOOP -> "This request goes round in a circle.";
                },
                null);
    }

    /**
     * What a client is told instead of a zone's answer because of the method alone.
     *
     * @param method the request's
     * @param maxForwards the value of Max-Forwards, if there is one
     * @return null when the request can be proxied
     */
    public static @Nullable Answer instead(String method, @Nullable String maxForwards) {
        return switch (method) {
            // RFC 9110 §9.3.8: TRACE would show the client what we add.
            case "TRACE" -> plain(405, "The method TRACE is not possible here.", ALLOWED);
            // For proxies that the client chose.
            case "CONNECT" -> plain(501, "The method CONNECT is not possible here.", null);
            // RFC 9110 §7.6.2: we are as far as it may go.
            case "OPTIONS" ->
                maxForwards != null && ZoneFields.maxForwards(maxForwards) == 0
                        ? new Answer(204, Map.of("Allow", ALLOWED), "")
                        : null;
            default -> null;
        };
    }
}
