package dev.mfe.samples.shop;

import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.FormAuthenticationMechanism;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** The pages that only show something, and the login. */
@Path("/")
public class ShopResource {

    private final Catalog catalog;
    private final SecurityIdentity user;

    ShopResource(Catalog catalog, SecurityIdentity user) {
        this.catalog = catalog;
        this.user = user;
    }

    @GET
    public TemplateInstance home() {
        return Pages.home(catalog.products());
    }

    @GET
    @Path("products/{id}")
    public TemplateInstance product(@RestPath String id) {
        return Pages.product(catalog.find(id).orElseThrow(NotFoundException::new));
    }

    /** The old one. Visitors for whom the flag is on are served by the docs zone and do not come here. */
    @GET
    @Path("brewing-guide")
    public TemplateInstance brewingGuide() {
        return Pages.brewingGuide();
    }

    /** Where Quarkus sends visitors who have to log in. It takes the form itself. */
    @GET
    @Path("login")
    public TemplateInstance login(@RestQuery @DefaultValue("false") boolean error) {
        return Pages.login(error);
    }

    @POST
    @Path("logout")
    public Response logout() {
        FormAuthenticationMechanism.logout(user);
        return Response.seeOther(URI.create("/")).build();
    }
}
