package dev.mfe.spring;

import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagRequest;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.Value;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks OpenFeature for every flag that has neither a property nor a provider. */
final class OpenFeatureFlags implements FlagProvider {

    private final Client client;
    private final OpenFeatureContext context;

    OpenFeatureFlags(Client client, OpenFeatureContext context) {
        this.client = client;
        this.context = context;
    }

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
        FlagEvaluationDetails<Boolean> details = client.getBooleanDetails(flag, false, context.of(request));
        ErrorCode error = details.getErrorCode();
        if (error != null) {
            throw new IllegalStateException("OpenFeature: " + error + ", " + details.getErrorMessage());
        }
        return CompletableFuture.completedFuture(details.getValue());
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

    @Override
    public String toString() {
        return "OpenFeature client " + client.getMetadata().getDomain();
    }
}
