package dev.mfe.samples.shop;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a visitor wants to buy. Never changed: requests of the same session may run at the same time, and each sees a
 * whole one.
 *
 * @param quantities by product id, in the order in which they were added
 */
record Cart(Map<String, Integer> quantities) implements Serializable {

    /** The session attribute. */
    static final String ATTRIBUTE = "cart";

    static final Cart EMPTY = new Cart(Map.of());

    private static final int MOST = 99;

    Cart {
        quantities = Collections.unmodifiableMap(new LinkedHashMap<>(quantities));
    }

    Cart plus(Product product) {
        Map<String, Integer> more = new LinkedHashMap<>(quantities);
        more.merge(product.id(), 1, (old, one) -> Math.min(MOST, old + one));
        return new Cart(more);
    }

    Cart without(Product product) {
        Map<String, Integer> fewer = new LinkedHashMap<>(quantities);
        fewer.remove(product.id());
        return new Cart(fewer);
    }

    int count() {
        return quantities.values().stream().mapToInt(Integer::intValue).sum();
    }
}
