package dev.mfe.flags;

import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request out of nothing, which remembers what was read from it. */
class RecordingRequest implements FlagRequest {
    final Queue<String> reads = new ConcurrentLinkedQueue<>();

    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, Object> session = new HashMap<>();
    private Supplier<@Nullable Principal> principal = () -> null;
    private boolean secure;

    RecordingRequest header(String name, String value) {
        headers.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        return this;
    }

    RecordingRequest visitor(String cookie) {
        return header("Cookie", "mfe-visitor=" + cookie);
    }

    RecordingRequest user(String name) {
        return principal(() -> () -> name);
    }

    RecordingRequest principal(Supplier<@Nullable Principal> principal) {
        this.principal = principal;
        return this;
    }

    RecordingRequest session(String name, Object value) {
        session.put(name, value);
        return this;
    }

    RecordingRequest https() {
        secure = true;
        return this;
    }

    @Override
    public String path() {
        reads.add("path");
        return "/docs/%61";
    }

    @Override
    public @Nullable String query() {
        reads.add("query");
        return "a=1";
    }

    @Override
    public boolean secure() {
        reads.add("secure");
        return secure;
    }

    @Override
    public @Nullable String header(String name) {
        return headers(name).stream().findFirst().orElse(null);
    }

    @Override
    public List<String> headers(String name) {
        reads.add("header " + name);
        return headers.getOrDefault(name, List.of());
    }

    @Override
    public String remoteAddress() {
        reads.add("remoteAddress");
        return "192.0.2.1";
    }

    @Override
    public @Nullable Principal principal() {
        reads.add("principal");
        return principal.get();
    }

    @Override
    public @Nullable Object sessionAttribute(String name) {
        reads.add("session " + name);
        return session.get(name);
    }
}
