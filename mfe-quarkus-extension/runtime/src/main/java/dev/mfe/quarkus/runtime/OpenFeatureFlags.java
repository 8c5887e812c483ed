package dev.mfe.quarkus.runtime;

import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagRequest;
import dev.mfe.flags.Flags;
import dev.mfe.quarkus.OpenFeatureContext;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.NoOpProvider;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks OpenFeature for every flag that has neither a property nor a provider: the app's {@link Client} bean, or else
 * the client of {@link OpenFeatureAPI} where somebody has set a provider by the time the app has started.
 */
@Singleton
public class OpenFeatureFlags implements FlagsCustomizer {

    private final Instance<Client> clients;
    private final Instance<OpenFeatureContext> contexts;

    OpenFeatureFlags(Instance<Client> clients, Instance<OpenFeatureContext> contexts) {
        this.clients = clients;
        this.contexts = contexts;
    }

    @Override
    public void accept(Flags.Builder flags) {
        Client client = clients.isResolvable() ? clients.get() : clientOfApi();
        if (client != null) {
            flags.fallback(new Provider(client, contexts.isResolvable() ? contexts.get() : OpenFeatureFlags::context));
        }
    }

    /** Null while nobody has set a provider: a flag that nobody answers is to stop the start. */
    private static @Nullable Client clientOfApi() {
        OpenFeatureAPI api = OpenFeatureAPI.getInstance();
        return api.getProvider() instanceof NoOpProvider ? null : api.getClient();
    }

    static EvaluationContext context(FlagRequest request) {
        Map<String, Value> attributes = new HashMap<>();
        attributes.put("path", new Value(request.path()));
        attributes.put("secure", new Value(request.secure()));
        attributes.put("remoteAddress", new Value(request.remoteAddress()));
        put(attributes, "query", request.query());
        put(attributes, "userAgent", request.header("User-Agent"));
        put(attributes, "acceptLanguage", request.header("Accept-Language"));
        Principal user = request.principal();
        return user == null ? new ImmutableContext(attributes) : new ImmutableContext(user.getName(), attributes);
    }

    private static void put(Map<String, Value> attributes, String name, @Nullable String value) {
        if (value != null) {
            attributes.put(name, new Value(value));
        }
    }

    private record Provider(Client client, OpenFeatureContext context) implements FlagProvider {

        @Override
        public boolean provides(String flag) {
            return true;
        }

        /** Whether a provider asks over the network is not known. */
        @Override
        public boolean mayBlock() {
            return true;
        }

        @Override
        public CompletionStage<Boolean> evaluate(String flag, FlagRequest request) {
            FlagEvaluationDetails<Boolean> details =
                    FlagScope.of(request).call(() -> client.getBooleanDetails(flag, false, context.of(request)));
            ErrorCode error = details.getErrorCode();
            if (error != null) {
                throw new IllegalStateException("OpenFeature: " + error + ", " + details.getErrorMessage());
            }
            return CompletableFuture.completedFuture(details.getValue());
        }

        @Override
        public String toString() {
            return "OpenFeature client " + client.getMetadata().getDomain();
        }
    }
}
