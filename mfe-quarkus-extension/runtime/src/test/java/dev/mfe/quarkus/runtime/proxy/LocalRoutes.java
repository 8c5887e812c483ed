package dev.mfe.quarkus.runtime.proxy;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The app that the handler lives in. It tells what it was asked; some paths do more. */
final class LocalRoutes implements Handler<RoutingContext> {

    @Override
    public void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        switch (String.valueOf(request.path())) {
            case "/local/parts" -> form(request, form -> text(routing, parts(form)));
            case "/local/length" -> request.body().onSuccess(body -> text(routing, "read " + body.length()));
            default -> form(request, form -> text(routing, describe(request, form)));
        }
    }

    /** Reads the request to its end, whatever it is. */
    private static void form(HttpServerRequest request, Consumer<MultiMap> use) {
        String type = request.getHeader("Content-Type");
        if (type != null && (type.startsWith("multipart/") || type.startsWith("application/x-www-form-urlencoded"))) {
            request.setExpectMultipart(true);
        }
        request.endHandler(end -> use.accept(request.formAttributes()));
    }

    private static String parts(MultiMap form) {
        StringBuilder text = new StringBuilder();
        form.forEach((name, value) ->
                text.append(name).append('=').append(value.length()).append('\n'));
        return text.toString();
    }

    private static String describe(HttpServerRequest request, MultiMap form) {
        Map<String, List<String>> parameters = new TreeMap<>();
        request.params().forEach((name, value) -> add(parameters, name, value));
        form.forEach((name, value) -> add(parameters, name, value));
        StringBuilder text = new StringBuilder("local REQUEST ")
                .append(request.method())
                .append(' ')
                .append(Asked.path(request))
                .append('\n');
        parameters.forEach(
                (name, values) -> text.append(name).append('=').append(values).append('\n'));
        return text.toString();
    }

    private static void add(Map<String, List<String>> parameters, String name, @Nullable String value) {
        parameters.computeIfAbsent(name, key -> new ArrayList<>()).add(String.valueOf(value));
    }

    private static void text(RoutingContext routing, String text) {
        routing.response().putHeader("Content-Type", "text/plain").end(Buffer.buffer(text));
    }
}
