package dev.mfe.samples.shop;

import dev.mfe.flags.FeatureFlag;
import dev.mfe.flags.FlagRequest;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/** Decides the flags of {@code microfrontends.json} that need code. */
@Component
class Rollouts {

    // flag
    @FeatureFlag("new-checkout")
    boolean newCheckout(FlagRequest request) {
        return request.principal() instanceof Authentication user
                && user.getAuthorities().stream()
                        .anyMatch(authority -> SecurityConfiguration.EARLY_ACCESS.equals(authority.getAuthority()));
    }
    // end
}
