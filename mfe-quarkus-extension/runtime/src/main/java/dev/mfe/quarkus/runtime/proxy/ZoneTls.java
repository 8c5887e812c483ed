package dev.mfe.quarkus.runtime.proxy;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Keys and trust that are there as an {@link SSLContext}, the JVM's default where nothing else was said. */
final class ZoneTls extends SSLEngineOptions {

    private final @Nullable SSLContext context;

    ZoneTls(@Nullable SSLContext context) {
        this.context = context;
    }

    @Override
    public SSLEngineOptions copy() {
        return new ZoneTls(context);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new SslContextFactory() {
            @Override
            public SslContext create() throws SSLException {
                return new JdkSslContext(
                        context == null ? jvmDefault() : context,
                        true,
                        null,
                        IdentityCipherSuiteFilter.INSTANCE,
                        null,
                        ClientAuth.NONE,
                        null,
                        false);
            }
        };
    }

    private static SSLContext jvmDefault() throws SSLException {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new SSLException("The JVM's default keys and trust cannot be read", e);
        }
    }
}
