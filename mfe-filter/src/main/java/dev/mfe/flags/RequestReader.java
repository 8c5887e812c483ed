package dev.mfe.flags;

import dev.mfe.flags.VisitorIds.Visitor;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The only way to the request of one {@link FlagValues}. Reads one after the other, since containers' requests are not
 * made for several threads, and several flags may be evaluated at once.
 */
final class RequestReader {
    private final FlagRequest request;
    private final VisitorIds visitorIds;
    private final @Nullable SdkTokens sdkTokens;
    private final ReentrantLock lock = new ReentrantLock();

    /** Decided once, so that all flags of a request see the same visitor. Written under the lock. */
    private volatile @Nullable Visitor visitor;

    private volatile @Nullable Supplier<@Nullable Principal> principal;

    /** Decrypted once. Written under the lock. */
    private volatile @Nullable Map<String, Boolean> overrides;

    RequestReader(FlagRequest request, VisitorIds visitorIds, @Nullable SdkTokens sdkTokens) {
        this.request = request;
        this.visitorIds = visitorIds;
        this.sdkTokens = sdkTokens;
    }

    /**
     * Reads something, at the latest when other reads have let us in by the deadline ({@link System#nanoTime}): a
     * session store that hangs for one flag must not hang the others.
     */
    <T extends @Nullable Object> T read(long deadline, Function<FlagRequest, T> reading) {
        enter(deadline);
        try {
            return reading.apply(request);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The user as the calling thread knows it, for use on threads that do not. A failure is for the flag that asks for
     * the user, not for others. Read once, so that a later flag need not wait for its turn here.
     */
    Supplier<@Nullable Principal> principal(long deadline) {
        Supplier<@Nullable Principal> known = principal;
        if (known == null) {
            known = readPrincipal(deadline);
            principal = known;
        }
        return known;
    }

    private Supplier<@Nullable Principal> readPrincipal(long deadline) {
        try {
            Principal user = this.<@Nullable Principal>read(deadline, FlagRequest::principal);
            return () -> user;
        } catch (RuntimeException e) {
            return () -> {
                throw e;
            };
        }
    }

    Visitor visitor(long deadline) {
        Visitor known = visitor;
        return known != null ? known : read(deadline, this::decideVisitor);
    }

    private Visitor decideVisitor(FlagRequest request) {
        Visitor decided = visitor;
        if (decided == null) {
            decided = visitorIds.visitor(request);
            visitor = decided;
        }
        return decided;
    }

    /** What the Flags SDK's cookie says of a flag, or null. */
    @Nullable
    Boolean override(String flag, long deadline) {
        if (sdkTokens == null) {
            return null;
        }
        Map<String, Boolean> known = overrides;
        if (known == null) {
            known = read(deadline, request -> readOverrides(sdkTokens, request));
        }
        return known.get(flag);
    }

    private Map<String, Boolean> readOverrides(SdkTokens tokens, FlagRequest request) {
        Map<String, Boolean> read = overrides;
        if (read == null) {
            read = tokens.overrides(request.cookies(FlagsSdk.OVERRIDES_COOKIE));
            overrides = read;
        }
        return read;
    }

    Optional<String> setCookie() {
        Visitor known = visitor;
        return known == null ? Optional.empty() : Optional.ofNullable(known.setCookie());
    }

    private void enter(long deadline) {
        try {
            if (lock.tryLock() || lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while another flag was reading the request", e);
        }
        throw new IllegalStateException("Another flag was still reading the request when the time limit was over");
    }
}
