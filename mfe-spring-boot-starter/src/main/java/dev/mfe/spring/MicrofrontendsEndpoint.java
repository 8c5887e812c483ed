package dev.mfe.spring;

import dev.mfe.config.Problem;
import dev.mfe.config.Zone;
import dev.mfe.flags.FlagCounters;
import dev.mfe.gateway.DebugFields;
import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.routing.Router;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import dev.mfe.routing.RoutingDecision.Refuse;
import dev.mfe.servlet.MicrofrontendsFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * The endpoint {@code microfrontends}: zones with their expressions, origins and connections, flags, and what zones
 * shadow; {@code microfrontends/docs/intro} says who serves {@code /docs/intro}.
 *
 * @since 0.1
 */
@Endpoint(id = "microfrontends")
public final class MicrofrontendsEndpoint {

    private final MicrofrontendsFilter filter;
    private final ShadowReport shadows;

    MicrofrontendsEndpoint(MicrofrontendsFilter filter, ShadowReport shadows) {
        this.filter = filter;
        this.shadows = shadows;
    }

    /**
     * Everything.
     *
     * @return for JSON
     */
    @ReadOperation
    public Site site() {
        Map<String, ZoneStatistics> statistics =
                filter.statistics().stream().collect(Collectors.toMap(ZoneStatistics::zone, Function.identity()));
        Map<String, ZoneView> zones = new LinkedHashMap<>();
        for (Zone zone : filter.config().zones()) {
            zones.put(
                    zone.name(),
                    new ZoneView(
                            zone.isDefault(),
                            zone.routing().stream()
                                    .map(group -> new Group(
                                            group.flag().orElse(null),
                                            group.paths().stream()
                                                    .map(Object::toString)
                                                    .toList()))
                                    .toList(),
                            zone.assetPrefixes(),
                            statistics.get(zone.name())));
        }
        return new Site(
                filter.config().source(),
                filter.config().warnings().stream().map(Problem::toString).toList(),
                zones,
                Router.flagNames(filter.config()),
                filter.flags().counters(),
                shadows.get());
    }

    /**
     * Who serves a path; flags are named and not asked.
     *
     * @param path segments of the path
     * @return in the order in which they are asked
     */
    @ReadOperation
    public WhoServes whoServes(@Selector(match = Selector.Match.ALL_REMAINING) String... path) {
        String target = "/" + String.join("/", path);
        return new WhoServes(
                target,
                filter.candidates(target).stream()
                        .map(MicrofrontendsEndpoint::answer)
                        .toList());
    }

    private static Answer answer(Router.Candidate candidate) {
        String reason = DebugFields.text(candidate.decision().reason());
        if (candidate.decision() instanceof ProxyTo to) {
            return new Answer(
                    to.zone().name(),
                    candidate.flag(),
                    to.expression().toString(),
                    to.origin().toString(),
                    reason);
        }
        return new Answer(
                candidate.decision() instanceof Refuse ? "nobody" : "local app", candidate.flag(), null, null, reason);
    }

    /**
     * Everything.
     *
     * @param source where the routing file came from
     * @param warnings what is accepted in it but hardly meant
     * @param zones by name
     * @param flags that the file names
     * @param flagCounters how each flag did so far
     * @param shadows what zones shadow in the local app
     */
    public record Site(
            String source,
            List<String> warnings,
            Map<String, ZoneView> zones,
            Set<String> flags,
            Map<String, FlagCounters> flagCounters,
            List<ShadowReport.Shadow> shadows) {}

    /**
     * A zone.
     *
     * @param isDefault whether it is the default zone
     * @param routing its path groups
     * @param assetPrefixes first segments of paths that are its own without being listed
     * @param traffic how it is doing; null if it has no origin
     */
    public record ZoneView(
            boolean isDefault,
            List<Group> routing,
            List<String> assetPrefixes,
            @Nullable ZoneStatistics traffic) {}

    /**
     * Path expressions that move together.
     *
     * @param flag that switches them on; null when always on
     * @param paths the expressions
     */
    public record Group(@Nullable String flag, List<String> paths) {}

    /**
     * Who serves a path.
     *
     * @param path what was asked
     * @param answers the first whose flag is on, or that needs none
     */
    public record WhoServes(String path, List<Answer> answers) {}

    /**
     * One who may.
     *
     * @param servedBy a zone, the local app, or nobody when the path is refused
     * @param flag that has to be on; null when none has to
     * @param expression that matches
     * @param origin where the zone is reached
     * @param reason why
     */
    public record Answer(
            String servedBy,
            @Nullable String flag,
            @Nullable String expression,
            @Nullable String origin,
            String reason) {}
}
