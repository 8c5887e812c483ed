package dev.mfe.gateway;

import dev.mfe.config.Origin;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The properties {@code mfe.zones.<name>.*} of one zone.
 *
 * @param url where the zone is reached; null where nobody said
 * @param preserveHost whether the zone is sent the Host that the client used
 * @param fallbackLocal whether the local app answers when the zone cannot be reached
 * @param external whether the zone belongs to somebody else, who must not see sessions and credentials
 * @param credentials whether the zone is sent session cookies and Authorization
 * @param identity how the zone is told who is logged in
 * @param maxInFlight requests to the zone that may be under way at the same time
 * @param connectTimeout until connected
 * @param responseTimeout from the end of the request to the head of the response
 * @param idleTimeout between two parts of a body
 * @param sslContext keys and trust for https; the JVM's default when null. Made anew each time the settings are read, so
 *     that a reload takes new certificates into use
 * @since 0.1
 */
public record ZoneSettings(
        @Nullable Origin url,
        boolean preserveHost,
        boolean fallbackLocal,
        boolean external,
        boolean credentials,
        Identity identity,
        int maxInFlight,
        Duration connectTimeout,
        Duration responseTimeout,
        Duration idleTimeout,
        @Nullable SSLContext sslContext) {

    ZoneSettings withSslContext(SSLContext context) {
        return new ZoneSettings(
                url,
                preserveHost,
                fallbackLocal,
                external,
                credentials,
                identity,
                maxInFlight,
                connectTimeout,
                responseTimeout,
                idleTimeout,
                context);
    }

    /** The same for a place that must not learn who is logged in, nor act for him. */
    public ZoneSettings withoutCredentials() {
        return new ZoneSettings(
                url,
                preserveHost,
                fallbackLocal,
                external,
                false,
                Identity.NONE,
                maxInFlight,
                connectTimeout,
                responseTimeout,
                idleTimeout,
                sslContext);
    }
}
