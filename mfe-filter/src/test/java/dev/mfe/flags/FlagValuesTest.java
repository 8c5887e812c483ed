package dev.mfe.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.Spec;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The flags of one request, with providers that answer or fail at once; see {@link SlowProviderTest} for the others.
 */
@Timeout(60)
class FlagValuesTest {
    private static final ThreadLocal<Principal> SECURITY = new ThreadLocal<>();

    @Test
    @Spec("failure case 147")
    void eachFlagIsEvaluatedAtMostOnceARequest() {
        AtomicInteger calls = new AtomicInteger();
        try (Flags flags = withProvider(request -> calls.incrementAndGet() % 2 == 1)) {
            FlagValues first = flags.forRequest(new RecordingRequest());
            FlagValues second = flags.forRequest(new RecordingRequest());

            for (int i = 0; i < 3; i++) {
                assertThat(first.isEnabled("new-docs")).isTrue();
                assertThat(first.evaluate("new-docs").toCompletableFuture().join())
                        .isTrue();
                assertThat(second.isEnabled("new-docs")).isFalse();
            }
            assertThat(calls).hasValue(2);
            assertThat(flags.counters().get("new-docs")).isEqualTo(new FlagCounters(1, 1, 0, 0));
            assertThat(flags.counters().get("new-docs").evaluations()).isEqualTo(2);
        }
    }

    @Test
    @Spec("failure case 147")
    void eachFlagIsEvaluatedAtMostOnceAlsoWhenManyThreadsAsk() throws Exception {
        int threadCount = 8;
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(threadCount);
        ExecutorService threads = Executors.newFixedThreadPool(threadCount);
        try (Flags flags = Flags.builder()
                .timeout(Duration.ofHours(1))
                .provider(FlagProvider.of("new-docs", request -> {
                    awaitUninterruptibly(asked);
                    return calls.incrementAndGet() == 1;
                }))
                .build()) {
            FlagValues values = flags.forRequest(new RecordingRequest());
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < threadCount; i++) {
                answers.add(threads.submit(() -> {
                    asked.countDown();
                    return values.isEnabled("new-docs");
                }));
            }

            for (Future<Boolean> answer : answers) {
                assertThat(answer.get()).isTrue();
            }
            assertThat(calls).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void nothingHappensBeforeAFlagIsAskedFor() {
        AtomicInteger calls = new AtomicInteger();
        try (Flags flags = withProvider(request -> calls.incrementAndGet() > 0)) {
            RecordingRequest request = new RecordingRequest();
            FlagValues values = flags.forRequest(request);

            assertThat(values.setCookie()).isEmpty();
            assertThat(request.reads).isEmpty();
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void aProviderSeesTheRequest() {
        RecordingRequest request = new RecordingRequest()
                .header("X-Group", "beta")
                .header("X-Group", "docs")
                .header("Cookie", "a=1; a=2")
                .user("alice")
                .session("cart", 7)
                .https();
        AtomicReference<List<?>> seen = new AtomicReference<>();
        Predicate<FlagRequest> look = r -> {
            seen.set(List.of(
                    r.path(),
                    r.query(),
                    r.secure(),
                    r.header("x-group"),
                    r.headers("x-group"),
                    r.cookie("a"),
                    r.cookies("a"),
                    r.remoteAddress(),
                    r.principal().getName(),
                    r.sessionAttribute("cart"),
                    r.header("none") == null && r.cookie("none") == null && r.sessionAttribute("none") == null));
            return true;
        };
        List<?> expected = List.of(
                "/docs/%61",
                "a=1", true, "beta", List.of("beta", "docs"), "1", List.of("1", "2"), "192.0.2.1", "alice", 7, true);

        try (Flags flags = Flags.builder()
                .provider(FlagProvider.of("blocking", look))
                .provider(FlagProvider.ofAsync("async", r -> CompletableFuture.completedFuture(look.test(r))))
                .build()) {
            for (String flag : List.of("blocking", "async")) {
                seen.set(null);
                assertThat(flags.forRequest(request).isEnabled(flag)).isTrue();
                assertThat(seen.get()).as(flag).isEqualTo(expected);
            }
        }
    }

    @Test
    void aProviderReadsNothingUnlessItAsks() {
        RecordingRequest request = new RecordingRequest().user("alice");
        try (Flags flags = Flags.builder()
                .provider(FlagProvider.ofAsync("new-docs", r -> CompletableFuture.completedFuture(true)))
                .build()) {
            assertThat(flags.forRequest(request).isEnabled("new-docs")).isTrue();
            assertThat(request.reads).isEmpty();
        }
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of("an exception", FlagProvider.of("new-docs", r -> {
                    throw new IllegalStateException("broken");
                })),
                Arguments.of("a missing class", FlagProvider.of("new-docs", r -> {
                    throw new NoClassDefFoundError("vendor/Client");
                })),
                Arguments.of("an endless recursion", FlagProvider.ofAsync("new-docs", r -> {
                    throw new StackOverflowError();
                })),
                Arguments.of("an exception on the caller's thread", FlagProvider.ofAsync("new-docs", r -> {
                    throw new IllegalStateException("broken");
                })),
                Arguments.of("a missing class on the caller's thread", FlagProvider.ofAsync("new-docs", r -> {
                    throw new NoClassDefFoundError("vendor/Client");
                })),
                Arguments.of(
                        "a failed stage",
                        FlagProvider.ofAsync(
                                "new-docs", r -> CompletableFuture.failedFuture(new IllegalStateException("broken")))),
                Arguments.of("a cancelled stage", FlagProvider.ofAsync("new-docs", r -> {
                    CompletableFuture<Boolean> stage = new CompletableFuture<>();
                    stage.cancel(true);
                    return stage;
                })),
                Arguments.of("no stage", FlagProvider.ofAsync("new-docs", r -> null)),
                Arguments.of("null", FlagProvider.ofAsync("new-docs", r -> CompletableFuture.completedFuture(null))));
    }

    @ParameterizedTest(name = "145: {0}")
    @MethodSource("failures")
    @Spec("failure case 145")
    void whatGoesWrongCountsAsOff(String name, FlagProvider provider) {
        try (LogCapture log = new LogCapture();
                Flags flags = Flags.builder()
                        .provider(provider)
                        .timeout(Duration.ofHours(1))
                        .build()) {
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("new-docs"))
                    .isFalse();
            assertThat(flags.forRequest(new RecordingRequest())
                            .evaluate("new-docs")
                            .toCompletableFuture()
                            .join())
                    .isFalse();

            assertThat(flags.counters().get("new-docs")).isEqualTo(new FlagCounters(0, 2, 2, 0));
            assertThat(log.warnings()).singleElement().asString().contains("\"new-docs\"", provider.toString());
            assertThat(log.debugs()).hasSize(1);
        }
    }

    @Test
    void theLogHasTheCauseWithoutItsWrapper() {
        IllegalStateException cause = new IllegalStateException("broken");
        try (LogCapture log = new LogCapture();
                Flags flags = Flags.builder()
                        .provider(FlagProvider.ofAsync(
                                "new-docs", r -> CompletableFuture.failedFuture(new CompletionException(cause))))
                        .build()) {
            flags.forRequest(new RecordingRequest()).isEnabled("new-docs");

            assertThat(log.causes()).containsExactly(cause);
        }
    }

    @Test
    @Spec("failure case 145")
    void eachKindOfFailureIsLoggedOnceUntilTheFlagAnswersAgain() {
        AtomicReference<CompletableFuture<Boolean>> next = new AtomicReference<>();
        CompletableFuture<Boolean> error = CompletableFuture.failedFuture(new CancellationException());
        CompletableFuture<Boolean> nothing = CompletableFuture.completedFuture(null);
        CompletableFuture<Boolean> off = CompletableFuture.completedFuture(false);
        try (LogCapture log = new LogCapture();
                Flags flags = Flags.builder()
                        .provider(FlagProvider.ofAsync("new-docs", r -> next.get()))
                        .build()) {
            for (CompletableFuture<Boolean> stage : List.of(error, error, nothing, error, nothing)) {
                next.set(stage);
                flags.forRequest(new RecordingRequest()).isEnabled("new-docs");
            }
            assertThat(log.warnings())
                    .satisfiesExactly(
                            first -> assertThat(first).contains("failed"),
                            second -> assertThat(second).contains("null"));
            assertThat(log.debugs()).hasSize(3);

            next.set(off);
            flags.forRequest(new RecordingRequest()).isEnabled("new-docs");
            next.set(error);
            flags.forRequest(new RecordingRequest()).isEnabled("new-docs");
            flags.forRequest(new RecordingRequest()).isEnabled("new-docs");

            assertThat(log.warnings()).hasSize(3);
            assertThat(flags.counters().get("new-docs")).isEqualTo(new FlagCounters(0, 8, 7, 0));
        }
    }

    @Test
    void aVirtualMachineInTroubleIsNotHidden() {
        try (LogCapture log = new LogCapture();
                Flags flags = Flags.builder()
                        .executor(Runnable::run)
                        .provider(FlagProvider.ofAsync("async", r -> {
                            throw new InternalError("fatal");
                        }))
                        .provider(FlagProvider.of("blocking", r -> {
                            throw new InternalError("fatal");
                        }))
                        .build()) {
            for (String flag : List.of("async", "blocking")) {
                FlagValues values = flags.forRequest(new RecordingRequest());

                assertThatThrownBy(() -> values.isEnabled(flag)).isInstanceOf(InternalError.class);
                assertThat(values.isEnabled(flag)).as("%s, asked again", flag).isFalse();
                assertThat(flags.counters().get(flag)).isEqualTo(new FlagCounters(0, 1, 1, 0));
            }
            assertThat(log.warnings()).hasSize(2);
        }
    }

    @Test
    void blockingProvidersRunOnADaemonThreadAndOthersOnTheCallers() {
        AtomicReference<Thread> blocking = new AtomicReference<>();
        AtomicReference<Thread> async = new AtomicReference<>();
        try (Flags flags = Flags.builder()
                .provider(FlagProvider.of("blocking", r -> {
                    blocking.set(Thread.currentThread());
                    return true;
                }))
                .provider(FlagProvider.ofAsync("async", r -> {
                    async.set(Thread.currentThread());
                    return CompletableFuture.completedFuture(true);
                }))
                .build()) {
            FlagValues values = flags.forRequest(new RecordingRequest());

            assertThat(values.isEnabled("blocking")).isTrue();
            assertThat(values.isEnabled("async")).isTrue();
            assertThat(blocking.get()).isNotSameAs(Thread.currentThread());
            assertThat(blocking.get().isDaemon()).isTrue();
            assertThat(blocking.get().getName()).startsWith(ProviderThreads.NAME_PREFIX);
            assertThat(async.get()).isSameAs(Thread.currentThread());
        }
    }

    @Test
    @Spec("failure case 151")
    void theUserIsKnownOnTheThreadOfTheProviderThoughFrameworksBindItToTheRequests() {
        SECURITY.set(() -> "alice");
        try (Flags flags = withProvider(r -> "alice".equals(r.principal().getName()))) {
            assertThat(flags.forRequest(new RecordingRequest().principal(SECURITY::get))
                            .isEnabled("new-docs"))
                    .isTrue();
        } finally {
            SECURITY.remove();
        }
    }

    @Test
    void aUserThatCannotBeReadFailsOnlyProvidersThatAskForIt() {
        RecordingRequest request = new RecordingRequest().principal(() -> {
            throw new IllegalStateException("identity provider is down");
        });
        try (LogCapture log = new LogCapture();
                Flags flags = Flags.builder()
                        .provider(FlagProvider.of("asks", r -> r.principal() == null))
                        .provider(FlagProvider.of("does-not-ask", r -> true))
                        .build()) {
            FlagValues values = flags.forRequest(request);

            assertThat(values.isEnabled("asks")).isFalse();
            assertThat(values.isEnabled("does-not-ask")).isTrue();
            assertThat(log.causes()).singleElement().asString().contains("identity provider is down");
        }
    }

    @Test
    void anExecutorOfTheCallersMayBeTheThreadOfTheCaller() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (Flags flags = Flags.builder()
                .executor(Runnable::run)
                .provider(FlagProvider.of("new-docs", r -> {
                    thread.set(Thread.currentThread());
                    return true;
                }))
                .build()) {
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("new-docs"))
                    .isTrue();
            assertThat(thread.get()).isSameAs(Thread.currentThread());
        }
    }

    @Test
    void theStageCannotBeCompletedByOthers() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        try (Flags flags = Flags.builder()
                .timeout(Duration.ofHours(1))
                .provider(FlagProvider.ofAsync("new-docs", r -> answer))
                .build()) {
            FlagValues values = flags.forRequest(new RecordingRequest());
            values.evaluate("new-docs").toCompletableFuture().complete(true);
            answer.complete(false);

            assertThat(values.isEnabled("new-docs")).isFalse();
        }
    }

    private static Flags withProvider(Predicate<FlagRequest> decision) {
        return Flags.builder()
                .timeout(Duration.ofHours(1))
                .provider(FlagProvider.of("new-docs", decision))
                .build();
    }

    static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
