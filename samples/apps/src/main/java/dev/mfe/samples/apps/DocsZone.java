package dev.mfe.samples.apps;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * The zone that Vite built: one page that draws whatever path it was opened at, and its assets under the zone's asset
 * prefix.
 */
public final class DocsZone {

    private static final String PREFIX = "/vc-ap-docs/";

    private DocsZone() {}

    /**
     * Starts the zone.
     *
     * @param port 0 for any that is free
     * @return the running zone, to be closed by the caller
     */
    public static ZoneServer start(int port) {
        return ZoneServer.start(port, Map.of("/", new Pages()), Set.of());
    }

    private static final class Pages extends HttpServlet {

        private final transient Assets dist = new Assets("docs");
        private final byte[] shell = dist.text("index.html").getBytes(StandardCharsets.UTF_8);
        private final transient Set<String> paths =
                Set.copyOf(dist.text("pages.txt").lines().toList());

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String path = request.getServletPath();
            if (path.startsWith(PREFIX)) {
                asset(path.substring(PREFIX.length()), response);
                return;
            }
            // The page says itself that it does not know a path, but search engines and tests want to see it in the
            // status.
            response.setStatus(paths.contains(path) ? 200 : 404);
            response.setContentType("text/html;charset=UTF-8");
            response.setHeader("Cache-Control", "no-cache");
            response.getOutputStream().write(shell);
        }

        private void asset(String name, HttpServletResponse response) throws IOException {
            byte[] content = dist.read(name);
            if (content == null) {
                response.sendError(404);
                return;
            }
            response.setContentType(dist.type(name));
            // Vite puts a hash of the content into these names.
            response.setHeader(
                    "Cache-Control", name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
            response.getOutputStream().write(content);
        }
    }
}
