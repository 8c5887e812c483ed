package dev.mfe.gateway;

import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ProxyOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Several who want to know about proxied requests. What one of them throws is logged, and keeps no other from being told.
 *
 * @param <R> the framework's own request
 * @since 0.1
 */
public final class Observers<R> implements ProxyObserver<R> {

    private final List<ProxyObserver<? super R>> all;

    private Observers(List<ProxyObserver<? super R>> all) {
        this.all = all;
    }

    /**
     * Makes one of many.
     *
     * @param observers are told in this order; of fields with the same name for the request to the zone, the last one's counts
     * @return null if there are none
     */
    public static <R> @Nullable ProxyObserver<? super R> of(List<? extends ProxyObserver<? super R>> observers) {
        return switch (observers.size()) {
            case 0 -> null;
            case 1 -> observers.get(0);
            default -> new Observers<R>(List.copyOf(observers));
        };
    }

    @Override
    public @Nullable Observation begin(R request, ProxiedRequest about) {
        List<Observed> begun = new ArrayList<>(all.size());
        for (ProxyObserver<? super R> observer : all) {
            Observed observed = Observed.begin(observer, request, about);
            if (observed != null) {
                begun.add(observed);
            }
        }
        return begun.isEmpty() ? null : new Together(begun);
    }

    private record Together(List<Observed> all) implements Observation {

        @Override
        public Map<String, String> requestFields() {
            Map<String, String> fields = new LinkedHashMap<>();
            all.forEach(observed -> fields.putAll(observed.requestFields()));
            return fields;
        }

        @Override
        public void ended(ProxyOutcome outcome) {
            all.forEach(observed -> observed.end(outcome));
        }
    }
}
