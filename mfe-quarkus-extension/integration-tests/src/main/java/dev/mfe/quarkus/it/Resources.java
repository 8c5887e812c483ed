package dev.mfe.quarkus.it;

import dev.mfe.quarkus.FeatureFlags;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

/** Answers with quarkus-rest, and with Qute. */
@Path("/")
public class Resources {

    @Inject
    Template page;

    @Inject
    FeatureFlags flags;

    @Inject
    Spans spans;

    /** Says who answers. */
    @GET
    @Path("rest/{path}")
    public String get(@PathParam("path") String path) {
        return "rest " + path + " " + flags.isEnabled("for-alice");
    }

    /** The two spans of a trace. */
    @GET
    @Path("spans/{trace}")
    public String spans(@PathParam("trace") String trace) throws InterruptedException {
        return String.join("\n", spans.of(trace, 2));
    }

    /** Echoes the body. */
    @POST
    @Path("rest/{path}")
    public String post(@PathParam("path") String path, String body) {
        return "rest " + path + " " + body;
    }

    /** A page. */
    @GET
    @Path("qute/{path}")
    @Blocking
    public TemplateInstance page(@PathParam("path") String path) {
        return page.data("path", path);
    }

    /** For those who are logged in. */
    @GET
    @Path("secret/{path}")
    public String secret(@PathParam("path") String path) {
        return "secret " + path;
    }
}
