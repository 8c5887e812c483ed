package dev.mfe.samples.apps;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The latest orders, in memory. */
final class Orders {

    /** An order that was placed. */
    record Order(String id, String name, Instant placed) {}

    private static final int KEPT = 1000;

    private final SecureRandom random = new SecureRandom();

    private final Map<String, Order> orders = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Order> eldest) {
            return size() > KEPT;
        }
    };

    /** Takes an order. */
    synchronized Order place(String name) {
        // Whoever knows the number sees the order, so it must not be guessed.
        String id = Long.toString(random.nextLong() >>> 1, 36);
        Order order = new Order(id, name, Instant.now());
        orders.put(id, order);
        return order;
    }

    synchronized @Nullable Order find(String id) {
        return orders.get(id);
    }
}
