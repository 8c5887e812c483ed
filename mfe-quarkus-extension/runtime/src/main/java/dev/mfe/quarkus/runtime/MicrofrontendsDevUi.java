package dev.mfe.quarkus.runtime;

import dev.mfe.gateway.DebugFields;
import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.routing.Router;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import dev.mfe.routing.RoutingDecision.Refuse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the page of the Dev UI asks the app that runs. */
public class MicrofrontendsDevUi {

    private final Microfrontends microfrontends;

    MicrofrontendsDevUi(Microfrontends microfrontends) {
        this.microfrontends = microfrontends;
    }

    /**
     * Who serves a path; flags are named and not asked.
     *
     * @param path the path of a request
     * @return in the order in which they are asked
     */
    public List<Map<String, String>> whoServes(String path) {
        String target = path.startsWith("/") ? path : "/" + path;
        return microfrontends.candidates(target).stream()
                .map(MicrofrontendsDevUi::answer)
                .toList();
    }

    private static Map<String, String> answer(Router.Candidate candidate) {
        Map<String, String> answer = new LinkedHashMap<>();
        String flag = candidate.flag();
        answer.put("flag", flag == null ? "" : flag);
        if (candidate.decision() instanceof ProxyTo to) {
            answer.put("servedBy", to.zone().name());
            answer.put("expression", to.expression().toString());
            answer.put("origin", to.origin().toString());
        } else {
            answer.put("servedBy", candidate.decision() instanceof Refuse ? "nobody" : "local app");
        }
        answer.put("reason", DebugFields.text(candidate.decision().reason()));
        return answer;
    }

    /**
     * How zones are doing.
     *
     * @return one entry for each zone that requests are proxied to
     */
    public List<Map<String, String>> zones() {
        return microfrontends.statistics().stream()
                .map(MicrofrontendsDevUi::zone)
                .toList();
    }

    private static Map<String, String> zone(ZoneStatistics zone) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("zone", zone.zone());
        row.put("origin", zone.origin());
        row.put("requests", String.valueOf(zone.requests()));
        row.put(
                "failures",
                String.valueOf(zone.failures().values().stream()
                        .mapToLong(Long::longValue)
                        .sum()));
        ZoneStatistics.LastFailure failed = zone.lastFailure();
        row.put("lastFailure", failed == null ? "" : failed.failure().name());
        return row;
    }
}
