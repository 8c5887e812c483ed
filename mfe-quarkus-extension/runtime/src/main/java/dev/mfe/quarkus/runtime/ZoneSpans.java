package dev.mfe.quarkus.runtime;

import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ProxyOutcome;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client span for each proxied request, below the server span; the zone is sent its context. */
@Singleton
public class ZoneSpans implements ProxyObserver<RoutingContext> {

    private final OpenTelemetry telemetry;
    private final Tracer tracer;

    ZoneSpans(OpenTelemetry telemetry) {
        this.telemetry = telemetry;
        this.tracer = telemetry.getTracer("dev.mfe.quarkus");
    }

    @Override
    public Observation begin(RoutingContext request, ProxiedRequest about) {
        PathTemplate.set(about);
        String method = request.request().method().name();
        Span span = tracer.spanBuilder(method.toLowerCase(Locale.ROOT) + " " + about.zone())
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("http.request.method", method)
                .setAttribute("server.address", about.origin())
                .setAttribute("peer.service", about.zone())
                .setAttribute("vercel.mfe.app", about.zone())
                .setAttribute("vercel.mfe.matched_path", about.expression())
                .setAttribute("vercel.mfe.response_reason", about.reason())
                .startSpan();
        return new ZoneSpan(telemetry, span, Context.current().with(span));
    }

    private record ZoneSpan(OpenTelemetry telemetry, Span span, Context context) implements Observation {

        @Override
        public Map<String, String> requestFields() {
            Map<String, String> fields = new LinkedHashMap<>();
            telemetry
                    .getPropagators()
                    .getTextMapPropagator()
                    .inject(context, fields, (carrier, name, value) -> fields.put(name, value));
            return fields;
        }

        @Override
        public void ended(ProxyOutcome outcome) {
            span.setAttribute("http.response.status_code", outcome.status());
            ProxyFailure failure = outcome.failure();
            if (failure != null) {
                span.setAttribute("error.type", failure.label());
                if (failure.zoneFailed()) {
                    span.setStatus(StatusCode.ERROR, failure.name());
                }
            } else if (outcome.status() >= 500) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }
}
