package dev.mfe.servlet;

import dev.mfe.proxy.ViaField;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/** What all proxied requests of one filter share. */
final class Gateway {

    private final ViaField via;

    Gateway() {
        byte[] random = new byte[6];
        new SecureRandom().nextBytes(random);
        via = new ViaField("mfe-" + HexFormat.of().formatHex(random));
    }

    ViaField via() {
        return via;
    }

    /**
     * The container's own request. Filters wrap requests to change method, path or forwarded fields for the local app; routing
     * and the zone go by what the client sent.
     */
    static HttpServletRequest unwrap(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner instanceof HttpServletRequest http ? http : request;
    }

    /**
     * The container's own response. Filters wrap responses to add the local app's security fields or session when the
     * response is committed; those are not for a zone's page.
     */
    static HttpServletResponse unwrap(HttpServletResponse response) {
        ServletResponse inner = response;
        while (inner instanceof ServletResponseWrapper wrapper) {
            inner = wrapper.getResponse();
        }
        return inner instanceof HttpServletResponse http ? http : response;
    }

    /** Answers instead of a zone: short, plain, and nothing about the inside. */
    static void answer(HttpServletResponse response, int status, String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Type", "text/plain;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
