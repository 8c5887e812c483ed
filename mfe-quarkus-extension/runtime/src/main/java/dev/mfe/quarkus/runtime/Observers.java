package dev.mfe.quarkus.runtime;

import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ProxyOutcome;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several who want to know about proxied requests. */
final class Observers implements ProxyObserver<RoutingContext> {

    private final List<ProxyObserver<RoutingContext>> all;

    private Observers(List<ProxyObserver<RoutingContext>> all) {
        this.all = all;
    }

    /** One for all of them; null when there is none. */
    static @Nullable ProxyObserver<RoutingContext> of(Iterable<ProxyObserver<RoutingContext>> observers) {
        List<ProxyObserver<RoutingContext>> all = new ArrayList<>();
        observers.forEach(all::add);
        return switch (all.size()) {
            case 0 -> null;
            case 1 -> all.get(0);
            default -> new Observers(all);
        };
    }

    @Override
    public @Nullable Observation begin(RoutingContext request, ProxiedRequest about) {
        List<Observation> begun = new ArrayList<>(all.size());
        for (ProxyObserver<RoutingContext> observer : all) {
            Observation observation = observer.begin(request, about);
            if (observation != null) {
                begun.add(observation);
            }
        }
        return begun.isEmpty() ? null : new Together(begun);
    }

    private record Together(List<Observation> all) implements Observation {

        @Override
        public Map<String, String> requestFields() {
            Map<String, String> fields = new LinkedHashMap<>();
            all.forEach(observation -> fields.putAll(observation.requestFields()));
            return fields;
        }

        @Override
        public void ended(ProxyOutcome outcome) {
            all.forEach(observation -> observation.ended(outcome));
        }
    }
}
