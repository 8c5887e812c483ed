package dev.mfe.quarkus.it;

import dev.mfe.flags.FeatureFlag;
import dev.mfe.flags.FlagRequest;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Flags that depend on who is there. */
@ApplicationScoped
public class Rollouts {

    @Inject
    SecurityIdentity identity;

    @FeatureFlag("for-alice")
    boolean forAlice() {
        return identity.hasRole("reader") && identity.getPrincipal().getName().equals("alice");
    }

    @FeatureFlag("for-alice-later")
    Uni<Boolean> forAliceLater(FlagRequest request) {
        boolean known =
                request.principal() != null && request.principal().getName().equals("alice");
        return Uni.createFrom().item(() -> known && identity.hasRole("reader"));
    }
}
