package dev.mfe.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mfe.Spec;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is checked when the app starts, and who is asked afterwards. */
class FlagsTest {
    @Test
    @Spec("failure case 146")
    void everyMissingFlagIsListedWithTheWaysToAddIt() {
        Flags flags = Flags.builder()
                .property("a", "true")
                .provider(FlagProvider.of("b", request -> true))
                .build();

        MissingFlagException missing = catchThrowableOfType(
                MissingFlagException.class, () -> flags.requireAll(List.of("x", "a", "new-docs", "b", "x")));

        assertThat(missing.flags()).containsExactly("x", "new-docs");
        assertThat(missing).hasMessage("""
                        2 feature flags are missing:
                          "x" has no provider; set the property mfe.flags.x=true (or false, or a share such as 25%), or \
                        register one: FlagProvider.of("x", request -> ...)
                          "new-docs" has no provider; set the property mfe.flags.new-docs=true (or false, or a share such \
                        as 25%), or register one: FlagProvider.of("new-docs", request -> ...)""");
        assertThatCode(() -> flags.requireAll(List.of("b", "a"))).doesNotThrowAnyException();
        assertThatCode(() -> flags.requireAll(List.of())).doesNotThrowAnyException();
    }

    @Test
    void twoProvidersOfOneFlagAreAnErrorThatNamesBoth() {
        Flags.Builder builder =
                Flags.builder().provider(FlagProvider.of("a", request -> true)).provider(new ProviderOf("a", "b"));

        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidFlagsException.class)
                .hasMessageContaining("\"a\" has 2 providers: FlagProvider.of(\"a\", " + FlagsTest.class.getName())
                .hasMessageContaining(" and provider of [a, b]");
    }

    @Test
    void twoProvidersThatDoNotSayTheirNamesAreFoundWhenTheFlagIsRequired() {
        Flags flags = Flags.builder()
                .provider(new ProviderOf("a"))
                .provider(new ProviderOf("a", "b"))
                .build();

        InvalidFlagsException invalid =
                catchThrowableOfType(InvalidFlagsException.class, () -> flags.requireAll(List.of("c", "a", "b")));

        assertThat(invalid.problems())
                .satisfiesExactly(
                        c -> assertThat(c).contains("\"c\" has no provider"),
                        a -> assertThat(a)
                                .contains("\"a\" has 2 providers: provider of [a] and provider of [a, b]; keep one"));
        try (LogCapture log = new LogCapture()) {
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("a")).isFalse();
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("b")).isTrue();
            assertThat(log.warnings()).singleElement().asString().contains("\"a\" has 2 providers");
        }
    }

    @Test
    void everyProblemIsReportedAtOnce() {
        Flags.Builder builder = Flags.builder()
                .property("a", "maybe")
                .property("b", "101%")
                .property("c", "true")
                .property("c", "false")
                .property(" ", "true")
                .provider(FlagProvider.of("d", request -> true))
                .provider(FlagProvider.ofAsync("d", request -> CompletableFuture.completedFuture(true)))
                .secret("short");

        InvalidFlagsException invalid = catchThrowableOfType(InvalidFlagsException.class, builder::build);

        assertThat(invalid.problems()).hasSize(6);
        assertThat(invalid)
                .hasMessageStartingWith("The feature flags have 6 problems:\n  ")
                .hasMessageContainingAll(
                        "mfe.flags.a=maybe",
                        "mfe.flags.b=101%",
                        "mfe.flags.c is set twice: true and false",
                        "the name of the flag is missing",
                        "\"d\" has 2 providers",
                        "mfe.flags.secret");
    }

    @Test
    void thePropertyWinsOverTheProviderAndThatIsLogged() {
        try (LogCapture log = new LogCapture()) {
            Flags flags = Flags.builder()
                    .provider(FlagProvider.of("a", request -> true))
                    .property("a", "false")
                    .property("b", "true")
                    .build();

            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("a")).isFalse();
            assertThat(log.infos())
                    .singleElement()
                    .asString()
                    .contains("mfe.flags.a=false", "instead of FlagProvider.of(\"a\"");
        }
    }

    @Test
    void aFallbackIsAskedOnlyForFlagsThatNobodyElseAnswers() {
        ProviderOf any = new ProviderOf("a", "b", "c", "d");
        Flags flags = Flags.builder()
                .fallback(any)
                .fallback(new ProviderOf("c", "e"))
                .property("a", "false")
                .provider(FlagProvider.of("b", request -> false))
                .build();
        FlagValues values = flags.forRequest(new RecordingRequest());

        assertThat(values.isEnabled("a")).isFalse();
        assertThat(values.isEnabled("b")).isFalse();
        assertThat(values.isEnabled("c")).isTrue();
        assertThat(values.isEnabled("e")).isTrue();
        assertThat(any.evaluations).hasValue(1);
        assertThatCode(() -> flags.requireAll(List.of("a", "b", "c", "d", "e"))).doesNotThrowAnyException();
    }

    @Test
    void aProviderThatCannotSayWhatItProvidesIsAProblemAtTheStart() {
        try (LogCapture log = new LogCapture()) {
            Flags flags = Flags.builder()
                    .provider(new ProviderOf() {
                        @Override
                        public boolean provides(String flag) {
                            throw new IllegalStateException("not connected");
                        }
                    })
                    .build();

            assertThatThrownBy(() -> flags.requireAll(List.of("a")))
                    .isInstanceOf(InvalidFlagsException.class)
                    .hasMessageContaining("\"a\"")
                    .hasMessageContaining("not connected");
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("a")).isFalse();
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("b")).isFalse();
            assertThat(log.warnings()).isNotEmpty();
        }
    }

    @Test
    void providersAreFoundByTheServiceLoaderAndClosedInTheEnd(@TempDir Path directory) throws IOException {
        ServiceProvider.closed.set(0);
        try (URLClassLoader loader = services(directory, ServiceProvider.class.getName())) {
            Flags flags = Flags.builder().serviceLoader(loader).build();

            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("from-service"))
                    .isTrue();
            assertThat(ServiceProvider.closed).hasValue(0);
            flags.close();
            assertThat(ServiceProvider.closed).hasValue(1);
        }
    }

    @Test
    void aServiceThatCannotBeLoadedIsAProblemAndNothingStaysOpen(@TempDir Path directory) throws IOException {
        ServiceProvider.closed.set(0);
        try (URLClassLoader loader = services(directory, ServiceProvider.class.getName(), "com.example.Missing")) {
            assertThatThrownBy(() -> Flags.builder().serviceLoader(loader).build())
                    .isInstanceOf(InvalidFlagsException.class)
                    .hasMessageContaining("META-INF/services/dev.mfe.flags.FlagProvider")
                    .hasMessageContaining("com.example.Missing");
        }
        assertThat(ServiceProvider.closed).hasValue(1);
    }

    @Test
    void aProviderHandedInStaysOpen() {
        ServiceProvider.closed.set(0);
        Flags flags = Flags.builder().provider(new ServiceProvider()).build();

        flags.close();

        assertThat(ServiceProvider.closed).hasValue(0);
    }

    @Test
    void aTimeoutMustBeATime() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(2))) {
            assertThatThrownBy(() -> Flags.builder().timeout(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("mfe.flags.timeout")
                    .hasMessageContaining(wrong.toString());
        }
    }

    @Test
    void aFlagNeedsAName() {
        assertThatThrownBy(() -> FlagProvider.of(" ", request -> true)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Spec("failure case 145")
    void aFlagNobodyAnswersIsOffAndThatIsLoggedOnce() {
        try (LogCapture log = new LogCapture()) {
            Flags flags = Flags.builder().build();

            for (int i = 0; i < 3; i++) {
                assertThat(flags.forRequest(new RecordingRequest()).isEnabled("new-docs"))
                        .isFalse();
            }

            assertThat(log.warnings()).singleElement().asString().contains("mfe.flags.new-docs=true");
            assertThat(log.debugs()).hasSize(2);
            assertThat(flags.counters().get("new-docs")).isEqualTo(new FlagCounters(0, 3, 3, 0));
        }
    }

    @Test
    void namesOutOfRequestsNeitherFillTheMemoryNorTheLog() {
        try (LogCapture log = new LogCapture()) {
            Flags flags = Flags.builder().property("real", "true").build();
            for (int i = 0; i < Flags.MAX_NAMES + 100; i++) {
                assertThat(flags.forRequest(new RecordingRequest()).isEnabled("no\nsuch-" + i))
                        .isFalse();
            }
            FlagValues values = flags.forRequest(new RecordingRequest());
            assertThat(values.isEnabled("real")).isTrue();
            flags.requireAll(List.of("real"));

            assertThat(flags.counters()).hasSize(Flags.MAX_NAMES + 1).containsKey("real");
            assertThat(log.warnings())
                    .hasSize(Flags.MAX_NAMES + 1)
                    .allSatisfy(warning -> assertThat(warning).doesNotContain("\n"))
                    .last()
                    .asString()
                    .contains("More than 1000 different flags");
        }
    }

    private static URLClassLoader services(Path directory, String... classes) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.write(services.resolve(FlagProvider.class.getName()), List.of(classes));
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, FlagsTest.class.getClassLoader());
    }

    public static final class ServiceProvider implements FlagProvider, AutoCloseable {
        static final AtomicInteger closed = new AtomicInteger();

        @Override
        public boolean provides(String flag) {
            return flag.equals("from-service");
        }

        @Override
        public CompletionStage<Boolean> evaluate(String flag, FlagRequest request) {
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private static class ProviderOf implements FlagProvider {
        final AtomicInteger evaluations = new AtomicInteger();
        private final List<String> names;

        ProviderOf(String... names) {
            this.names = List.of(names);
        }

        @Override
        public boolean provides(String flag) {
            return names.contains(flag);
        }

        @Override
        public CompletionStage<Boolean> evaluate(String flag, FlagRequest request) {
            evaluations.incrementAndGet();
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public String toString() {
            return "provider of " + names;
        }
    }
}
