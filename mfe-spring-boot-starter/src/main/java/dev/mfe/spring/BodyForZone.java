package dev.mfe.spring;

import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.Serial;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the filters between it and the microfrontends filter from reading a form or an upload that only a zone can
 * answer: {@code FormContentFilter} reads the forms of PUT, PATCH and DELETE, and {@code HiddenHttpMethodFilter} makes
 * the container parse the whole body of a POST.
 */
final class BodyForZone extends HttpFilter {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient MicrofrontendsFilter zones;

    BodyForZone(MicrofrontendsFilter zones) {
        this.zones = zones;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean keep = isParsed(request.getContentType()) && zones.mustProxy(request);
        chain.doFilter(keep ? new Unparsed(request) : request, response);
    }

    private static boolean isParsed(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("application/x-www-form-urlencoded") || type.startsWith("multipart/");
    }

    /** Has fields and a body, and no form: not even the query can be asked for parameters without parsing the body. */
    private static final class Unparsed extends HttpServletRequestWrapper {

        Unparsed(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getContentType() {
            return null;
        }

        @Override
        public @Nullable String getParameter(String name) {
            return null;
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return Map.of();
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return Collections.emptyEnumeration();
        }

        @Override
        public String @Nullable [] getParameterValues(String name) {
            return null;
        }

        @Override
        public Collection<Part> getParts() {
            return List.of();
        }

        @Override
        public @Nullable Part getPart(String name) {
            return null;
        }
    }
}
