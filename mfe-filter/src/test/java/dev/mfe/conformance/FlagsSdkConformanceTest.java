package dev.mfe.conformance;

import dev.mfe.conformance.Conformance.Case;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagRequest;
import dev.mfe.flags.Flags;
import dev.mfe.flags.FlagsSdk;
import dev.mfe.flags.InvalidFlagsException;
import dev.mfe.testkit.SdkToken;
import dev.mfe.testkit.TestRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Overrides of flags and their discovery: as the Flags SDK has them, except for what docs/flags.md lists. */
class FlagsSdkConformanceTest {
    /** A flag of which no token knows. */
    private static final String OTHER_FLAG = "a flag without an override";

    @Test
    void tokensAndDiscoveryMeanTheSameAsToTheSdk() {
        Tally tally = new Tally("flags-sdk.json");
        for (Case testCase : Conformance.cases("flags-sdk")) {
            switch (testCase.text("kind")) {
                case "overrides" -> overrides(testCase, tally);
                case "secret" -> secret(testCase, tally);
                case "access" -> access(testCase, tally);
                case "provider-data" -> providerData(testCase, tally);
                case "merge-provider-data" -> tally.diverged("noMergedDefinitions");
                case "evaluate" -> evaluate(testCase, tally);
                case "evaluate-default" -> evaluateDefault(testCase, tally);
                default -> tally.disagreed(testCase, "unknown kind");
            }
        }
        tally.finish();
    }

    private static void overrides(Case testCase, Tally tally) {
        Map<?, ?> header = (Map<?, ?>) testCase.get("header");
        boolean otherAlgorithm =
                testCase.is("accepted") && !("dir".equals(header.get("alg")) && "A256GCM".equals(header.get("enc")));
        // Either version of the SDK may run beside us, so what either takes counts.
        Object expected = testCase.is("accepted") ? testCase.get("overrides") : testCase.get("acceptedBySdk3");
        if (testCase.get("exp") instanceof Number exp
                && exp.doubleValue() < Instant.now().getEpochSecond()) {
            expected = null;
        }
        if (otherAlgorithm) {
            if (isAsExpected(testCase.text("secret"), testCase.text("token"), null)) {
                tally.diverged("onlyDirA256Gcm");
            } else {
                tally.disagreed(testCase, "ours: taken");
            }
        } else {
            compare(testCase, isAsExpected(testCase.text("secret"), testCase.text("token"), expected), tally);
        }
    }

    /** Whether a token has just these overrides: each flag is asked on top of the opposite decision. */
    private static boolean isAsExpected(String secret, String token, @Nullable Object expected) {
        Map<?, ?> overrides = expected instanceof Map<?, ?> values ? values : Map.of();
        String cookie = FlagsSdk.OVERRIDES_COOKIE + "=" + token;
        boolean same = true;
        for (Map.Entry<?, ?> override : overrides.entrySet()) {
            boolean on = isTruthy(override.getValue());
            same &= value(secret, (String) override.getKey(), !on, cookie) == on;
        }
        for (String flag : List.of(OTHER_FLAG, "is-flagged-docs-path-enabled", "length", "0")) {
            if (!overrides.containsKey(flag)) {
                same &= value(secret, flag, true, cookie) && !value(secret, flag, false, cookie);
            }
        }
        return same;
    }

    private static void secret(Case testCase, Tally tally) {
        if (testCase.has("error")) {
            compare(testCase, isRefused(testCase.text("secret")), tally);
        } else {
            Object overrides = testCase.get("overrides");
            compare(testCase, isAsExpected(testCase.text("secret"), testCase.text("token"), overrides), tally);
        }
    }

    private static boolean isRefused(String secret) {
        try {
            Flags.builder().sdkSecret(secret).build().close();
            return false;
        } catch (InvalidFlagsException e) {
            return true;
        }
    }

    private static void access(Case testCase, Tally tally) {
        try (Flags flags = Flags.builder()
                .sdkSecret(testCase.text("secret"))
                .property("cool-feature", "false")
                .description("cool-feature", "A cool feature")
                .build()) {
            FlagsSdk.Discovery answer =
                    flags.discovery("GET", testCase.text("authorization")).orElseThrow();
            Map<String, String> fields = new LinkedHashMap<>();
            answer.fields().forEach((name, value) -> fields.put(name.toLowerCase(Locale.ROOT), value));
            // More fields than theirs do no harm.
            boolean sameFields = fields.entrySet().containsAll(((Map<?, ?>) testCase.get("headers")).entrySet());
            boolean same = Objects.equals(testCase.get("status"), answer.status())
                    && sameFields
                    && Objects.equals(testCase.get("body"), Conformance.read(answer.body()));
            if (same) {
                tally.agreed();
            } else {
                tally.disagreed(testCase, "ours: " + answer);
            }
        }
    }

    /** Flags here are booleans, so their options are not declared; what else there is must be the same. */
    private static void providerData(Case testCase, Tally tally) {
        Map<?, ?> definitions = (Map<?, ?>) ((Map<?, ?>) testCase.get("body")).get("definitions");
        Flags.Builder builder = Flags.builder().sdkSecret(SdkToken.SECRET);
        definitions.keySet().forEach(key -> builder.property((String) key, "true"));
        for (Object declaration : ((Map<?, ?>) testCase.get("flags")).values()) {
            if (((Map<?, ?>) declaration).get("description") instanceof String description) {
                builder.description((String) ((Map<?, ?>) declaration).get("key"), description);
            }
        }
        try (Flags flags = builder.build()) {
            Object ours = Conformance.read(flags.discovery("GET", "Bearer " + SdkToken.proof())
                    .orElseThrow()
                    .body());
            if (withoutTypes(testCase.get("body")).equals(withoutTypes(ours))) {
                tally.diverged("onlyBooleanFlags");
            } else {
                tally.disagreed(testCase, "ours: " + ours);
            }
        }
    }

    private static Map<?, ?> withoutTypes(@Nullable Object body) {
        Map<Object, Object> copy = new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(body));
        copy.computeIfPresent("definitions", (name, definitions) -> {
            Map<Object, Object> stripped = new LinkedHashMap<>();
            ((Map<?, ?>) definitions).forEach((flag, definition) -> {
                Map<Object, Object> rest = new LinkedHashMap<>((Map<?, ?>) definition);
                rest.keySet().removeAll(List.of("options", "origin", "defaultValue"));
                stripped.put(flag, rest);
            });
            return stripped;
        });
        return copy;
    }

    private static void evaluate(Case testCase, Tally tally) {
        String key = testCase.text("key");
        boolean decided = testCase.is("decided");
        boolean ours = value(testCase.text("secret"), key, decided, testCase.text("cookieHeader"));
        if (key.equals("toString") && ours == decided) {
            tally.diverged("noPrototypeMembers");
        } else {
            compare(testCase, ours == isTruthy(testCase.get("value")), tally);
        }
    }

    private static void evaluateDefault(Case testCase, Tally tally) {
        if (testCase.has("secret")) {
            compare(testCase, isRefused(testCase.text("secret")), tally);
            return;
        }
        try (Flags flags = Flags.builder()
                .provider(FlagProvider.ofAsync("f", request -> CompletableFuture.failedFuture(new Exception("x"))))
                .provider(FlagProvider.ofAsync("g", request -> CompletableFuture.completedFuture(null)))
                .build()) {
            FlagRequest request = withCookies("");
            if (flags.forRequest(request).isEnabled("f")
                    || flags.forRequest(request).isEnabled("g")) {
                tally.disagreed(testCase, "ours: on");
            } else {
                tally.diverged("failureIsOff");
            }
        }
    }

    private static boolean value(String secret, String flag, boolean decided, String cookieHeader) {
        try (Flags flags = Flags.builder()
                .sdkSecret(secret)
                .provider(FlagProvider.ofAsync(flag, request -> CompletableFuture.completedFuture(decided)))
                .build()) {
            return flags.forRequest(withCookies(cookieHeader)).isEnabled(flag);
        }
    }

    private static void compare(Case testCase, boolean same, Tally tally) {
        if (same) {
            tally.agreed();
        } else {
            tally.disagreed(testCase, "ours: otherwise");
        }
    }

    /** ECMA-262 ToBoolean, for what JSON can hold. */
    private static boolean isTruthy(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        return value instanceof Boolean on ? on : value != null && !value.equals("");
    }

    private static FlagRequest withCookies(String header) {
        return TestRequest.of("/", name -> name.equalsIgnoreCase("Cookie") ? List.of(header) : List.of());
    }
}
