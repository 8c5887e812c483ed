package dev.mfe.proxy;

/**
 * Where a request is proxied to, and why.
 *
 * @param zone the zone's name
 * @param origin where it is reached, such as {@code https://docs.example.com}
 * @param expression the path expression that matched: of these there are few, where paths are without number
 * @param reason why the zone answers, in lower case, such as {@code path} or {@code flag-on}
 * @since 0.1
 */
public record ProxiedRequest(String zone, String origin, String expression, String reason) {}
