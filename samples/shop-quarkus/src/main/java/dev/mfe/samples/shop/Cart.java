package dev.mfe.samples.shop;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What whoever asks wants to buy. It is kept in a cookie, such as {@code sencha.2_chai.1}, so the shop needs no
 * session.
 */
@Named
@RequestScoped
public class Cart {

    private static final String COOKIE = "cart";
    private static final Pattern ENTRY = Pattern.compile("([a-z-]+)\\.([1-9][0-9]?)(?:_|$)");
    private static final int MOST = 99;

    private final RoutingContext context;
    private final Map<Product, Integer> quantities = new LinkedHashMap<>();

    Cart(RoutingContext context, Catalog catalog) {
        this.context = context;
        Cookie cookie = context.request().getCookie(COOKIE);
        if (cookie != null) {
            // Anybody can write anything into a cookie: only products that there are, and prices are not from there.
            ENTRY.matcher(cookie.getValue())
                    .results()
                    .forEach(entry -> catalog.find(entry.group(1))
                            .ifPresent(product -> quantities.put(product, Integer.valueOf(entry.group(2)))));
        }
    }

    /** A product, and how often. */
    public record Line(Product product, int quantity) {

        public Money price() {
            return product.price().times(quantity);
        }
    }

    public List<Line> lines() {
        return quantities.entrySet().stream()
                .map(entry -> new Line(entry.getKey(), entry.getValue()))
                .toList();
    }

    public Money total() {
        return lines().stream().map(Line::price).reduce(new Money(0), Money::plus);
    }

    public int count() {
        return quantities.values().stream().mapToInt(Integer::intValue).sum();
    }

    void add(Product product) {
        quantities.merge(product, 1, (old, one) -> Math.min(MOST, old + one));
        keep();
    }

    void remove(Product product) {
        quantities.remove(product);
        keep();
    }

    void clear() {
        quantities.clear();
        keep();
    }

    private void keep() {
        String value = quantities.entrySet().stream()
                .map(entry -> entry.getKey().id() + "." + entry.getValue())
                .collect(Collectors.joining("_"));
        context.response()
                .addCookie(Cookie.cookie(COOKIE, value)
                        .setPath("/")
                        .setHttpOnly(true)
                        .setSameSite(CookieSameSite.LAX));
    }
}
