package dev.mfe.flags;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The flags of one request. Each is evaluated when it is first asked for, and at most once: every later question gets
 * the same answer, so that the page and its route agree. Costs nothing while no flag is asked for.
 *
 * <p>Safe for use by many threads, but tied to its request: do not ask it anything when the request is over.
 *
 * @since 0.1
 */
public final class FlagValues {
    private final Flags flags;
    private final FlagRequest request;

    // Both guarded by this, and made for the first flag.
    private @Nullable RequestReader reader;
    private @Nullable Map<String, Evaluation> evaluations;

    FlagValues(Flags flags, FlagRequest request) {
        this.flags = flags;
        this.request = request;
    }

    /**
     * Whether a flag is on. Waits for the provider, at most for the {@linkplain Flags.Builder#timeout timeout}. A flag
     * that is unknown, fails or takes too long is off; this never throws for what a provider does, except that a
     * {@link VirtualMachineError} goes through.
     *
     * <p>Two things are outside the time limit: the code of a provider that runs on this thread (see {@link
     * FlagProvider#evaluate} and {@link Flags.Builder#executor}), and a read of the request that is under way in the
     * container when the time is up, since it cannot be abandoned safely.
     *
     * <p>If the calling thread is interrupted while it waits, it stays interrupted and the flag counts as off.
     */
    public boolean isEnabled(String flag) {
        return evaluation(flag).await();
    }

    /**
     * The value of a flag when it is known; never waits for it. The stage never fails: it completes with false where
     * {@link #isEnabled} would answer false, at the time limit if not before.
     *
     * <p>It may complete on any thread: the caller's, the provider's, or one of the JVM's common pool. Use the {@code
     * Async} methods of the stage for what takes time.
     */
    public CompletionStage<Boolean> evaluate(String flag) {
        return evaluation(flag).stage();
    }

    /**
     * The value of a {@code Set-Cookie} field for the response, if a percentage flag met a visitor nobody knows; absent
     * in all other cases. Ask for it after the flags, before the response is committed.
     */
    public Optional<String> setCookie() {
        RequestReader used;
        synchronized (this) {
            used = reader;
        }
        return used == null ? Optional.empty() : used.setCookie();
    }

    private Evaluation evaluation(String name) {
        Flag flag = flags.flag(Objects.requireNonNull(name, "flag"));
        Evaluation evaluation;
        synchronized (this) {
            Evaluation known = evaluations == null ? null : evaluations.get(name);
            if (known != null) {
                return known;
            }
            if (reader == null || evaluations == null) {
                reader = flags.newReader(request);
                evaluations = new HashMap<>();
            }
            evaluation = flags.newEvaluation(flag, reader);
            evaluations.put(name, evaluation);
        }
        // Outside the lock: a provider may take its time, and others ask for other flags meanwhile.
        evaluation.start();
        return evaluation;
    }
}
