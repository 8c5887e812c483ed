package dev.mfe.gateway;

import dev.mfe.config.Origin;
import dev.mfe.conformance.Conformance;
import dev.mfe.conformance.Conformance.Case;
import dev.mfe.conformance.Tally;
import dev.mfe.proxy.CookieFields;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Override cookies lead where they lead with {@code @vercel/microfrontends}, where the operator allows that. */
class OverridesConformanceTest {

    /** The package makes a URL of whatever the cookie says. */
    private static final String ONLY_HOSTS = "overrides are hosts";

    private final Overrides overrides = new Overrides(List.of("*.example.com", "*.example", "x"), false);

    @Test
    void overrideCookiesMeanTheSameAsToThePackage() {
        Tally tally = new Tally("naming.json, override cookies");
        for (Case testCase : Conformance.cases("naming")) {
            switch (testCase.text("kind")) {
                case "override-cookie" -> {
                    Map<?, ?> cookie = (Map<?, ?>) testCase.get("cookie");
                    compare(testCase, pair(cookie), tally);
                }
                case "override-cookies" -> {
                    List<String> pairs = ((List<?>) testCase.get("cookies"))
                            .stream().map(cookie -> pair((Map<?, ?>) cookie)).toList();
                    compare(testCase, String.join("; ", pairs), tally);
                }
                default -> tally.notForThisTest();
            }
        }
        tally.finish();
    }

    private static String pair(Map<?, ?> cookie) {
        return cookie.get("name") + "=" + cookie.get("value");
    }

    private void compare(Case testCase, String line, Tally tally) {
        boolean stripped = CookieFields.toZone(Collections.enumeration(List.of(line))) == null;
        if (testCase.has("isOverride") && testCase.is("isOverride") != stripped) {
            tally.disagreed(testCase, "reaches the zone: " + !stripped);
            return;
        }
        Map<String, @Nullable Object> ours = new TreeMap<>();
        for (String zone : List.of("web", "docs", "@acme/docs")) {
            Origin origin = overrides.wanted(zone, Collections.enumeration(List.of(line)));
            if (origin != null) {
                ours.put(zone, origin.toString());
            }
        }
        Map<String, @Nullable Object> theirs = new TreeMap<>();
        boolean notAHost = false;
        for (Map.Entry<?, ?> applied : ((Map<?, ?>) testCase.get("applied")).entrySet()) {
            Map<?, ?> host = (Map<?, ?>) applied.getValue();
            theirs.put((String) applied.getKey(), host.get("string"));
            notAHost |= !(host.get("protocol") + "://" + host.get("host")).equals(host.get("string"))
                    || ((String) host.get("host")).contains("@");
        }
        if (ours.equals(theirs)) {
            tally.agreed();
        } else if (notAHost && ours.isEmpty()) {
            tally.diverged(ONLY_HOSTS);
        } else {
            tally.disagreed(testCase, "ours: " + ours);
        }
    }
}
