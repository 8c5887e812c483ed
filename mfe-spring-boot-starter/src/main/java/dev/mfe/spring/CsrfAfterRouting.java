package dev.mfe.spring;

import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Puts off the check for cross-site request forgery where a zone may answer: the forms of a zone have no token of this
 * app, and the zone checks them itself. When it turns out that this app answers after all (the flag is off, or the zone
 * cannot be reached), the check is made then, by the same {@link CsrfFilter}, before anything of this app sees the
 * request.
 */
final class CsrfAfterRouting implements Filter {

    private static final String PUT_OFF = CsrfAfterRouting.class.getName() + ".putOff";
    private static final String NOW = CsrfAfterRouting.class.getName() + ".now";

    /** Makes a security filter chain put its check off. Before security the zones have had their requests already. */
    static void putOff(CsrfConfigurer<?> csrf, Supplier<MicrofrontendsFilter> filter) {
        PutOff matcher = new PutOff(filter);
        csrf.ignoringRequestMatchers(matcher);
        csrf.addObjectPostProcessor(new ObjectPostProcessor<CsrfFilter>() {
            @Override
            public <F extends CsrfFilter> F postProcess(F object) {
                matcher.check = object;
                return object;
            }
        });
    }

    /** Asked only about requests that would be checked, which excludes GET and HEAD. */
    private static final class PutOff implements RequestMatcher {

        private final Supplier<MicrofrontendsFilter> filter;
        private volatile @Nullable CsrfFilter check;

        PutOff(Supplier<MicrofrontendsFilter> filter) {
            this.filter = filter;
        }

        @Override
        public boolean matches(HttpServletRequest request) {
            CsrfFilter known = check;
            if (known == null || request.getAttribute(NOW) != null) {
                return false;
            }
            MicrofrontendsFilter zones = filter.get();
            if (zones.beforeSecurity() || !zones.mayProxy(request)) {
                return false;
            }
            request.setAttribute(PUT_OFF, known);
            return true;
        }
    }

    /** Runs behind the microfrontends filter, so only for requests that this app answers. */
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getAttribute(PUT_OFF) instanceof CsrfFilter check && request instanceof HttpServletRequest http) {
            request.removeAttribute(PUT_OFF);
            request.setAttribute(NOW, true);
            check.doFilter(new AsIfNew(http), response, (checked, answer) -> chain.doFilter(request, response));
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Does not tell the {@link CsrfFilter} that it is being run already. */
    private static final class AsIfNew extends HttpServletRequestWrapper {

        AsIfNew(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            // OncePerRequestFilter notes that it is at work under a name that begins with that of its bean.
            boolean atWork = name.startsWith(CsrfFilter.class.getName()) && name.endsWith(".FILTERED");
            return atWork ? null : super.getAttribute(name);
        }
    }
}
