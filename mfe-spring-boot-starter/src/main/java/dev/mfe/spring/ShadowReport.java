package dev.mfe.spring;

import dev.mfe.config.PathGroup;
import dev.mfe.config.Zone;
import dev.mfe.routing.Router;
import dev.mfe.routing.RoutingDecision.ProxyTo;
import dev.mfe.servlet.MicrofrontendsFilter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Which parts of the local app a zone takes over, each shown with a path that both claim, so nothing here is a guess.
 * What is not found: overlaps that no example path shows, and handlers that are neither controllers, view controllers,
 * handlers by URL nor servlets (functional routes, filters). A handler of everything, such as static resources at the
 * root, is left out: every zone shadows it.
 */
final class ShadowReport implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger LOG = System.getLogger(MicrofrontendsFilter.class.getName());

    private final MicrofrontendsFilter filter;
    private final List<Claims> claims;

    /**
     * One thing in the local app that a zone stands in front of, or that stands in front of a zone.
     *
     * @param kind {@code handler}, or {@code security} for a rule that keeps visitors away from a zone
     * @param what the handler or rule, for people
     * @param path a path that shows it
     * @param zone the zone
     * @param expression its path expression
     * @param flag the flag of that expression; null when it has none
     */
    public record Shadow(
            String kind,
            String what,
            String path,
            String zone,
            String expression,
            @Nullable String flag) {}

    /** Something of the local app that answers paths. */
    record Claim(String kind, String what, List<String> examples, Predicate<String> matches) {}

    /** Where claims come from; asked when the app is ready. */
    @FunctionalInterface
    interface Claims {
        Collection<Claim> find();
    }

    ShadowReport(MicrofrontendsFilter filter, List<Claims> claims) {
        this.filter = filter;
        this.claims = List.copyOf(claims);
    }

    /** The report as things are now. */
    List<Shadow> get() {
        List<Claim> all = new ArrayList<>();
        claims.forEach(source -> all.addAll(source.find()));
        Set<String> paths = new LinkedHashSet<>();
        for (Zone zone : filter.config().zones()) {
            for (PathGroup group : zone.routing()) {
                group.paths().forEach(path -> paths.addAll(path.examples()));
            }
        }
        List<Shadow> shadows = new ArrayList<>();
        for (Claim claim : all) {
            Set<String> candidates = new LinkedHashSet<>(claim.examples());
            candidates.addAll(paths);
            Set<String> seen = new LinkedHashSet<>();
            for (String path : candidates) {
                proxied(path).filter(found -> claim.matches().test(path)).ifPresent(found -> {
                    ProxyTo to = (ProxyTo) found.decision();
                    if (seen.add(to.expression().toString())) {
                        shadows.add(new Shadow(
                                claim.kind(),
                                claim.what(),
                                path,
                                to.zone().name(),
                                to.expression().toString(),
                                found.flag()));
                    }
                });
            }
        }
        return shadows;
    }

    private Optional<Router.Candidate> proxied(String path) {
        return filter.candidates(path).stream()
                .filter(Router.Candidate::proxies)
                .findFirst();
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        List<Shadow> shadows = get();
        if (!shadows.isEmpty()) {
            LOG.log(
                    Level.INFO,
                    () -> shadows.stream()
                            .map(ShadowReport::line)
                            .collect(Collectors.joining("", "Zones and this app claim the same paths:", "")));
        }
    }

    private static String line(Shadow shadow) {
        String flag = shadow.flag() == null ? "" : " when flag \"" + shadow.flag() + "\" is on";
        return shadow.kind().equals("security")
                ? "\n  " + shadow.path() + " of zone \"" + shadow.zone() + "\" (" + shadow.expression() + "): "
                        + shadow.what()
                : "\n  " + shadow.path() + ": zone \"" + shadow.zone() + "\" (" + shadow.expression() + ") answers"
                        + flag + " instead of " + shadow.what();
    }
}
