package dev.mfe.benchmarks.peers;

import static org.springframework.cloud.gateway.server.mvc.filter.BeforeFilterFunctions.uri;
import static org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions.route;
import static org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions.http;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/** Spring Cloud Gateway for servlet containers, as its starter sets it up. */
@SpringBootApplication(proxyBeanMethods = false)
public class SpringGateway {

    @Bean
    RouterFunction<ServerResponse> docs(@Value("${zone.port}") int port) {
        return route("docs")
                .GET("/docs/**", http())
                .before(uri("http://127.0.0.1:" + port))
                .build();
    }

    /**
     * Serves until standard input ends.
     *
     * @param arguments the port of the zone, and the HTTP client in Spring's words
     * @throws IOException when standard input fails
     */
    public static void main(String[] arguments) throws IOException {
        SpringApplication application = new SpringApplication(SpringGateway.class);
        application.setDefaultProperties(Map.of(
                "server.port", "0",
                "server.address", "127.0.0.1",
                "server.tomcat.max-keep-alive-requests", "-1",
                "spring.main.banner-mode", "off",
                "logging.level.root", "warn",
                "zone.port", arguments[0],
                "spring.http.clients.imperative.factory", arguments[1]));
        var context = (ServletWebServerApplicationContext) application.run();
        System.out.println(
                "port " + Objects.requireNonNull(context.getWebServer()).getPort());
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
