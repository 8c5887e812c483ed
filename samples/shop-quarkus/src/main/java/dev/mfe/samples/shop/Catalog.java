package dev.mfe.samples.shop;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** What the shop sells. */
@ApplicationScoped
class Catalog {

    private final List<Product> products = List.of(
            new Product("sencha", "Sencha", "Green and grassy, from the first harvest.", new Money(890), "#3f7d3a"),
            new Product("assam", "Assam", "Black, malty, and not afraid of milk.", new Money(650), "#8a4b1f"),
            new Product(
                    "silver-needle", "Silver Needle", "White, soft, and never in a hurry.", new Money(1490), "#7d7f6a"),
            new Product("rooibos", "Rooibos", "Red, sweet, and fine at midnight.", new Money(540), "#b0402a"),
            new Product(
                    "earl-grey",
                    "Earl Grey",
                    "Black with bergamot, for letters of complaint.",
                    new Money(720),
                    "#3c4a78"),
            new Product("chai", "Chai", "Cardamom, ginger, pepper. Warms twice.", new Money(790), "#a86a16"));

    List<Product> products() {
        return products;
    }

    Optional<Product> find(String id) {
        return products.stream().filter(product -> product.id().equals(id)).findFirst();
    }
}
