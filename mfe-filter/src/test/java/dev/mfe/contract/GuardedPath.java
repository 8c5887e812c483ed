package dev.mfe.contract;

import java.util.stream.Stream;

/** A path that local security keeps from visitors, {@code /docs/private} with all below; and how they may try to get there. */
public final class GuardedPath {

    private GuardedPath() {}

    /** What a guard in front refuses, as many apps write it. */
    public static boolean guards(String path) {
        return path.equals("/docs/private") || path.startsWith("/docs/private/");
    }

    /** Targets that some zone may take for the guarded path. */
    public static Stream<String> spellings() {
        return Stream.of(
                "/docs/private/x",
                "/docs/%70rivate/x",
                "/docs//private/x",
                "//docs/private/x",
                "/docs/./private/x",
                "/docs/%2e/private/x",
                "/docs/y/../private/x",
                "/docs/y/..;/private/x",
                "/docs/y/%2e%2e/private/x",
                "/docs/y%2f..%2fprivate/x",
                "/docs%2Fprivate/x",
                "/docs%5Cprivate/x",
                "/docs\\private/x",
                "/docs/;/private/x",
                "/docs/private%00/x",
                "/docs/private",
                "/docs/private/",
                "/docs/private%2F",
                "/docs/private%3B/../x");
    }
}
