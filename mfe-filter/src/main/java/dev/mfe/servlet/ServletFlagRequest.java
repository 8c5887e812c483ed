package dev.mfe.servlet;

import dev.mfe.flags.FlagRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A servlet request as flags see it. Made only when a flag is asked for. */
final class ServletFlagRequest implements FlagRequest {

    private final HttpServletRequest request;
    private final String path;
    private final @Nullable String query;

    ServletFlagRequest(HttpServletRequest request, String path, @Nullable String query) {
        this.request = request;
        this.path = path;
        this.query = query;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String query() {
        return query;
    }

    @Override
    public boolean secure() {
        return request.isSecure();
    }

    @Override
    public @Nullable String header(String name) {
        return whoKnows(name).getHeader(name);
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(whoKnows(name).getHeaders(name));
    }

    /** Cookies are those that the client sent: after a login Spring Security shows those of the request before it. */
    private HttpServletRequest whoKnows(String name) {
        return name.equalsIgnoreCase("Cookie") ? Container.unwrap(request) : request;
    }

    @Override
    public String remoteAddress() {
        return request.getRemoteAddr();
    }

    @Override
    public @Nullable Principal principal() {
        return request.getUserPrincipal();
    }

    @Override
    public @Nullable Object sessionAttribute(String name) {
        HttpSession session = request.getSession(false);
        return session == null ? null : session.getAttribute(name);
    }
}
