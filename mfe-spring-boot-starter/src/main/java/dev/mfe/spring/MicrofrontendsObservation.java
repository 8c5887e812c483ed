package dev.mfe.spring;

import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ProxyOutcome;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * One observation {@code mfe.proxy} for each proxied request: a timer with the tags {@code zone}, {@code expression},
 * {@code reason} and {@code outcome}, of which there are few, and with tracing a client span whose context the zone is
 * sent. The {@code uri} of {@code http.server.requests} becomes the path expression.
 */
final class MicrofrontendsObservation implements ProxyObserver<HttpServletRequest> {

    private static final String NAME = "mfe.proxy";

    private final ObservationRegistry registry;

    MicrofrontendsObservation(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public @Nullable Observation begin(HttpServletRequest request, ProxiedRequest about) {
        ServerHttpObservationFilter.findObservationContext(request)
                .ifPresent((ServerRequestObservationContext server) -> server.setPathPattern(about.expression()));
        if (registry.isNoop()) {
            return null;
        }
        Context context = new Context(request.getMethod(), about);
        return new Span(context, io.micrometer.observation.Observation.start(NAME, () -> context, registry));
    }

    private static final class Context extends SenderContext<Map<String, String>> {

        private final ProxiedRequest about;

        Context(String method, ProxiedRequest about) {
            super((carrier, key, value) -> Objects.requireNonNull(carrier).put(key, value), Kind.CLIENT);
            this.about = about;
            setCarrier(new LinkedHashMap<>());
            setRemoteServiceName(about.zone());
            setRemoteServiceAddress(about.origin());
            setName(NAME);
            setContextualName(method.toLowerCase(Locale.ROOT) + " " + about.zone());
            addLowCardinalityKeyValues(KeyValues.of(
                    KeyValue.of("zone", about.zone()),
                    KeyValue.of("expression", about.expression()),
                    KeyValue.of("reason", about.reason()),
                    KeyValue.of("outcome", "unknown")));
            addHighCardinalityKeyValues(KeyValues.of(
                    KeyValue.of("vercel.mfe.app", about.zone()),
                    KeyValue.of("vercel.mfe.matched_path", about.expression()),
                    KeyValue.of("vercel.mfe.response_reason", about.reason())));
        }
    }

    private record Span(Context context, io.micrometer.observation.Observation observation) implements Observation {

        @Override
        public Map<String, String> requestFields() {
            return Objects.requireNonNull(context.getCarrier());
        }

        @Override
        public void ended(ProxyOutcome outcome) {
            context.addLowCardinalityKeyValue(KeyValue.of("outcome", outcome.label()));
            context.addHighCardinalityKeyValue(
                    KeyValue.of("http.response.status_code", String.valueOf(outcome.status())));
            ProxyFailure failure = outcome.failure();
            if (failure != null && failure.zoneFailed()) {
                observation.error(new ZoneFailure(context.about.zone(), failure));
            }
            observation.stop();
        }
    }

    /** For the span; never thrown. */
    private static final class ZoneFailure extends RuntimeException {

        ZoneFailure(String zone, ProxyFailure failure) {
            super("Zone " + zone + ": " + failure, null, false, false);
        }
    }
}
