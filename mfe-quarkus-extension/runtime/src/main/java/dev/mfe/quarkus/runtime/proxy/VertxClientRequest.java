package dev.mfe.quarkus.runtime.proxy;

import dev.mfe.gateway.ClientRequest;
import dev.mfe.path.RequestPath;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request to Vert.x. Its fields are taken once, in their order, for they are asked for many times. */
final class VertxClientRequest implements ClientRequest {

    private final RoutingContext context;
    private final HttpServerRequest request;
    private final Function<RoutingContext, @Nullable String> user;
    private String[] names = new String[24];
    private String[] values = new String[24];
    private int count;

    VertxClientRequest(RoutingContext context, Function<RoutingContext, @Nullable String> user) {
        this.context = context;
        this.request = context.request();
        this.user = user;
        request.headers().forEach(this::add);
    }

    private void add(String name, String value) {
        // RFC 9113 §8.3: pseudo-fields are no fields.
        if (name.isEmpty() || name.charAt(0) == ':') {
            return;
        }
        if (count == names.length) {
            names = Arrays.copyOf(names, count * 2);
            values = Arrays.copyOf(values, count * 2);
        }
        names[count] = name;
        values[count] = value;
        count++;
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String protocol() {
        HttpVersion version = request.version();
        if (version == HttpVersion.HTTP_1_1) {
            return "HTTP/1.1";
        }
        return version == HttpVersion.HTTP_2 ? "HTTP/2.0" : "HTTP/1.0";
    }

    @Override
    public String scheme() {
        String scheme = request.scheme();
        return scheme == null ? request.isSSL() ? "https" : "http" : scheme;
    }

    @Override
    public String authority() {
        String uri = request.uri();
        if (!uri.startsWith("/")) {
            // RFC 9112 §3.2.2: then Host says nothing.
            String named = RequestPath.originForm(uri).equals(uri) ? "" : authorityOf(uri);
            if (!named.isEmpty()) {
                return named;
            }
        }
        if (request.version() != HttpVersion.HTTP_2 && lines("Host") != 1) {
            // RFC 9112 §3.2; no host, so that the request is refused.
            return "";
        }
        HostAndPort authority = request.authority();
        return authority == null ? "" : authority.toString();
    }

    private static String authorityOf(String uri) {
        int from = uri.indexOf("://") + 3;
        int to = from;
        while (to < uri.length() && "/?#".indexOf(uri.charAt(to)) < 0) {
            to++;
        }
        return uri.substring(from, to);
    }

    private int lines(String name) {
        int lines = 0;
        for (int i = next(name, 0); i < count; i = next(name, i + 1)) {
            lines++;
        }
        return lines;
    }

    @Override
    public String peer() {
        String address = request.remoteAddress().hostAddress();
        return address == null ? request.remoteAddress().host() : address;
    }

    @Override
    public Enumeration<String> fieldNames() {
        return new Enumeration<>() {
            private int at = nextFirst(0);

            @Override
            public boolean hasMoreElements() {
                return at < count;
            }

            @Override
            public String nextElement() {
                if (at >= count) {
                    throw new NoSuchElementException();
                }
                String name = names[at];
                at = nextFirst(at + 1);
                return name;
            }
        };
    }

    /** The place of the next line whose name has not come before. */
    private int nextFirst(int from) {
        for (int i = from; i < count; i++) {
            if (next(names[i], 0) == i) {
                return i;
            }
        }
        return count;
    }

    private int next(String name, int from) {
        for (int i = from; i < count; i++) {
            if (names[i].length() == name.length() && names[i].equalsIgnoreCase(name)) {
                return i;
            }
        }
        return count;
    }

    @Override
    public @Nullable String field(String name) {
        int at = next(name, 0);
        return at < count ? values[at] : null;
    }

    @Override
    public Enumeration<String> fields(String name) {
        return new Enumeration<>() {
            private int at = next(name, 0);

            @Override
            public boolean hasMoreElements() {
                return at < count;
            }

            @Override
            public String nextElement() {
                if (at >= count) {
                    throw new NoSuchElementException();
                }
                String value = values[at];
                at = next(name, at + 1);
                return value;
            }
        };
    }

    @Override
    public Enumeration<String> cookieLines() {
        return fields("Cookie");
    }

    @Override
    public @Nullable String user() {
        return user.apply(context);
    }
}
