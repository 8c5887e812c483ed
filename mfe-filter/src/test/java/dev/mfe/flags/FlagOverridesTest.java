package dev.mfe.flags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.testkit.SdkToken;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What an override from the Flags SDK's toolbar does to a flag. */
class FlagOverridesTest {
    @Test
    void anOverrideWinsOverEverybodyElse() {
        AtomicInteger asked = new AtomicInteger();
        try (Flags flags = Flags.builder()
                .sdkSecret(SdkToken.SECRET)
                .property("killed", "false")
                .property("everybody", "true")
                .property("some", "50%")
                .provider(FlagProvider.of("blocking", request -> asked.incrementAndGet() < 0))
                .provider(FlagProvider.ofAsync("async", request -> {
                    asked.incrementAndGet();
                    return CompletableFuture.completedFuture(true);
                }))
                .build()) {
            FlagValues values = flags.forRequest(
                    overrides("{\"killed\":true,\"everybody\":false,\"some\":true,\"blocking\":true,\"async\":false}"));

            assertThat(values.isEnabled("killed")).isTrue();
            assertThat(values.isEnabled("everybody")).isFalse();
            assertThat(values.isEnabled("some")).isTrue();
            assertThat(values.isEnabled("blocking")).isTrue();
            assertThat(values.evaluate("async").toCompletableFuture()).isCompletedWithValue(false);
            assertThat(asked).hasValue(0);
            assertThat(values.setCookie()).as("nobody was drawn").isEmpty();
            assertThat(flags.counters()).containsEntry("killed", new FlagCounters(1, 0, 0, 0));
        }
    }

    @Test
    void flagsWithoutAnOverrideAreAskedAsEver() {
        try (Flags flags = Flags.builder()
                .sdkSecret(SdkToken.SECRET)
                .property("a", "true")
                .property("b", "false")
                .build()) {
            for (RecordingRequest request : List.of(
                    new RecordingRequest(),
                    overrides("{\"c\":true}"),
                    new RecordingRequest().header("Cookie", "vercel-flag-overrides=nonsense"),
                    new RecordingRequest().header("Cookie", "vercel-flag-overrides="))) {
                assertThat(flags.forRequest(request).isEnabled("a")).isTrue();
                assertThat(flags.forRequest(request).isEnabled("b")).isFalse();
            }
        }
    }

    @Test
    void aFlagThatNobodyAnswersCannotBeOverridden() {
        try (Flags flags = Flags.builder().sdkSecret(SdkToken.SECRET).build()) {
            assertThat(flags.forRequest(overrides("{\"unknown\":true}")).isEnabled("unknown"))
                    .isFalse();
        }
    }

    @Test
    void withoutTheSecretTheCookieIsNotEvenRead() {
        try (Flags flags = Flags.builder().property("a", "false").build()) {
            RecordingRequest request = overrides("{\"a\":true}");
            assertThat(flags.forRequest(request).isEnabled("a")).isFalse();
            assertThat(request.reads).isEmpty();
        }
    }

    @Test
    void theCookieIsReadOncePerRequest() {
        try (Flags flags = Flags.builder()
                .sdkSecret(SdkToken.SECRET)
                .property("a", "false")
                .property("b", "false")
                .build()) {
            RecordingRequest request = overrides("{\"a\":true}");
            FlagValues values = flags.forRequest(request);
            assertThat(request.reads).isEmpty();
            assertThat(values.isEnabled("a")).isTrue();
            assertThat(values.isEnabled("b")).isFalse();
            assertThat(request.reads).containsExactly("header Cookie");
        }
    }

    @Test
    void anOverrideDoesNotMakeAFailingProviderWarnAgain() {
        try (LogCapture log = new LogCapture();
                Flags flags = Flags.builder()
                        .sdkSecret(SdkToken.SECRET)
                        .provider(FlagProvider.ofAsync(
                                "a", request -> CompletableFuture.failedFuture(new IllegalStateException("down"))))
                        .build()) {
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("a")).isFalse();
            assertThat(flags.forRequest(overrides("{\"a\":true}")).isEnabled("a"))
                    .isTrue();
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("a")).isFalse();
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void aRequestWhoseCookiesCannotBeReadHasNoOverride() {
        try (Flags flags =
                Flags.builder().sdkSecret(SdkToken.SECRET).property("a", "true").build()) {
            RecordingRequest broken = new RecordingRequest() {
                @Override
                public List<String> headers(String name) {
                    throw new IllegalStateException("recycled");
                }
            };
            assertThat(flags.forRequest(broken).isEnabled("a")).isTrue();
        }
    }

    @Test
    void discoveryListsTheFlagsThatAreDeclared() {
        try (Flags flags = Flags.builder()
                .sdkSecret(SdkToken.SECRET)
                .property("b", "25%")
                .provider(FlagProvider.of("a \"quoted\"", request -> true))
                .fallback(new FlagProvider() {
                    @Override
                    public boolean provides(String flag) {
                        return !flag.equals("nobody's");
                    }

                    @Override
                    public CompletableFuture<Boolean> evaluate(String flag, FlagRequest request) {
                        return CompletableFuture.completedFuture(true);
                    }
                })
                .description("c", "</script>")
                .build()) {
            flags.requireAll(List.of("c"));
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("from-a-request"))
                    .isTrue();
            FlagsSdk.Discovery answer =
                    flags.discovery("GET", "Bearer " + SdkToken.proof()).orElseThrow();
            assertThat(answer.status()).isEqualTo(200);
            String options = "\"options\":[{\"value\":false,\"label\":\"Off\"},{\"value\":true,\"label\":\"On\"}],";
            assertThat(answer.body())
                    .isEqualTo("{\"definitions\":{\"a \\\"quoted\\\"\":{" + options
                            + "\"declaredInCode\":true},\"b\":{"
                            + options + "\"declaredInCode\":true},\"c\":{" + options
                            + "\"description\":\"</script>\",\"declaredInCode\":true}},\"hints\":[]}");
        }
    }

    @Test
    void discoveryTellsNothingWithoutAProof() {
        try (Flags flags =
                Flags.builder().sdkSecret(SdkToken.SECRET).property("a", "true").build()) {
            for (String authorization :
                    new String[] {null, "", "Bearer x", "Bearer " + SdkToken.overrides("{}"), SdkToken.proof()}) {
                FlagsSdk.Discovery answer =
                        flags.discovery("GET", authorization).orElseThrow();
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.body()).isEqualTo("null");
                assertThat(answer.fields())
                        .containsEntry("Cache-Control", "no-store")
                        .containsEntry("WWW-Authenticate", "Bearer")
                        .doesNotContainKey("x-flags-sdk-version");
            }
            assertThat(flags.discovery("POST", "Bearer " + SdkToken.proof())
                            .orElseThrow()
                            .status())
                    .isEqualTo(405);
        }
        try (Flags flags = Flags.builder().property("a", "true").build()) {
            assertThat(flags.discovery("GET", "Bearer " + SdkToken.proof())).isEmpty();
        }
    }

    private static RecordingRequest overrides(String flags) {
        return new RecordingRequest().header("Cookie", "x=1; vercel-flag-overrides=" + SdkToken.overrides(flags));
    }
}
