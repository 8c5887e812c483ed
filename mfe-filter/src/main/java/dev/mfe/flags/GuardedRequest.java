package dev.mfe.flags;

import java.security.Principal;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The request as one evaluation sees it, for as long as that lasts. */
final class GuardedRequest implements FlagRequest {
    private final Evaluation evaluation;
    private final @Nullable Supplier<@Nullable Principal> principal;

    /** With a principal if that must not be read on the thread of the provider. */
    GuardedRequest(Evaluation evaluation, @Nullable Supplier<@Nullable Principal> principal) {
        this.evaluation = evaluation;
        this.principal = principal;
    }

    @Override
    public String path() {
        return read(FlagRequest::path);
    }

    @Override
    public @Nullable String query() {
        return this.<@Nullable String>read(FlagRequest::query);
    }

    @Override
    public boolean secure() {
        return read(FlagRequest::secure);
    }

    @Override
    public @Nullable String header(String name) {
        return this.<@Nullable String>read(request -> request.header(name));
    }

    @Override
    public List<String> headers(String name) {
        return read(request -> List.copyOf(request.headers(name)));
    }

    @Override
    public @Nullable String cookie(String name) {
        return this.<@Nullable String>read(request -> request.cookie(name));
    }

    @Override
    public List<String> cookies(String name) {
        return read(request -> List.copyOf(request.cookies(name)));
    }

    @Override
    public String remoteAddress() {
        return read(FlagRequest::remoteAddress);
    }

    @Override
    public @Nullable Principal principal() {
        Supplier<@Nullable Principal> known = principal;
        return this.<@Nullable Principal>read(request -> known != null ? known.get() : request.principal());
    }

    @Override
    public @Nullable Object sessionAttribute(String name) {
        return this.<@Nullable Object>read(request -> request.sessionAttribute(name));
    }

    private <T extends @Nullable Object> T read(Function<FlagRequest, T> reading) {
        return evaluation.read(reading);
    }
}
