package dev.mfe.gateway;

import dev.mfe.config.ClientConfig;
import dev.mfe.config.SpeculationRules;
import dev.mfe.flags.FlagValues;
import dev.mfe.flags.Flags;
import dev.mfe.flags.FlagsSdk;
import dev.mfe.routing.Router;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the local app answers as the default zone of the site, at paths of its own.
 *
 * @since 0.1
 */
public final class Endpoints {

    private static final String PERSONAL = "private, no-store";

    private final String below;
    private final String clientConfig;
    private final String speculationRules;
    private final String discovery;
    private final String speculationField;

    /** One of them. */
    public enum Endpoint {
        /** Which zone serves which path, for the package's client library. */
        CLIENT_CONFIG,
        /** Which flags there are, for who may know. */
        DISCOVERY,
        /** Which pages of other zones a browser may prefetch. */
        SPECULATION_RULES
    }

    /**
     * Says where they are.
     *
     * @param contextPath of the app; {@code ""} for the root
     */
    public Endpoints(String contextPath) {
        below = contextPath + "/.well-known/";
        clientConfig = contextPath + "/.well-known/vercel/microfrontends/client-config";
        speculationRules = contextPath + SpeculationRules.PATH;
        discovery = contextPath + FlagsSdk.DISCOVERY_PATH;
        speculationField = speculationField(speculationRules);
    }

    /** A string of RFC 9651 §3.3.3, which takes printable ASCII; a URL has no quotes in it. */
    private static String speculationField(String path) {
        try {
            return '"' + new URI(null, null, path, null).toASCIIString() + '"';
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("The context path in " + path + " is no path", e);
        }
    }

    /** The value of {@code Speculation-Rules}. */
    public String speculationField() {
        return speculationField;
    }

    /**
     * Finds the endpoint at a path.
     *
     * @param path of a request target, not decoded
     * @param site whose
     * @return null for all other paths
     */
    public @Nullable Endpoint at(String path, Site site) {
        if (!path.startsWith(below)) {
            return null;
        }
        if (path.equals(clientConfig)) {
            return Endpoint.CLIENT_CONFIG;
        }
        if (path.equals(discovery)) {
            return Endpoint.DISCOVERY;
        }
        return site.speculation() != null && path.equals(speculationRules) ? Endpoint.SPECULATION_RULES : null;
    }

    /**
     * The flags that an answer asks for, so that they can be known before.
     *
     * @param endpoint which one
     * @param site whose
     */
    public static Set<String> flags(Endpoint endpoint, Site site) {
        return endpoint == Endpoint.DISCOVERY ? Set.of() : Router.flagNames(site.config());
    }

    /**
     * Answers. Waits for flags that are not known yet.
     *
     * @param endpoint which one
     * @param site whose
     * @param flags the app's
     * @param values this visitor's
     * @param method the request's
     * @param authorization the value of Authorization, if there is one
     * @return null when nobody is to be told, as if there were no such endpoint
     */
    public static @Nullable Answer answer(
            Endpoint endpoint,
            Site site,
            Flags flags,
            Supplier<FlagValues> values,
            String method,
            @Nullable String authorization) {
        if (endpoint == Endpoint.DISCOVERY) {
            return flags.discovery(method, authorization)
                    .map(found -> new Answer(found.status(), found.fields(), found.body()))
                    .orElse(null);
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Answer.onlyGet();
        }
        SpeculationRules rules = site.speculation();
        if (endpoint == Endpoint.SPECULATION_RULES && rules != null) {
            String json = rules.json(flag -> values.get().isEnabled(flag));
            return new Answer(
                    200,
                    Map.of(
                            "Cache-Control",
                            rules.isPersonal() ? PERSONAL : "private, max-age=300",
                            "Content-Type",
                            SpeculationRules.CONTENT_TYPE),
                    json);
        }
        String json = ClientConfig.json(site.config(), flag -> values.get().isEnabled(flag));
        return new Answer(200, Map.of("Cache-Control", PERSONAL, "Content-Type", "application/json"), json);
    }
}
