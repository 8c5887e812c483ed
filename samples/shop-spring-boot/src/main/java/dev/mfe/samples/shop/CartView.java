package dev.mfe.samples.shop;

import java.util.List;

/**
 * A cart with names and prices, for pages.
 *
 * @param lines one for each product
 * @param total of all lines
 */
record CartView(List<Line> lines, Money total) {

    /** A product, how often, and what that costs. */
    record Line(Product product, int quantity, Money price) {}

    static CartView of(Cart cart, Catalog catalog) {
        List<Line> lines = cart.quantities().entrySet().stream()
                .flatMap(entry -> catalog.find(entry.getKey()).stream()
                        .map(product -> new Line(
                                product, entry.getValue(), product.price().times(entry.getValue()))))
                .toList();
        return new CartView(lines, lines.stream().map(Line::price).reduce(new Money(0), Money::plus));
    }
}
