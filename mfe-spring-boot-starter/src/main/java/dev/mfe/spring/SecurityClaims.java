package dev.mfe.spring;

import dev.mfe.servlet.MicrofrontendsFilter;
import java.util.Collection;
import java.util.List;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.access.WebInvocationPrivilegeEvaluator;

/**
 * Paths that Spring Security keeps from visitors who are not logged in. Asked for GET alone; a rule that looks at more
 * of a request than method and path is not understood this way.
 */
final class SecurityClaims implements ShadowReport.Claims {

    private static final Authentication NOBODY = new AnonymousAuthenticationToken(
            "microfrontends", "anonymousUser", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));

    private final WebInvocationPrivilegeEvaluator evaluator;
    private final MicrofrontendsFilter filter;

    SecurityClaims(WebInvocationPrivilegeEvaluator evaluator, MicrofrontendsFilter filter) {
        this.evaluator = evaluator;
        this.filter = filter;
    }

    @Override
    public Collection<ShadowReport.Claim> find() {
        return filter.beforeSecurity()
                ? List.of()
                : List.of(new ShadowReport.Claim(
                        "security",
                        "a security rule of this app lets no visitor pass who is not logged in",
                        List.of(),
                        this::blocks));
    }

    private boolean blocks(String path) {
        try {
            return !evaluator.isAllowed("", path, "GET", NOBODY);
        } catch (RuntimeException e) {
            // The request behind this question is a dummy, which not every rule can stand.
            return false;
        }
    }
}
