package dev.mfe.quarkus.it;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Answers with quarkus-rest. */
@Path("/hello")
public class HelloResource {

    /** Says hello. */
    @GET
    public String hello() {
        return "rest";
    }
}
