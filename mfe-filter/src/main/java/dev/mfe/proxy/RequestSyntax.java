package dev.mfe.proxy;

/**
 * What a request may be made of, whoever writes it.
 *
 * @since 0.1
 */
public final class RequestSyntax {

    private RequestSyntax() {}

    /**
     * Checks the start of a request.
     *
     * @param method a token
     * @param target visible ASCII
     * @throws ProxyException with {@link ProxyFailure#BAD_REQUEST} when either cannot be sent
     */
    public static void checkStart(String method, String target) throws ProxyException {
        if (!Syntax.isToken(method)) {
            throw ProxyException.badRequest("The method is not a token");
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw ProxyException.badRequest("The request target holds a space, a control or a non-ASCII character");
            }
        }
        if (target.isEmpty()) {
            throw ProxyException.badRequest("The request target is empty");
        }
    }
}
