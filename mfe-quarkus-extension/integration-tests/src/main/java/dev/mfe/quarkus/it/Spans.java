package dev.mfe.quarkus.it;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Remembers the spans that have ended. */
@ApplicationScoped
public class Spans implements SpanProcessor {

    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final List<ReadableSpan> ended = new ArrayList<>();

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public synchronized void onEnd(ReadableSpan span) {
        ended.add(span);
        notifyAll();
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    /** Waits until so many spans of a trace have ended; kind, parent, own id and name of each. */
    synchronized List<String> of(String trace, int count) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            List<String> found = ended.stream()
                    .filter(span -> span.getSpanContext().getTraceId().equals(trace))
                    .map(span ->
                            span.getKind() + " " + span.getParentSpanContext().getSpanId() + " "
                                    + span.getSpanContext().getSpanId() + " " + span.getName())
                    .toList();
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (found.size() >= count || left <= 0) {
                return found;
            }
            wait(left);
        }
    }
}
