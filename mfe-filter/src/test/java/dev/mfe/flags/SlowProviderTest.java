package dev.mfe.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.Spec;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Providers that hang, and what they must not hold up. Where a test gives the flags an hour and yet ends, nothing
 * waited; where it gives them 50 ms, the provider hangs until the test lets it go.
 */
@Timeout(60)
class SlowProviderTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofHours(1);

    private static final InheritableThreadLocal<String> USER = new InheritableThreadLocal<>();

    private final CountDownLatch letGo = new CountDownLatch(1);
    private final LogCapture log = new LogCapture();

    @AfterEach
    void letProvidersGoAndCloseLog() {
        letGo.countDown();
        log.close();
    }

    @Test
    @Spec("failure case 145")
    void aBlockingProviderThatHangsCountsAsOffAfterTheTimeout() {
        try (Flags flags = hanging().timeout(SHORT).build()) {
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("hangs"))
                    .isFalse();
            assertThat(flags.forRequest(new RecordingRequest())
                            .evaluate("hangs")
                            .toCompletableFuture()
                            .join())
                    .isFalse();

            assertThat(flags.counters().get("hangs")).isEqualTo(new FlagCounters(0, 2, 0, 2));
            assertThat(log.warnings()).singleElement().asString().contains("no answer within 50 ms");
        }
    }

    @Test
    @Spec("failure case 145")
    void anAsyncProviderThatNeverAnswersCountsAsOffAfterTheTimeout() {
        CompletableFuture<Boolean> late = new CompletableFuture<>();
        try (Flags flags = Flags.builder()
                .timeout(SHORT)
                .provider(FlagProvider.ofAsync("never", r -> late))
                .build()) {
            FlagValues waiting = flags.forRequest(new RecordingRequest());
            FlagValues told = flags.forRequest(new RecordingRequest());

            assertThat(waiting.isEnabled("never")).isFalse();
            assertThat(told.evaluate("never").toCompletableFuture().join()).isFalse();

            late.complete(true);
            assertThat(waiting.isEnabled("never")).as("a late answer").isFalse();
            assertThat(told.isEnabled("never")).as("a late answer").isFalse();
            assertThat(flags.counters().get("never")).isEqualTo(new FlagCounters(0, 2, 0, 2));
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void aBlockingProviderWhoseStageNeverAnswersIsHeldToTheTimeoutToo() {
        FlagProvider provider = new FlagProvider() {
            @Override
            public boolean provides(String flag) {
                return flag.equals("never");
            }

            @Override
            public CompletionStage<Boolean> evaluate(String flag, FlagRequest request) {
                return new CompletableFuture<>();
            }

            @Override
            public boolean mayBlock() {
                return true;
            }
        };
        try (Flags flags = Flags.builder().timeout(SHORT).provider(provider).build()) {
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("never"))
                    .isFalse();
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void evaluateNeverWaits() {
        try (Flags flags = hanging().timeout(LONG).build()) {
            CompletionStage<Boolean> stage =
                    flags.forRequest(new RecordingRequest()).evaluate("hangs");

            assertThat(stage.toCompletableFuture()).isNotDone();
            letGo.countDown();
            assertThat(stage.toCompletableFuture().join()).isTrue();
        }
    }

    @Test
    void aLateProviderCannotReadTheRequestAnyMore() {
        withMoreTimeUntilItStarts(timeout -> {
            AtomicReference<FlagRequest> handedOut = new AtomicReference<>();
            RecordingRequest request = new RecordingRequest();
            try (Flags flags = Flags.builder()
                    .timeout(timeout)
                    .provider(FlagProvider.of("late", r -> {
                        handedOut.set(r);
                        return hang();
                    }))
                    .build()) {
                assertThat(flags.forRequest(request).isEnabled("late")).isFalse();
                return handedOut.get() != null && assertUnreadable(handedOut.get(), request);
            }
        });
    }

    @Test
    void anAsyncProviderThatIsLateCannotReadTheRequestAnyMore() {
        AtomicReference<FlagRequest> handedOut = new AtomicReference<>();
        RecordingRequest request = new RecordingRequest();
        try (Flags flags = Flags.builder()
                .timeout(SHORT)
                .provider(FlagProvider.ofAsync("late", r -> {
                    handedOut.set(r);
                    return new CompletableFuture<>();
                }))
                .build()) {
            assertThat(flags.forRequest(request).isEnabled("late")).isFalse();
            assertUnreadable(handedOut.get(), request);
        }
    }

    private static boolean assertUnreadable(FlagRequest late, RecordingRequest request) {
        request.reads.clear();
        for (Consumer<FlagRequest> read : List.<Consumer<FlagRequest>>of(
                FlagRequest::path,
                FlagRequest::query,
                FlagRequest::secure,
                r -> r.header("a"),
                r -> r.headers("a"),
                r -> r.cookie("a"),
                r -> r.cookies("a"),
                FlagRequest::remoteAddress,
                FlagRequest::principal,
                r -> r.sessionAttribute("a"))) {
            assertThatThrownBy(() -> read.accept(late))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("\"late\" has ended");
        }
        assertThat(request.reads).isEmpty();
        return true;
    }

    @Test
    void aProviderCannotReadTheRequestAfterItsAnswerEither() {
        AtomicReference<FlagRequest> kept = new AtomicReference<>();
        try (Flags flags = Flags.builder()
                .provider(FlagProvider.of("keeps", r -> {
                    kept.set(r);
                    return true;
                }))
                .build()) {
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("keeps"))
                    .isTrue();
            assertThatThrownBy(() -> kept.get().path()).isInstanceOf(IllegalStateException.class);
        }
    }

    /** A container whose request is read while it is recycled may give the session of one user to another. */
    @Test
    void aReadThatIsUnderWayWhenTheTimeIsUpIsLetFinishBeforeTheRequestGoesOn() {
        withMoreTimeUntilItStarts(timeout -> {
            Thread[] caller = new Thread[1];
            AtomicReference<Thread.State> callerDuringRead = new AtomicReference<>();
            RecordingRequest request = new RecordingRequest() {
                @Override
                public Object sessionAttribute(String name) {
                    try {
                        letGo.await();
                        throw new AssertionError("Nobody interrupted the provider when the time was up");
                    } catch (InterruptedException timeIsUp) {
                        callerDuringRead.set(awaitState(caller[0], Thread.State.WAITING));
                    }
                    return "read";
                }
            };
            try (Flags flags = Flags.builder()
                    .timeout(timeout)
                    .provider(FlagProvider.of("reads", r -> r.sessionAttribute("cart") != null))
                    .build()) {
                FutureTask<Boolean> answer =
                        new FutureTask<>(() -> flags.forRequest(request).isEnabled("reads"));
                caller[0] = new Thread(answer);
                caller[0].start();

                assertThat(answer).succeedsWithin(LONG).isEqualTo(false);
                assertThat(flags.counters().get("reads")).isEqualTo(new FlagCounters(0, 1, 0, 1));
                assertThat(callerDuringRead.get()).isIn(null, Thread.State.WAITING);
                return callerDuringRead.get() != null;
            }
        });
    }

    @Test
    void aReadThatHangsForOneFlagDoesNotHangTheOthers() {
        withMoreTimeUntilItStarts(timeout -> {
            CompletableFuture<Object> reading = new CompletableFuture<>();
            RecordingRequest request = new RecordingRequest() {
                @Override
                public Object sessionAttribute(String name) {
                    reading.complete(name);
                    hang();
                    return "read";
                }
            };
            try (Flags flags = Flags.builder()
                    .timeout(timeout)
                    .property("share", "50%")
                    .secret("correct horse battery staple")
                    .provider(FlagProvider.of("reads", r -> r.sessionAttribute("cart") != null))
                    .provider(FlagProvider.of("blocking", r -> r.header("a") == null))
                    .provider(FlagProvider.ofAsync(
                            "async", r -> CompletableFuture.completedFuture(r.header("a") == null)))
                    .build()) {
                FlagValues values = flags.forRequest(request);
                CompletableFuture<Boolean> hangs = values.evaluate("reads").toCompletableFuture();
                CompletableFuture.anyOf(reading, hangs).join();
                if (!reading.isDone()) {
                    return false;
                }

                assertThat(values.isEnabled("share")).isFalse();
                assertThat(values.isEnabled("blocking")).isFalse();
                assertThat(values.isEnabled("async")).isFalse();
                assertThat(hangs).as("its read is still under way").isNotDone();

                letGo.countDown();
                assertThat(hangs.join()).isFalse();
                assertThat(flags.counters().get("reads")).isEqualTo(new FlagCounters(0, 1, 0, 1));
                return true;
            }
        });
    }

    @Test
    void theRequestIsNeverReadByTwoThreadsAtOnce() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        BlockingQueue<Thread> second = new ArrayBlockingQueue<>(1);
        RecordingRequest request = new RecordingRequest() {
            @Override
            public String header(String name) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                if (name.equals("first")) {
                    reading.countDown();
                    hang();
                }
                inside.decrementAndGet();
                return name;
            }
        };
        try (Flags flags = Flags.builder()
                .timeout(LONG)
                .provider(FlagProvider.of("first", r -> r.header("first") != null))
                .provider(FlagProvider.of("second", r -> {
                    second.add(Thread.currentThread());
                    return r.header("second") != null;
                }))
                .build()) {
            FlagValues values = flags.forRequest(request);
            CompletableFuture<Boolean> first = values.evaluate("first").toCompletableFuture();
            reading.await();
            CompletableFuture<Boolean> other = values.evaluate("second").toCompletableFuture();
            awaitState(second.take(), Thread.State.TIMED_WAITING);

            letGo.countDown();
            assertThat(first.join()).isTrue();
            assertThat(other.join()).isTrue();
            assertThat(most).hasValue(1);
        }
    }

    @Test
    void aCallerThatIsInterruptedStaysInterruptedAndTheFlagIsOff() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch providerInterrupted = new CountDownLatch(1);
        try (Flags flags = Flags.builder()
                .timeout(LONG)
                .provider(FlagProvider.of("hangs", r -> {
                    asked.countDown();
                    try {
                        letGo.await();
                    } catch (InterruptedException e) {
                        providerInterrupted.countDown();
                    }
                    return true;
                }))
                .build()) {
            FlagValues values = flags.forRequest(new RecordingRequest());
            List<Boolean> seen = new ArrayList<>();
            Thread caller = new Thread(() -> {
                seen.add(values.isEnabled("hangs"));
                seen.add(Thread.currentThread().isInterrupted());
                seen.add(values.isEnabled("hangs"));
            });
            caller.start();
            asked.await();
            caller.interrupt();
            caller.join();

            assertThat(seen).containsExactly(false, true, false);
            providerInterrupted.await();
            assertThat(flags.counters().get("hangs")).isEqualTo(new FlagCounters(0, 1, 1, 0));
            assertThat(log.warnings()).isEmpty();
            assertThat(log.debugs()).singleElement().asString().contains("interrupted");
        }
    }

    @Test
    void aCallerThatIsInterruptedBeforehandGetsAnswersThatAreThere() {
        try (Flags flags = Flags.builder()
                .property("a", "true")
                .provider(FlagProvider.ofAsync("b", r -> CompletableFuture.completedFuture(true)))
                .build()) {
            Thread.currentThread().interrupt();
            FlagValues values = flags.forRequest(new RecordingRequest());

            assertThat(values.isEnabled("a")).isTrue();
            assertThat(values.isEnabled("b")).isTrue();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aHungProviderIsInterruptedAndTheNextCallOnItsThreadIsNot() {
        withMoreTimeUntilItStarts(timeout -> {
            AtomicBoolean interrupted = new AtomicBoolean();
            CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
            try (Flags flags = Flags.builder()
                    .timeout(timeout)
                    // Not a pool of the JDK: these clear the interrupt themselves.
                    .executor(task -> new Thread(() -> {
                                task.run();
                                stillInterrupted.complete(Thread.currentThread().isInterrupted());
                            })
                            .start())
                    .provider(FlagProvider.of("hangs", r -> {
                        try {
                            letGo.await();
                        } catch (InterruptedException e) {
                            interrupted.set(true);
                            Thread.currentThread().interrupt();
                        }
                        return true;
                    }))
                    .build()) {
                assertThat(flags.forRequest(new RecordingRequest()).isEnabled("hangs"))
                        .isFalse();
                assertThat(stillInterrupted.join()).isFalse();
                return interrupted.get();
            }
        });
    }

    @Test
    void aCallThatIsStillQueuedWhenTheTimeIsUpIsNotMade() {
        AtomicInteger calls = new AtomicInteger();
        BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
        try (Flags flags = Flags.builder()
                .timeout(SHORT)
                .executor(queue::add)
                .provider(FlagProvider.of("queued", r -> calls.incrementAndGet() > 0))
                .build()) {
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("queued"))
                    .isFalse();
            queue.remove().run();

            assertThat(calls).hasValue(0);
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void aProviderThatHangsLeavesThreadsForTheOthers() throws Exception {
        try (Flags flags = hanging()
                .timeout(LONG)
                .provider(FlagProvider.of("works", r -> true))
                .build()) {
            List<CompletableFuture<Boolean>> hung = occupy(flags, Map.of("hangs", ProviderThreads.MAX_PER_PROVIDER));

            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("hangs"))
                    .isFalse();
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("works"))
                    .isTrue();
            assertThat(flags.counters().get("hangs")).isEqualTo(new FlagCounters(0, 1, 1, 0));
            assertThat(log.warnings()).singleElement().asString().contains("no thread took the call");

            letGo.countDown();
            assertThat(hung).allSatisfy(answer -> assertThat(answer.join()).isTrue());
            // Its threads become free again, each some moments after its answer.
            while (!flags.forRequest(new RecordingRequest()).isEnabled("hangs")) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    @Spec("failure case 145")
    void hungProvidersThatOccupyEveryThreadDoNotDelayTheFlagsOfOthers() throws Exception {
        try (Flags flags = hanging()
                .timeout(LONG)
                .provider(FlagProvider.of("hangs-too", r -> hang()))
                .provider(FlagProvider.of("blocking", r -> true))
                .provider(FlagProvider.ofAsync("async", r -> CompletableFuture.completedFuture(true)))
                .property("built-in", "true")
                .build()) {
            List<CompletableFuture<Boolean>> hung = occupy(
                    flags,
                    Map.of("hangs", ProviderThreads.MAX_PER_PROVIDER, "hangs-too", ProviderThreads.MAX_PER_PROVIDER));
            FlagValues values = flags.forRequest(new RecordingRequest());

            assertThat(values.isEnabled("blocking")).as("off at once").isFalse();
            assertThat(values.isEnabled("async")).isTrue();
            assertThat(values.isEnabled("built-in")).isTrue();
            assertThat(flags.counters().get("blocking")).isEqualTo(new FlagCounters(0, 1, 1, 0));
            assertThat(log.warnings()).singleElement().asString().contains("no thread took the call");
            letGo.countDown();
            assertThat(hung).allSatisfy(answer -> assertThat(answer.join()).isTrue());
        }
    }

    @Test
    void anExecutorThatRefusesCountsAsOff() {
        try (Flags flags = hanging()
                .executor(task -> {
                    throw new RejectedExecutionException("full");
                })
                .build()) {
            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("hangs"))
                    .isFalse();
            assertThat(flags.counters().get("hangs")).isEqualTo(new FlagCounters(0, 1, 1, 0));
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void closingLeavesNoThreadBehind() throws Exception {
        List<Thread> threads = new ArrayList<>();
        BlockingQueue<Thread> started = new LinkedBlockingQueue<>();
        FlagProvider hangs = FlagProvider.of("hangs", r -> {
            started.add(Thread.currentThread());
            try {
                letGo.await();
                return true;
            } catch (InterruptedException e) {
                return false;
            }
        });
        Flags flags = Flags.builder().timeout(LONG).provider(hangs).build();
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(
                    flags.forRequest(new RecordingRequest()).evaluate("hangs").toCompletableFuture());
            threads.add(started.take());
        }

        flags.close();
        flags.close();

        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isFalse());
        assertThat(Thread.getAllStackTraces().keySet()).doesNotContainAnyElementsOf(threads);
        assertThat(flags.forRequest(new RecordingRequest()).isEnabled("hangs"))
                .as("after the end")
                .isFalse();
        assertThat(started).isEmpty();
        assertThat(log.warnings()).hasSize(1);
    }

    @Test
    void anExecutorOfTheCallersStaysOpen() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            hanging().executor(executor).build().close();

            assertThat(executor.isShutdown()).isFalse();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aThreadTakesNothingFromTheRequestThatMadeIt() {
        AtomicReference<String> seen = new AtomicReference<>();
        AtomicReference<ClassLoader> loader = new AtomicReference<>();
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        try (Flags flags = Flags.builder()
                .provider(FlagProvider.of("looks", r -> {
                    seen.set(USER.get());
                    loader.set(Thread.currentThread().getContextClassLoader());
                    return true;
                }))
                .build()) {
            USER.set("alice");
            Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());

            assertThat(flags.forRequest(new RecordingRequest()).isEnabled("looks"))
                    .isTrue();
            assertThat(seen).hasValue(null);
            assertThat(loader).hasValue(own);
        } finally {
            Thread.currentThread().setContextClassLoader(own);
            USER.remove();
        }
    }

    /** With a timer left behind, the request would stay in memory for an hour. */
    @Test
    void anAnswerLeavesNoTimerBehind() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        try (Flags flags = Flags.builder()
                .timeout(LONG)
                .provider(FlagProvider.ofAsync("new-docs", r -> answer))
                .build()) {
            WeakReference<FlagRequest> request = askAndForget(flags);
            answer.complete(true);

            while (request.get() != null) {
                System.gc();
            }
        }
    }

    private static WeakReference<FlagRequest> askAndForget(Flags flags) {
        RecordingRequest request = new RecordingRequest();
        CompletionStage<Boolean> stage = flags.forRequest(request).evaluate("new-docs");
        assertThat(stage.toCompletableFuture()).isNotDone();
        return new WeakReference<>(request);
    }

    private Flags.Builder hanging() {
        return Flags.builder().provider(FlagProvider.of("hangs", r -> hang()));
    }

    /** Hangs as bad code does: it does not even heed an interrupt. */
    private boolean hang() {
        FlagValuesTest.awaitUninterruptibly(letGo);
        return true;
    }

    /**
     * A machine under load may not start a provider within a short time, and then there is nothing to be seen: tries
     * again with twice the time.
     *
     * @param attempt whether the provider was started in time; fails if what it then did was wrong
     */
    private static void withMoreTimeUntilItStarts(Predicate<Duration> attempt) {
        Duration timeout = SHORT;
        while (!attempt.test(timeout)) {
            timeout = timeout.multipliedBy(2);
        }
    }

    /** Starts evaluations that hang, and waits until each has its thread. */
    private static List<CompletableFuture<Boolean>> occupy(Flags flags, Map<String, Integer> evaluations) {
        List<CompletableFuture<Boolean>> hung = new ArrayList<>();
        evaluations.forEach((flag, count) -> {
            for (int i = 0; i < count; i++) {
                hung.add(flags.forRequest(new RecordingRequest()).evaluate(flag).toCompletableFuture());
            }
        });
        assertThat(hung).allSatisfy(answer -> assertThat(answer).isNotDone());
        return hung;
    }

    /** Waits for the state, or for the end of the thread. */
    private static Thread.State awaitState(Thread thread, Thread.State state) {
        while (true) {
            Thread.State now = thread.getState();
            if (now == state || now == Thread.State.TERMINATED) {
                return now;
            }
            Thread.onSpinWait();
        }
    }
}
