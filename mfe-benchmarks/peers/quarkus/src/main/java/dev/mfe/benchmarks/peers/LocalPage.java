package dev.mfe.benchmarks.peers;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** What the local app answers. */
@Path("/page")
public final class LocalPage {

    /** Short, for the local app is not what is measured. */
    @GET
    public String page() {
        return "local";
    }
}
