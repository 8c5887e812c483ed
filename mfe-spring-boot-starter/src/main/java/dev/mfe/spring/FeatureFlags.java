package dev.mfe.spring;

import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The flags of the current request, for controllers, services and views: the same values that decided its route.
 *
 * <pre>{@code
 * <a th:if="${@featureFlags.isEnabled('new-docs')}" href="/docs">The new documentation</a>
 * }</pre>
 *
 * <p>Safe for use by any number of threads.
 *
 * @since 0.1
 */
public final class FeatureFlags {

    private final MicrofrontendsFilter filter;

    FeatureFlags(MicrofrontendsFilter filter) {
        this.filter = filter;
    }

    /**
     * Whether a flag is on for the request that this thread serves. Evaluated when first asked for, and at most once a
     * request.
     *
     * <p>A visitor that a percentage meets for the first time is given a cookie, so ask before the response is
     * committed.
     *
     * @param flag its name; one that nobody answers is off
     * @throws IllegalStateException if this thread serves no request
     */
    public boolean isEnabled(String flag) {
        if (!(RequestContextHolder.currentRequestAttributes() instanceof ServletRequestAttributes current)) {
            throw new IllegalStateException("The current request is no servlet request");
        }
        HttpServletResponse response = current.getResponse();
        return response == null
                ? filter.flagValues(current.getRequest()).isEnabled(flag)
                : filter.isEnabled(flag, current.getRequest(), response);
    }
}
