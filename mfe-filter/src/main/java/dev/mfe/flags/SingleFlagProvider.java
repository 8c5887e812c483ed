package dev.mfe.flags;

import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A provider whose only flag is known before anybody asks, so that a second one for it is found when the app starts.
 */
final class SingleFlagProvider implements FlagProvider {
    private final String flag;
    private final Object code;
    private final boolean mayBlock;
    private final Function<? super FlagRequest, ? extends CompletionStage<Boolean>> decision;

    SingleFlagProvider(
            String flag,
            Object code,
            boolean mayBlock,
            Function<? super FlagRequest, ? extends CompletionStage<Boolean>> decision) {
        if (flag.isBlank()) {
            throw new IllegalArgumentException("The name of a flag must not be blank");
        }
        this.flag = flag;
        this.code = Objects.requireNonNull(code, "code");
        this.mayBlock = mayBlock;
        this.decision = decision;
    }

    String flag() {
        return flag;
    }

    @Override
    public boolean provides(String flag) {
        return this.flag.equals(flag);
    }

    @Override
    public CompletionStage<Boolean> evaluate(String flag, FlagRequest request) {
        return decision.apply(request);
    }

    @Override
    public boolean mayBlock() {
        return mayBlock;
    }

    /** Names the class of the code: two providers of the same flag must be told apart in an error. */
    @Override
    public String toString() {
        return (mayBlock ? "FlagProvider.of(\"" : "FlagProvider.ofAsync(\"") + flag + "\", "
                + code.getClass().getName() + ")";
    }
}
