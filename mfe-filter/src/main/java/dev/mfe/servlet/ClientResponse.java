package dev.mfe.servlet;

import dev.mfe.gateway.ClientFields;
import dev.mfe.proxy.HeaderFields;
import dev.mfe.proxy.KnownField;
import dev.mfe.proxy.ResponseHead;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A zone's answer, written as the response to the client. */
final class ClientResponse {

    private final HttpServletResponse response;
    private final ClientFields fields;
    private final String protocol;

    /** Set when the body is complete, while the container may ask for it at any time after that. */
    private volatile Map<String, String> trailers = Map.of();

    /**
     * Takes what belongs together.
     *
     * @param response the container's own
     * @param fields what of the zone's fields the client gets
     * @param protocol the client's
     */
    ClientResponse(HttpServletResponse response, ClientFields fields, String protocol) {
        this.response = response;
        this.fields = fields;
        this.protocol = protocol;
    }

    /** Sends 103, so that a browser can load what it will need while the zone is still thinking. */
    void earlyHints(ResponseHead head) throws IOException {
        if (response.isCommitted() || protocol.equals("HTTP/1.0")) {
            return;
        }
        Map<String, List<String>> before = snapshot(response.getHeaderNames());
        response.reset();
        ClientFields.interim(head.fields(), response::addHeader);
        response.sendError(103);
        Connections.flushInterim(response);
        response.reset();
        restore(before);
    }

    /** Writes status and fields; nothing is sent yet. */
    void head(ResponseHead head) {
        boolean others = clearLocalApps();
        response.setStatus(head.status());
        fields.write(head.fields(), others, response::addHeader, response::setHeader);
        if (head.contentLength() >= 0) {
            response.setContentLengthLong(head.contentLength());
        } else if (!protocol.equals("HTTP/1.0") && head.fields().first(KnownField.TRAILER) != null) {
            response.setTrailerFields(() -> trailers);
        }
    }

    /** Writes status and fields of a switch to another protocol. */
    void switching(ResponseHead head) {
        boolean others = clearLocalApps();
        response.setStatus(head.status());
        fields.switching(head.fields(), others, response::addHeader, response::setHeader);
    }

    /** Keeps the trailer fields for when the container ends the response. */
    void trailers(HeaderFields received) {
        trailers = ClientFields.trailers(received);
    }

    /**
     * Takes out of the response what filters have set for the local app's pages.
     *
     * @return whether it holds anything else
     */
    private boolean clearLocalApps() {
        Collection<String> names = response.getHeaderNames();
        if (names.isEmpty()) {
            return false;
        }
        boolean clear = false;
        for (String name : names) {
            clear |= ClientFields.isLocalPages(name);
        }
        if (clear) {
            Map<String, List<String>> kept = snapshot(names);
            kept.keySet().removeIf(ClientFields::isLocalPages);
            response.reset();
            restore(kept);
        }
        return true;
    }

    private Map<String, List<String>> snapshot(Collection<String> names) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (String name : names) {
            fields.put(name, List.copyOf(response.getHeaders(name)));
        }
        return fields;
    }

    private void restore(Map<String, List<String>> fields) {
        fields.forEach((name, values) -> {
            for (int i = 0; i < values.size(); i++) {
                // The container may have put its own back already.
                if (i == 0) {
                    response.setHeader(name, values.get(i));
                } else {
                    response.addHeader(name, values.get(i));
                }
            }
        });
    }
}
