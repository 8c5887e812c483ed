package dev.mfe.config;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A place that holds a routing file. Reading it twice may give two versions.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public sealed interface ConfigSource {

    /** The place as it shows in messages; without secrets that the location may hold. */
    String name();

    /**
     * Reads the file, at most one mebibyte.
     *
     * @throws ConfigUnavailableException if it cannot be read or is longer
     */
    byte[] read();

    /**
     * A file.
     *
     * @param path where it is
     */
    record File(Path path) implements ConfigSource {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public byte[] read() {
            try (InputStream stream = Files.newInputStream(path)) {
                return LimitedRead.all(name(), stream);
            } catch (NoSuchFileException e) {
                throw ConfigUnavailableException.unreadable(name(), "there is no such file", "check the path", e);
            } catch (AccessDeniedException e) {
                throw ConfigUnavailableException.unreadable(
                        name(), "access is denied", "let the user that runs this app read it", e);
            } catch (IOException e) {
                boolean directory = Files.isDirectory(path);
                throw ConfigUnavailableException.unreadable(
                        name(),
                        directory ? "it is a directory" : LimitedRead.reason(e),
                        directory ? "name the file in it" : "check the file",
                        e);
            }
        }
    }

    /**
     * A resource on the class path.
     *
     * @param loader looked up anew at each reading
     * @param resource its name, as {@link ClassLoader#getResource} takes it
     */
    record ClassPathResource(ClassLoader loader, String resource) implements ConfigSource {
        @Override
        public String name() {
            return "classpath:" + resource;
        }

        @Override
        public byte[] read() {
            try {
                URL url = loader.getResource(resource);
                if (url == null) {
                    throw new FileNotFoundException(resource);
                }
                URLConnection connection = url.openConnection();
                // A cached jar file would hide a new version, and stay open
                connection.setUseCaches(false);
                try (InputStream stream = connection.getInputStream()) {
                    return LimitedRead.all(name(), stream);
                }
            } catch (FileNotFoundException e) {
                throw ConfigUnavailableException.unreadable(name(), "it is gone", "put it back", e);
            } catch (IOException e) {
                throw ConfigUnavailableException.unreadable(name(), LimitedRead.reason(e), "check the class path", e);
            }
        }
    }

    /**
     * A document on a web server. Redirects are followed while they keep the scheme. A server is given up that does
     * not answer a connection for five seconds, sends nothing for ten, or takes longer than half a minute for the body.
     *
     * @param uri its {@code http} or {@code https} address
     */
    record Http(URI uri) implements ConfigSource {
        private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
        private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
        private static final Duration TOTAL_TIMEOUT = Duration.ofSeconds(30);

        /**
         * Checks the address.
         *
         * @throws IllegalArgumentException if it is not one of a web server, or holds credentials
         */
        public Http {
            String scheme = uri.getScheme();
            if (uri.getHost() == null || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
                throw new IllegalArgumentException("not an http or https address with a host");
            }
            if (uri.getRawUserInfo() != null) {
                throw new IllegalArgumentException("credentials in the address are not supported");
            }
        }

        /** The address without query and fragment, as signed addresses keep secrets there. */
        @Override
        public String name() {
            try {
                return new URI(uri.getScheme(), uri.getRawAuthority(), uri.getPath(), null, null).toString();
            } catch (URISyntaxException e) {
                throw new IllegalStateException("A part of an address makes no address", e);
            }
        }

        @Override
        public byte[] read() {
            try {
                HttpURLConnection connection = open();
                try {
                    return read(connection);
                } finally {
                    connection.disconnect();
                }
            } catch (IOException e) {
                throw ConfigUnavailableException.unreadable(
                        name(), LimitedRead.reason(e), "check that the server is up and can be reached from here", e);
            }
        }

        private HttpURLConnection open() throws IOException {
            try {
                HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
                connection.setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
                connection.setReadTimeout(Math.toIntExact(READ_TIMEOUT.toMillis()));
                connection.setUseCaches(false);
                connection.setRequestProperty("Accept", "application/json, text/plain;q=0.9, */*;q=0.1");
                return connection;
            } catch (MalformedURLException e) {
                throw new IllegalStateException("Checked in the constructor", e);
            }
        }

        private byte[] read(HttpURLConnection connection) throws IOException {
            long deadline = System.nanoTime() + TOTAL_TIMEOUT.toNanos();
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                boolean redirect = status >= 300 && status < 400 && connection.getHeaderField("Location") != null;
                throw ConfigUnavailableException.unreadable(
                        name(),
                        "the server answered with status " + status,
                        redirect ? "use the address it redirects to" : "check the address and what the server says");
            }
            try (InputStream stream = connection.getInputStream()) {
                return LimitedRead.all(name(), stream, deadline);
            }
        }
    }
}
