package dev.mfe.flags;

import dev.mfe.flags.FlagSource.Absent;
import dev.mfe.flags.FlagSource.Provided;
import dev.mfe.flags.VisitorIds.Visitor;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one evaluation of one flag for one request. It ends once: by an answer, a failure, or the time limit, whichever
 * is first. After that the provider can no longer read the request. A read that is under way at that moment is let
 * finish before anybody learns the result, because a container whose request is read while it is recycled may hand one
 * user's session to the next.
 */
final class Evaluation {
    private static final System.Logger LOG = System.getLogger(Flags.class.getName());

    private final Flag flag;
    private final RequestReader reader;
    private final Limits limits;
    private final long deadline;

    private final CompletableFuture<Boolean> result = new CompletableFuture<>();

    // All guarded by this.
    private boolean ended;
    private boolean value;
    /** Reads of the request under way, and the ending itself: the result is out when the last of them is done. */
    private int pending;

    private boolean countedAsRunning;
    private @Nullable Thread providerThread;
    private boolean interrupted;
    private boolean timed;

    /**
     * What every evaluation of an app is held to.
     *
     * @param executor where blocking providers run
     * @param maxPerProvider how many calls of one provider may occupy it
     * @param timeout for one evaluation as a whole
     */
    record Limits(Executor executor, int maxPerProvider, Duration timeout) {}

    Evaluation(Flag flag, RequestReader reader, Limits limits) {
        this.flag = flag;
        this.reader = reader;
        this.limits = limits;
        this.deadline = System.nanoTime() + limits.timeout().toNanos();
    }

    /** Asks whoever answers the flag. To be called once. */
    void start() {
        try {
            Boolean override = flag.source instanceof Absent ? null : override();
            if (override != null) {
                answer(override, flag::overridden);
            } else if (flag.source instanceof Rollout rollout) {
                answer(isIn(rollout));
            } else if (flag.source instanceof Provided provided) {
                ask(provided);
            } else {
                fail(Failure.ABSENT, null);
            }
        } catch (Throwable e) {
            failAndRethrowIfFatal(e);
        }
    }

    /** A request that cannot be read has no override; whoever answers the flag may not need it. */
    private @Nullable Boolean override() {
        try {
            return reader.override(flag.name, deadline);
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "Overrides of flags could not be read", e);
            return null;
        }
    }

    private boolean isIn(Rollout rollout) {
        if (!rollout.isPartial()) {
            return rollout.size() > 0;
        }
        Visitor visitor = reader.visitor(deadline);
        return visitor.id() != null && rollout.includes(flag.name, visitor.id());
    }

    private void ask(Provided provided) {
        if (!provided.mayBlock) {
            call(provided, new GuardedRequest(this, null));
            return;
        }
        if (!countAsRunning(provided)) {
            fail(Failure.SATURATED, null);
            return;
        }
        try {
            GuardedRequest request = new GuardedRequest(this, reader.principal(deadline));
            limits.executor().execute(() -> callOnItsThread(provided, request));
        } catch (RejectedExecutionException e) {
            countAsDone(provided);
            fail(Failure.SATURATED, e);
        } catch (Throwable e) {
            countAsDone(provided);
            throw e;
        }
    }

    private synchronized boolean countAsRunning(Provided provided) {
        countedAsRunning = provided.running.incrementAndGet() <= limits.maxPerProvider();
        if (!countedAsRunning) {
            provided.running.decrementAndGet();
        }
        return countedAsRunning;
    }

    /** An executor that runs the call at once and one that refuses it both end here, possibly twice. */
    private synchronized void countAsDone(Provided provided) {
        if (countedAsRunning) {
            countedAsRunning = false;
            provided.running.decrementAndGet();
        }
    }

    private void callOnItsThread(Provided provided, GuardedRequest request) {
        try {
            if (occupyThread()) {
                try {
                    call(provided, request);
                } finally {
                    releaseThread();
                }
            }
        } finally {
            countAsDone(provided);
        }
    }

    private synchronized boolean occupyThread() {
        if (!ended) {
            providerThread = Thread.currentThread();
        }
        return !ended;
    }

    private synchronized void releaseThread() {
        providerThread = null;
        if (interrupted) {
            // The interrupt was meant for this call, not for the next one on the same thread.
            boolean unused = Thread.interrupted();
        }
    }

    private void call(Provided provided, GuardedRequest request) {
        try {
            CompletionStage<Boolean> stage = provided.provider.evaluate(flag.name, request);
            if (stage == null) {
                fail(Failure.NO_ANSWER, null);
            } else {
                CompletionStage<Boolean> unused = stage.whenComplete(this::answered);
            }
        } catch (Throwable e) {
            failAndRethrowIfFatal(e);
        }
    }

    private void answered(@Nullable Boolean answer, @Nullable Throwable error) {
        if (error != null) {
            fail(Failure.ERROR, withoutWrapper(error));
        } else if (answer == null) {
            fail(Failure.NO_ANSWER, null);
        } else if (System.nanoTime() - deadline > 0) {
            // The timer may be late on a busy machine; the time limit holds all the same
            fail(Failure.TIMEOUT, null);
        } else {
            answer(answer);
        }
    }

    private static Throwable withoutWrapper(Throwable error) {
        Throwable cause = error.getCause();
        boolean wrapper = error instanceof CompletionException || error instanceof ExecutionException;
        return wrapper && cause != null ? cause : error;
    }

    /** A missing class or an endless recursion of a provider is its own affair; a virtual machine in trouble is not. */
    private void failAndRethrowIfFatal(Throwable error) {
        fail(Failure.ERROR, error);
        if (error instanceof VirtualMachineError fatal && !(error instanceof StackOverflowError)) {
            throw fatal;
        }
    }

    private void answer(boolean answer) {
        answer(answer, flag::answered);
    }

    private void answer(boolean answer, Consumer<Boolean> counter) {
        if (end(answer)) {
            try {
                counter.accept(answer);
            } finally {
                release();
            }
        }
    }

    private void fail(Failure failure, @Nullable Throwable cause) {
        if (end(false)) {
            try {
                interruptProvider();
                flag.failed(failure, cause, limits.timeout());
            } finally {
                release();
            }
        }
    }

    /**
     * Whether the caller is the one who ends this; it must call {@link #release} when counters and log are up to date.
     */
    private synchronized boolean end(boolean answer) {
        if (ended) {
            return false;
        }
        ended = true;
        value = answer;
        pending++;
        return true;
    }

    /**
     * Nobody waits for the provider any more: what it blocks on, if it can be interrupted, need not keep its thread.
     */
    private synchronized void interruptProvider() {
        if (providerThread != null && providerThread != Thread.currentThread()) {
            interrupted = true;
            providerThread.interrupt();
        }
    }

    /** What a provider sees of the request. */
    <T extends @Nullable Object> T read(Function<FlagRequest, T> reading) {
        // Counted as under way only when it is its turn: a wait for others must not hold up the result.
        boolean[] entered = new boolean[1];
        try {
            return reader.read(deadline, request -> {
                enter();
                entered[0] = true;
                return reading.apply(request);
            });
        } finally {
            if (entered[0]) {
                release();
            }
        }
    }

    private synchronized void enter() {
        if (ended) {
            throw new IllegalStateException("The evaluation of flag \"" + Flag.printable(flag.name)
                    + "\" has ended; its request must not be read any more");
        }
        pending++;
    }

    private void release() {
        boolean last;
        synchronized (this) {
            pending--;
            last = ended && pending == 0;
        }
        if (last) {
            result.complete(value);
        }
    }

    /** The value of the flag; waits no longer than the deadline. */
    boolean await() {
        if (!result.isDone()) {
            try {
                return result.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                fail(Failure.TIMEOUT, null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail(Failure.INTERRUPTED, null);
            } catch (ExecutionException e) {
                throw new IllegalStateException("An evaluation never ends with an exception", e);
            }
        }
        return result.join();
    }

    /** The value of the flag when it is known, at the deadline if not before. */
    CompletionStage<Boolean> stage() {
        if (!result.isDone() && needsTimer()) {
            // The copy ends with the original, and its timer with it. Async, because those who depend on the result
            // must not run on the one thread that the JVM has for all timers.
            CompletableFuture<Boolean> unused = result.copy()
                    .orTimeout(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                    .exceptionallyAsync(timeUp -> {
                        fail(Failure.TIMEOUT, null);
                        return false;
                    });
        }
        return result.minimalCompletionStage();
    }

    private synchronized boolean needsTimer() {
        boolean first = !timed;
        timed = true;
        return first;
    }
}
