package dev.mfe.contract;

import dev.mfe.proxy.ProxyFailure;
import dev.mfe.proxy.ZoneStatistics;
import dev.mfe.servlet.MicrofrontendsFilter;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A site of a local app and zones, and what a test wants changed about filter and container. A zone {@code docs} owns
 * {@code /docs} and everything below.
 */
public final class Site {

    /** The flag of every zone, where they have one. */
    static final String FLAG = "moved";

    private final Map<String, String> zones = new LinkedHashMap<>();
    private final List<Filter> earlierFilters = new ArrayList<>();
    private @Nullable Filter filter;
    private @Nullable Runnable end;
    private @Nullable Supplier<List<ZoneStatistics>> statistics;

    Duration connectTimeout = Duration.ofSeconds(10);
    Duration responseTimeout = Duration.ofSeconds(15);
    Duration idleTimeout = Duration.ofSeconds(15);
    Duration drainTimeout = Duration.ofMillis(200);
    int maxRequestsPerZone = 256;
    final List<String> trustedProxies = new ArrayList<>();
    final List<String> allowedOverrideHosts = new ArrayList<>();
    boolean preserveHost;
    boolean fallbackLocal;

    @Nullable
    String flag;

    @Nullable
    String debug;

    private String contextPath = "";
    private int threads = 64;
    private boolean compression;
    private boolean errorPages;
    private boolean async = true;
    private boolean relaxed;
    private EnumSet<DispatcherType> dispatcherTypes = EnumSet.allOf(DispatcherType.class);
    private @Nullable Duration asyncTimeout;

    private Site() {}

    /** A site with the zone {@code docs}. */
    public static Site of(ScriptedOrigin docs) {
        return new Site().zone("docs", docs.url());
    }

    /** A site with the zone {@code docs} at a URL. */
    public static Site of(String docs) {
        return new Site().zone("docs", docs);
    }

    /** Adds another zone. */
    public Site zone(String name, String url) {
        zones.put(name, url);
        return this;
    }

    /** Where the zones are reached. */
    public Map<String, String> zones() {
        return zones;
    }

    /** The routing file. */
    public String config() {
        StringBuilder json =
                new StringBuilder("{\"applications\": {\"web\": {\"development\": {\"fallback\": \"web.test\"}}");
        for (String zone : zones.keySet()) {
            json.append(", \"%s\": {\"routing\": [{%s\"paths\": [\"/%s\", \"/%s/:path*\"]}]}"
                    .formatted(zone, flag == null ? "" : "\"flag\": \"" + FLAG + "\", ", zone, zone));
        }
        return json.append("}}").toString();
    }

    /** How long a zone may take to connect, to answer and between two parts of a body. */
    public Site timeouts(Duration connect, Duration response, Duration idle) {
        connectTimeout = connect;
        responseTimeout = response;
        idleTimeout = idle;
        return this;
    }

    /** How long requests in flight may take when the filter ends; short, since most tests end with a client gone. */
    public Site drainTimeout(Duration timeout) {
        drainTimeout = timeout;
        return this;
    }

    /** How many requests to a zone may be in flight. */
    public Site maxRequestsPerZone(int max) {
        maxRequestsPerZone = max;
        return this;
    }

    /** Whose forwarded fields are believed. */
    public Site trusting(String proxies) {
        trustedProxies.add(proxies);
        return this;
    }

    /** Hosts that an override may lead to. */
    public Site allowingOverridesTo(String hosts) {
        allowedOverrideHosts.add(hosts);
        return this;
    }

    /** The zone is sent the Host of the client. */
    public Site preservingHost() {
        preserveHost = true;
        return this;
    }

    /** The local app answers where a zone cannot be reached. */
    public Site fallingBack() {
        fallbackLocal = true;
        return this;
    }

    /** All zones are behind one flag. */
    public Site flagged(String value) {
        flag = value;
        return this;
    }

    /** When clients are told why a zone was chosen. */
    public Site debugging(String when) {
        debug = when;
        return this;
    }

    /** The container lets targets through that it would refuse by default, as far as it has settings for that. */
    public Site relaxed() {
        relaxed = true;
        return this;
    }

    /** The filter under test is mapped for the dispatcher type REQUEST and no other, as is the default in a {@code web.xml}. */
    public Site forRequestsOnly() {
        dispatcherTypes = EnumSet.of(DispatcherType.REQUEST);
        return this;
    }

    /** The filters that run before the one under test do not support asynchronous requests. */
    public Site withoutAsync() {
        async = false;
        return this;
    }

    /** A filter that runs before the one under test. */
    public Site earlier(Filter earlier) {
        earlierFilters.add(earlier);
        return this;
    }

    /** Where the app is mounted. */
    public Site contextPath(String path) {
        contextPath = path;
        return this;
    }

    /** How many threads the container has for requests. */
    public Site threads(int count) {
        threads = count;
        return this;
    }

    /** The container compresses what it sends. */
    public Site compressing() {
        compression = true;
        return this;
    }

    /** The local app has a page for the statuses 404, 500 and 502. */
    public Site withErrorPages() {
        errorPages = true;
        return this;
    }

    /** The container's own limit for asynchronous requests. */
    public Site asyncTimeout(Duration timeout) {
        asyncTimeout = timeout;
        return this;
    }

    /** The filter under test; the same one on each call. */
    public Filter filter() {
        Filter made = filter;
        if (made == null) {
            made = FilterUnderTest.of(this);
            filter = made;
        }
        return made;
    }

    /** The properties, by name. */
    public Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("mfe.drain-timeout", text(drainTimeout));
        zones.forEach((zone, url) -> {
            String prefix = "mfe.zones." + zone + ".";
            properties.put(prefix + "url", url);
            properties.put(prefix + "connect-timeout", text(connectTimeout));
            properties.put(prefix + "response-timeout", text(responseTimeout));
            properties.put(prefix + "idle-timeout", text(idleTimeout));
            properties.put(prefix + "max-in-flight", Integer.toString(maxRequestsPerZone));
            properties.put(prefix + "preserve-host", Boolean.toString(preserveHost));
            properties.put(prefix + "fallback", fallbackLocal ? "local" : "none");
        });
        if (!trustedProxies.isEmpty()) {
            properties.put("mfe.trusted-proxies", String.join(",", trustedProxies));
        }
        if (!allowedOverrideHosts.isEmpty()) {
            properties.put("mfe.overrides.allowed-hosts", String.join(",", allowedOverrideHosts));
        }
        if (flag != null) {
            properties.put("mfe.flags." + FLAG, flag);
            properties.put("mfe.flags.secret", "s".repeat(32));
        }
        if (debug != null) {
            properties.put("mfe.debug", debug);
        }
        return properties;
    }

    private static String text(Duration duration) {
        return duration.toMillis() + "ms";
    }

    /** How that which is under test ends, and what it has counted, where it is not the {@link #filter()}. */
    public void endingWith(Runnable end, Supplier<List<ZoneStatistics>> statistics) {
        this.end = end;
        this.statistics = statistics;
    }

    /** What went wrong so far in the zone {@code docs}, and how often. */
    Map<ProxyFailure, Long> failures() {
        Supplier<List<ZoneStatistics>> known = statistics;
        return (known == null ? ((MicrofrontendsFilter) filter()).statistics() : known.get())
                .get(0)
                .failures();
    }

    /** Ends what is under test, as its server does when the app stops. */
    void end() {
        Runnable known = end;
        if (known == null) {
            filter().destroy();
        } else {
            known.run();
        }
    }

    /** Whether to let more targets through. */
    public boolean relaxedTargets() {
        return relaxed;
    }

    /** What filters are mapped for. */
    public Set<DispatcherType> dispatcherTypes() {
        return dispatcherTypes;
    }

    /** Whether the filters that run first support asynchronous requests. */
    public boolean async() {
        return async;
    }

    /** Filters to run first, in their order. */
    public List<Filter> earlierFilters() {
        return earlierFilters;
    }

    /** The servlet for everything that no zone owns. */
    public HttpServlet localApp() {
        return new LocalApp();
    }

    public String contextPath() {
        return contextPath;
    }

    public int threads() {
        return threads;
    }

    public boolean compression() {
        return compression;
    }

    /** Where the page for those statuses is: at a path that a zone owns, which an error dispatch must not notice. */
    public String errorPage() {
        return LocalApp.ERROR_PAGE;
    }

    /** Statuses that the local app has a page for. */
    public List<Integer> errorPageStatuses() {
        return errorPages ? List.of(404, 500, 502) : List.of();
    }

    /** The container's own limit for asynchronous requests, if it is to be set. */
    public @Nullable Duration asyncTimeout() {
        return asyncTimeout;
    }
}
