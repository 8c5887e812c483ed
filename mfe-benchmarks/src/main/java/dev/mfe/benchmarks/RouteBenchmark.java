package dev.mfe.benchmarks;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.flags.FlagValues;
import dev.mfe.routing.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.http.pathmap.PathMappings;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** One decision: the whole of {@link Router#route}, against the bare matching of what users could take instead. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class RouteBenchmark {
    @Param({"10", "100", "1000", "10000"})
    private int expressions;

    @Param({"hit", "miss"})
    private String path = "";

    private String[] paths = {};
    private PathContainer[] parsedPaths = {};
    private int next;

    private @Nullable Router router;
    private List<Pattern> patterns = List.of();
    private List<PathPattern> pathPatterns = List.of();
    private final PathMappings<Integer> pathMappings = new PathMappings<>();

    private static FlagValues noFlags() {
        throw new IllegalStateException("No expression here has a flag");
    }

    /** Compiles for all contestants, and makes sure that ours answers as it should. */
    @Setup
    public void compile() {
        String list = IntStream.range(0, expressions)
                .mapToObj(i -> "\"" + Expressions.mfe(i) + "\"")
                .collect(Collectors.joining(","));
        router = Router.compile(MicrofrontendsConfig.parse(
                "benchmark", "{\"applications\":{\"web\":{},\"zone\":{\"routing\":[{\"paths\":[" + list + "]}]}}}"));
        patterns =
                IntStream.range(0, expressions).mapToObj(Expressions::pattern).toList();
        pathPatterns = new ArrayList<>(IntStream.range(0, expressions)
                .mapToObj(i -> PathPatternParser.defaultInstance.parse(Expressions.spring(i)))
                .toList());
        // Spring asks the most specific first
        pathPatterns.sort(null);
        for (int i = 0; i < expressions; i++) {
            pathMappings.put(Expressions.jetty(i), i);
        }
        paths = path.equals("hit") ? Expressions.hits(expressions) : Expressions.misses();
        parsedPaths = Stream.of(paths).map(PathContainer::parsePath).toArray(PathContainer[]::new);
        for (int i = 0; i < paths.length; i++) {
            boolean hit = matchesAny(paths[(next + 1) % paths.length]);
            boolean ours = mfe() instanceof dev.mfe.routing.RoutingDecision.ProxyTo;
            if (ours != hit || hit != path.equals("hit")) {
                throw new IllegalStateException(paths[i] + ": ours " + ours + ", regular expressions " + hit);
            }
        }
    }

    private boolean matchesAny(String text) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(text).matches());
    }

    private int next() {
        // a power of two
        next = (next + 1) & (paths.length - 1);
        return next;
    }

    @Benchmark
    public @Nullable Object mfe() {
        Router compiled = router;
        return compiled == null ? null : compiled.route(paths[next()], RouteBenchmark::noFlags);
    }

    @Benchmark
    public @Nullable Object javaRegex() {
        String text = paths[next()];
        for (Pattern pattern : patterns) {
            if (pattern.matcher(text).matches()) {
                return pattern;
            }
        }
        return null;
    }

    @Benchmark
    public @Nullable Object springPathPattern() {
        PathContainer parsed = parsedPaths[next()];
        for (PathPattern pattern : pathPatterns) {
            if (pattern.matches(parsed)) {
                return pattern;
            }
        }
        return null;
    }

    @Benchmark
    public @Nullable Object jettyPathMappings() {
        return pathMappings.getMatched(paths[next()]);
    }
}
