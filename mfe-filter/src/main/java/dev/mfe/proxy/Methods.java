package dev.mfe.proxy;

/**
 * What RFC 9110 §9.2 says about the methods that it defines. Of any other method nothing is known.
 *
 * @since 0.1
 */
public final class Methods {

    private Methods() {}

    /**
     * Whether a request only reads (§9.2.1).
     *
     * @param method the request's
     * @return true for GET, HEAD, OPTIONS and TRACE
     */
    public static boolean safe(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    /**
     * Whether a request may be sent again without harm when nobody knows whether it has arrived (§9.2.2).
     *
     * @param method the request's
     * @return true for the safe ones, PUT and DELETE
     */
    public static boolean idempotent(String method) {
        return safe(method) || method.equals("PUT") || method.equals("DELETE");
    }
}
