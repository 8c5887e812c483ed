package dev.mfe.testkit;

import dev.mfe.flags.FlagRequest;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that is nothing but its target. */
public record TestRequest(String path, @Nullable String query) implements FlagRequest {
    /** The request with this target in origin form. */
    public static TestRequest of(String target) {
        int query = target.indexOf('?');
        return query < 0
                ? new TestRequest(target, null)
                : new TestRequest(target.substring(0, query), target.substring(query + 1));
    }

    @Override
    public boolean secure() {
        return true;
    }

    @Override
    public @Nullable String header(String name) {
        return null;
    }

    @Override
    public List<String> headers(String name) {
        return List.of();
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
