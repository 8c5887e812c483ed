package dev.mfe.samples.shop;

import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * The old checkout: for users without the flag {@code new-checkout}, and for everybody while the checkout zone is down.
 * Once nobody needs it, the first two methods are deleted.
 */
@Path("/")
public class CheckoutResource {

    private final Cart cart;

    CheckoutResource(Cart cart) {
        this.cart = cart;
    }

    @GET
    @Path("checkout")
    public TemplateInstance checkout() {
        return Pages.checkout();
    }

    @POST
    @Path("checkout/orders")
    public Response order() {
        return Response.seeOther(URI.create("/thanks")).build();
    }

    /** Where both checkouts send the visitor in the end. */
    @GET
    @Path("thanks")
    public TemplateInstance thanks(@RestQuery @DefaultValue("") String order) {
        cart.clear();
        return Pages.thanks(order.matches("[a-z0-9]{1,20}") ? order : "");
    }
}
