package dev.mfe.quarkus;

import dev.mfe.flags.FlagRequest;
import dev.openfeature.sdk.EvaluationContext;

/**
 * Says what OpenFeature is told about a request. A bean of this type takes the place of the extension's own, which
 * gives the name of the user as targeting key, and {@code path}, {@code query}, {@code secure}, {@code remoteAddress},
 * {@code userAgent} and {@code acceptLanguage}.
 *
 * <pre>{@code
 * @Produces
 * @Singleton
 * OpenFeatureContext openFeatureContext() {
 *     return request -> new ImmutableContext(
 *             request.principal() == null ? "" : request.principal().getName(),
 *             Map.of("group", new Value(request.header("X-Group"))));
 * }
 * }</pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface OpenFeatureContext {

    /**
     * The context for one evaluation.
     *
     * @param request valid only during this call
     * @return what the provider of OpenFeature gets, merged with the contexts of its API and client
     */
    EvaluationContext of(FlagRequest request);
}
