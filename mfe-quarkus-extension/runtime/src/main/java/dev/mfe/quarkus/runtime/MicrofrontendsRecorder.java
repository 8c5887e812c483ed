package dev.mfe.quarkus.runtime;

import dev.mfe.config.OverlapPolicy;
import dev.mfe.flags.FlagProvider;
import dev.mfe.quarkus.runtime.FeatureFlagMethod.Argument;
import dev.mfe.quarkus.runtime.FeatureFlagMethod.Signature;
import io.quarkus.runtime.RuntimeValue;
import io.quarkus.runtime.ShutdownContext;
import io.quarkus.runtime.annotations.Recorder;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.invoke.Invoker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the build has the app do when it starts. Keeps nothing itself. */
@Recorder
public class MicrofrontendsRecorder {

    /** For Quarkus. */
    public MicrofrontendsRecorder() {}

    /**
     * A method that answers flags.
     *
     * @param invoker calls it
     * @param flags those it answers
     * @param description class and method, for messages
     * @param mayBlock whether it must not run on an event loop
     * @param arguments {@code REQUEST} and {@code NAME}, in the order of the method
     * @return answers the flags
     */
    public RuntimeValue<FlagProvider> featureFlagMethod(
            RuntimeValue<Invoker<Object, Object>> invoker,
            List<String> flags,
            String description,
            boolean mayBlock,
            List<String> arguments) {
        List<Argument> taken = arguments.stream().map(Argument::valueOf).toList();
        return new RuntimeValue<>(
                new FeatureFlagMethod(invoker.getValue(), new Signature(flags, description, mayBlock, taken)));
    }

    /**
     * All that was found when the app was built.
     *
     * @param source where the routing file came from, for messages
     * @param warnOfOverlaps whether overlaps in it are no errors
     * @param methods those that answer flags
     * @param flags that they answer
     * @return for a bean
     */
    public RuntimeValue<BuiltSite> builtSite(
            String source, boolean warnOfOverlaps, List<RuntimeValue<FlagProvider>> methods, List<String> flags) {
        return new RuntimeValue<>(new BuiltSite(
                source,
                warnOfOverlaps ? OverlapPolicy.WARN : OverlapPolicy.ERROR,
                methods.stream().map(RuntimeValue::getValue).toList(),
                flags));
    }

    /**
     * Sees requests before whatever serves them.
     *
     * @param ownRoot path below which Quarkus answers itself, such as {@code /q/}; null when it has none of its own
     * @param identityOnDemand whether nobody has found out yet who is there
     * @param shutdown how the app stops
     * @return a filter
     */
    public Handler<RoutingContext> interceptor(
            @Nullable String ownRoot, boolean identityOnDemand, ShutdownContext shutdown) {
        return new Interceptor(ownRoot, identityOnDemand, shutdown);
    }
}
