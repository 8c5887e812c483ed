package dev.mfe.benchmarks;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the filter adds to a page of the local app, with Tomcat's own request. The path lies there as bytes, as it does
 * when a request has just come in, so that making a string of it counts as well.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LocalPageBenchmark {

    private static final byte[] PATH = "/account/settings/notifications/by-email".getBytes(StandardCharsets.US_ASCII);

    /** How many expressions the file has. */
    @Param({"10", "1000"})
    public int expressions = 10;

    private final org.apache.coyote.Request message = new org.apache.coyote.Request();
    private final Request request = new Request(new Connector(), message);
    private final Response response = new Response(new org.apache.coyote.Response());
    private MicrofrontendsFilter filter = newFilter(1);

    /** Makes a filter for a file of that size. */
    @Setup
    public void start() {
        filter.destroy();
        filter = newFilter(expressions);
    }

    /** Ends it. */
    @TearDown
    public void stop() {
        filter.destroy();
    }

    private static MicrofrontendsFilter newFilter(int expressions) {
        String paths = IntStream.range(0, expressions)
                .mapToObj(i -> "\"" + Expressions.mfe(i) + "\"")
                .collect(Collectors.joining(", "));
        return MicrofrontendsFilter.builder()
                .config(MicrofrontendsConfig.parse("microfrontends.json", """
                        {"applications": {
                          "web": {"development": {"fallback": "www.example.com"}},
                          "docs": {"routing": [{"paths": [%s]}]}}}
                        """.formatted(paths)))
                .property("mfe.zones.docs.url", "http://127.0.0.1:1")
                .build();
    }

    /** The rest of the app alone: what is to be taken off the other. */
    @Benchmark
    public void withoutFilter(Blackhole blackhole) throws IOException, ServletException {
        message.requestURI().setBytes(PATH, 0, PATH.length);
        new LocalApp(blackhole).doFilter(request, response);
    }

    /** With the filter in front. */
    @Benchmark
    public void withFilter(Blackhole blackhole) throws IOException, ServletException {
        message.requestURI().setBytes(PATH, 0, PATH.length);
        filter.doFilter(request, response, new LocalApp(blackhole));
    }

    private record LocalApp(Blackhole blackhole) implements FilterChain {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response) {
            blackhole.consume(request);
        }
    }
}
