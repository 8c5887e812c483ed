package dev.mfe.samples.shop;

import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;

/** The cart, as a page and for the scripts of other zones. */
@Path("/")
public class CartResource {

    private final Cart cart;
    private final Catalog catalog;

    CartResource(Cart cart, Catalog catalog) {
        this.cart = cart;
        this.catalog = catalog;
    }

    @GET
    @Path("cart")
    public TemplateInstance page() {
        return Pages.cart();
    }

    @POST
    @Path("cart/add")
    public Response add(@RestForm String product) {
        cart.add(known(product));
        return Response.seeOther(URI.create("/cart")).build();
    }

    @POST
    @Path("cart/remove")
    public Response remove(@RestForm String product) {
        cart.remove(known(product));
        return Response.seeOther(URI.create("/cart")).build();
    }

    /** A cart in JSON. */
    public record Summary(List<Item> items, String total) {

        /** One line. */
        public record Item(String name, int quantity, String price) {}
    }

    @GET
    @Path("cart.json")
    public Summary summary() {
        return new Summary(
                cart.lines().stream()
                        .map(line -> new Summary.Item(
                                line.product().name(),
                                line.quantity(),
                                line.price().toString()))
                        .toList(),
                cart.total().toString());
    }

    private Product known(String id) {
        return catalog.find(id).orElseThrow(BadRequestException::new);
    }
}
