package dev.mfe.testkit;

import dev.mfe.flags.FlagRequest;
import java.security.Principal;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request that is its target and its fields; over TLS, and of nobody.
 *
 * @param path of the target
 * @param query of the target
 * @param fields the values of a field
 */
public record TestRequest(String path, @Nullable String query, Function<String, List<String>> fields)
        implements FlagRequest {

    /** The request with this target in origin form and no field. */
    public static TestRequest of(String target) {
        return of(target, name -> List.of());
    }

    /** The request with this target in origin form and these fields. */
    public static TestRequest of(String target, Function<String, List<String>> fields) {
        int query = target.indexOf('?');
        return query < 0
                ? new TestRequest(target, null, fields)
                : new TestRequest(target.substring(0, query), target.substring(query + 1), fields);
    }

    @Override
    public boolean secure() {
        return true;
    }

    @Override
    public @Nullable String header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : values.get(0);
    }

    @Override
    public List<String> headers(String name) {
        return fields.apply(name);
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1";
    }

    @Override
    public @Nullable Principal principal() {
        return null;
    }

    @Override
    public @Nullable Object sessionAttribute(String name) {
        return null;
    }
}
