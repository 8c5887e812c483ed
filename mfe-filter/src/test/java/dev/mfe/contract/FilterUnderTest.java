package dev.mfe.contract;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.Filter;

/** Sets the filter up as a user would: the routing file and properties. */
final class FilterUnderTest {

    private FilterUnderTest() {}

    static Filter of(Site site) {
        return MicrofrontendsFilter.builder()
                .config(MicrofrontendsConfig.parse("microfrontends.json", site.config()))
                .properties(site.properties())
                .build();
    }
}
