package dev.mfe.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.proxy.ProxiedRequest;
import dev.mfe.proxy.ProxyObserver;
import dev.mfe.proxy.ProxyOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Several who want to know about proxied requests. */
class ObserversTest {

    private static final ProxiedRequest ABOUT = new ProxiedRequest("docs", "http://localhost:1", "/docs", "path");

    private final List<String> told = new ArrayList<>();

    @Test
    void nobodyIsNoObserver() {
        assertThat(Observers.of(List.of())).isNull();
    }

    @Test
    void everybodyIsToldInOrderAndTheLastOfTwoFieldsCounts() {
        Observed observed =
                begin(List.of(recorder("first", Map.of("A", "1", "B", "1")), recorder("last", Map.of("B", "2"))));
        assertThat(observed.requestFields()).isEqualTo(Map.of("A", "1", "B", "2"));
        observed.end(200, null, false);
        observed.end(502, null, false);
        assertThat(told).containsExactly("first begins", "last begins", "first: 200", "last: 200");
    }

    @Test
    void oneThatThrowsWhenARequestBeginsKeepsNoOtherFromBeingTold() {
        ProxyObserver<String> broken = (request, about) -> {
            throw new IllegalStateException("broken on purpose");
        };
        begin(List.of(recorder("first", Map.of()), broken, recorder("last", Map.of())))
                .end(200, null, false);
        assertThat(told).containsExactly("first begins", "last begins", "first: 200", "last: 200");
    }

    @Test
    void oneThatThrowsLaterKeepsNoOtherFromBeingTold() {
        ProxyObserver<String> broken = (request, about) -> new ProxyObserver.Observation() {
            @Override
            public Map<String, String> requestFields() {
                throw new IllegalStateException("broken on purpose");
            }

            @Override
            public void ended(ProxyOutcome outcome) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        Observed observed = begin(List.of(broken, recorder("last", Map.of("B", "2"))));
        assertThat(observed.requestFields()).isEqualTo(Map.of("B", "2"));
        observed.end(200, null, false);
        assertThat(told).containsExactly("last begins", "last: 200");
    }

    private static Observed begin(List<ProxyObserver<String>> observers) {
        ProxyObserver<? super String> all = Objects.requireNonNull(Observers.of(observers));
        return Objects.requireNonNull(Observed.begin(all, "request", ABOUT));
    }

    private ProxyObserver<String> recorder(String name, Map<String, String> fields) {
        return (request, about) -> {
            told.add(name + " begins");
            return new ProxyObserver.Observation() {
                @Override
                public Map<String, String> requestFields() {
                    return fields;
                }

                @Override
                public void ended(ProxyOutcome outcome) {
                    told.add(name + ": " + outcome.status());
                }
            };
        };
    }
}
