package dev.mfe.quarkus.runtime;

import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagRequest;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.invoke.Invoker;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A method of a bean that answers flags. It was found when the app was built, and is called without reflection. */
final class FeatureFlagMethod implements FlagProvider {

    private final Invoker<Object, Object> invoker;
    private final Signature signature;

    /**
     * What is known of the method.
     *
     * @param flags those it answers
     * @param description class and method, for messages
     * @param mayBlock whether it must not run on an event loop
     * @param arguments what it takes, in this order
     */
    public record Signature(List<String> flags, String description, boolean mayBlock, List<Argument> arguments) {

        /** Copies the lists. */
        public Signature {
            flags = List.copyOf(flags);
            arguments = List.copyOf(arguments);
        }
    }

    /** What a method may take. */
    public enum Argument {
        /** The {@link FlagRequest}. */
        REQUEST,
        /** The name of the flag. */
        NAME
    }

    FeatureFlagMethod(Invoker<Object, Object> invoker, Signature signature) {
        this.invoker = invoker;
        this.signature = signature;
    }

    @Override
    public boolean provides(String flag) {
        return signature.flags().contains(flag);
    }

    @Override
    public boolean mayBlock() {
        return signature.mayBlock();
    }

    @Override
    @SuppressWarnings("unchecked") // checked when the app was built
    public CompletionStage<Boolean> evaluate(String flag, FlagRequest request) {
        Object answer = FlagScope.of(request).call(() -> invoke(flag, request));
        if (answer instanceof Boolean value) {
            return CompletableFuture.completedFuture(value);
        }
        if (answer instanceof CompletionStage<?> stage) {
            return (CompletionStage<Boolean>) stage;
        }
        return (CompletionStage<Boolean>) Objects.requireNonNull(answer, () -> this + " returned null");
    }

    /** A {@code Uni} is subscribed to here, while the request context is there. */
    private @Nullable Object invoke(String flag, FlagRequest request) throws Exception {
        Object[] arguments = signature.arguments().stream()
                .map(argument -> switch (argument) {
                    case REQUEST -> request;
                    case NAME -> flag;
                })
                .toArray();
        Object answer = invoker.invoke(null, arguments);
        return answer instanceof Uni<?> uni ? uni.subscribeAsCompletionStage() : answer;
    }

    /** For error messages: two answers to one flag must be told apart. */
    @Override
    public String toString() {
        return signature.description();
    }
}
