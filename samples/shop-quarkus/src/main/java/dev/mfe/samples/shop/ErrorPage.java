package dev.mfe.samples.shop;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What went wrong, in the look of the shop. */
class ErrorPage {

    @ServerExceptionMapper
    Response of(WebApplicationException e) {
        Response.StatusType status = e.getResponse().getStatusInfo();
        return Response.status(status)
                .entity(Pages.error(status.getStatusCode(), status.getReasonPhrase())
                        .render())
                .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                .build();
    }
}
