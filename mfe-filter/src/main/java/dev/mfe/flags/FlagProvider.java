package dev.mfe.flags;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Answers one flag or many. Register it with {@link Flags.Builder#provider}, or list the class in
 * {@code META-INF/services/dev.mfe.flags.FlagProvider} and use {@link Flags.Builder#serviceLoader}. Another flag system
 * (a vendor, OpenFeature) plugs in as a provider of its own.
 *
 * <pre>{@code
 * FlagProvider.of("new-docs", request -> "beta".equals(request.header("X-Group")));
 * }</pre>
 *
 * <p>Whatever goes wrong here (an exception, null, no answer in time) counts as off, is logged once and counted.
 * Providers are called by many threads at once.
 *
 * @since 0.1
 */
public interface FlagProvider {
    /**
     * Whether this provider answers the flag. Asked at start-up, or when the flag is first asked for, and remembered:
     * it must be quick and always give the same answer for the same name.
     */
    boolean provides(String flag);

    /**
     * The value of a flag for a request. Called only for flags that {@link #provides} claims, at most once a request
     * and flag.
     *
     * <p>Unless {@link #mayBlock()} says otherwise this runs on the thread of whoever asks for the flag, possibly an
     * event loop, and nothing bounds how long it may take: return the stage at once. Take what is needed from
     * {@code request} before returning; see {@link FlagRequest} for how long it stays valid.
     */
    CompletionStage<Boolean> evaluate(String flag, FlagRequest request);

    /**
     * Whether {@link #evaluate} may wait for something. If so it runs on the
     * {@linkplain Flags.Builder#executor executor}, and its thread is interrupted when the time limit is over. Always
     * the same answer; false by default.
     */
    default boolean mayBlock() {
        return false;
    }

    /**
     * A provider of one flag from plain code, which may block: it runs on the
     * {@linkplain Flags.Builder#executor executor}. A decision that only looks at the request is cheaper with
     * {@link #ofAsync}, which saves the change of thread.
     */
    static FlagProvider of(String flag, Predicate<? super FlagRequest> decision) {
        Objects.requireNonNull(decision, "decision");
        return new SingleFlagProvider(
                flag, decision, true, request -> CompletableFuture.completedFuture(decision.test(request)));
    }

    /** A provider of one flag from code that never blocks; see {@link #evaluate} for what that means. */
    static FlagProvider ofAsync(
            String flag, Function<? super FlagRequest, ? extends CompletionStage<Boolean>> decision) {
        Objects.requireNonNull(decision, "decision");
        return new SingleFlagProvider(flag, decision, false, decision);
    }
}
