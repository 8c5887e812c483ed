package dev.mfe.samples.apps;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * The zone in plain Java: a form, an event stream with the way of an order, and a WebSocket to chat.
 *
 * <p>It does not know who is logged in, nor what is in the cart: the shop protects these paths, and the page asks the
 * shop.
 */
public final class CheckoutZone {

    private CheckoutZone() {}

    /**
     * Starts the zone.
     *
     * @param port 0 for any that is free
     * @param step how long an order stays at one stage of its way
     * @return the running zone, to be closed by the caller
     */
    public static ZoneServer start(int port, Duration step) {
        Orders orders = new Orders();
        Map<String, HttpServlet> servlets = Map.of(
                "/checkout/*", new Pages(orders),
                "/checkout/events/*", new OrderEvents(orders, step),
                "/vc-ap-checkout/*", new Files());
        return ZoneServer.start(port, servlets, Set.of(Chat.class));
    }

    private static final class Pages extends HttpServlet {

        private final transient Orders orders;
        private final transient Page checkout = new Page("checkout.html");
        private final transient Page order = new Page("order.html");
        private final transient Page notFound = new Page("not-found.html");

        Pages(Orders orders) {
            this.orders = orders;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String path = request.getPathInfo() == null ? "/" : request.getPathInfo();
            if (path.equals("/")) {
                // The token by which the shop knows its own forms, for when its old checkout has to answer this one.
                checkout.write(response, 200, Map.of("csrf", cookie(request, "XSRF-TOKEN")));
            } else if (path.equals("/help")) {
                // To another zone; nobody there or here needs to know where either of them runs.
                response.sendRedirect("/docs/delivery");
            } else if (path.equals("/start")) {
                // With this zone's own host and port, as many frameworks write it.
                response.sendRedirect("http://" + request.getHeader("Host") + "/checkout");
            } else if (path.startsWith("/orders/")) {
                showOrder(path.substring("/orders/".length()), response);
            } else {
                notFound.write(response, 404, Map.of());
            }
        }

        private void showOrder(String id, HttpServletResponse response) throws IOException {
            Orders.Order found = orders.find(id);
            if (found == null) {
                notFound.write(response, 404, Map.of());
            } else {
                order.write(response, 200, Map.of("id", found.id(), "name", found.name()));
            }
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (!"/orders".equals(request.getPathInfo())) {
                notFound.write(response, 404, Map.of());
                return;
            }
            if (!isFromThisSite(request)) {
                response.sendError(403, "This form is from another site");
                return;
            }
            request.setCharacterEncoding("UTF-8");
            String name = request.getParameter("name");
            if (name == null || name.isBlank() || name.length() > 100) {
                response.sendError(400, "Say whom the parcel is for, in at most 100 characters");
                return;
            }
            Orders.Order placed = orders.place(name.strip());
            // Back to the shop, which empties the cart.
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            response.setHeader("Location", "/thanks?order=" + placed.id());
        }

        /** Browsers say which site a form is from, and the app in front says which site it is for. */
        private static boolean isFromThisSite(HttpServletRequest request) {
            String origin = request.getHeader("Origin");
            String forwarded = request.getHeader("X-Forwarded-Host");
            String host = forwarded == null ? request.getHeader("Host") : forwarded;
            return origin == null || origin.equals("http://" + host) || origin.equals("https://" + host);
        }

        private static String cookie(HttpServletRequest request, String name) {
            if (request.getCookies() != null) {
                for (var cookie : request.getCookies()) {
                    if (cookie.getName().equals(name)) {
                        return cookie.getValue();
                    }
                }
            }
            return "";
        }
    }

    private static final class Files extends HttpServlet {

        private final transient Assets own = new Assets("checkout");
        private final transient Assets site = new Assets("site");

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String name =
                    request.getPathInfo() == null ? "" : request.getPathInfo().substring(1);
            byte[] content = name.endsWith(".js") ? own.read(name) : site.read(name);
            if (content == null) {
                response.sendError(404);
                return;
            }
            response.setContentType(own.type(name));
            response.setHeader("Cache-Control", "no-cache");
            response.getOutputStream().write(content);
        }
    }
}
