package dev.mfe.samples.shop;

import dev.mfe.flags.FeatureFlag;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Inject;

/** Decides the flags of {@code microfrontends.json} that need code. */
class Rollouts {

    // flag
    @Inject
    SecurityIdentity user;

    @FeatureFlag("new-checkout")
    boolean newCheckout() {
        return user.hasRole("EARLY_ACCESS");
    }
    // end
}
