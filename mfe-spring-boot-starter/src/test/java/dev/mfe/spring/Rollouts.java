package dev.mfe.spring;

import dev.mfe.flags.FeatureFlag;
import dev.mfe.flags.FlagRequest;
import org.springframework.stereotype.Component;

// quick-start
@Component
class Rollouts {

    @FeatureFlag("new-search")
    boolean newSearch(FlagRequest request) {
        return "yes".equals(request.header("X-Beta"));
    }
}
// end
