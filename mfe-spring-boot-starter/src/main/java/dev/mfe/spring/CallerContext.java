package dev.mfe.spring;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.security.concurrent.DelegatingSecurityContextRunnable;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * Hands on what the thread of a request knows to the one that evaluates a flag for it, so that request-scoped beans and
 * {@code SecurityContextHolder} work there.
 */
final class CallerContext implements UnaryOperator<Runnable> {

    private static final boolean SECURITY = ClassUtils.isPresent(
            "org.springframework.security.concurrent.DelegatingSecurityContextRunnable",
            CallerContext.class.getClassLoader());

    @Override
    public Runnable apply(Runnable task) {
        Runnable secured = SECURITY ? WithSecurity.wrap(task) : task;
        RequestAttributes attributes = RequestContextHolder.getRequestAttributes();
        return attributes == null ? secured : () -> run(secured, attributes);
    }

    private static void run(Runnable task, RequestAttributes attributes) {
        @Nullable RequestAttributes before = RequestContextHolder.getRequestAttributes();
        RequestContextHolder.setRequestAttributes(attributes);
        try {
            task.run();
        } finally {
            RequestContextHolder.setRequestAttributes(before);
        }
    }

    private static final class WithSecurity {

        static Runnable wrap(Runnable task) {
            return new DelegatingSecurityContextRunnable(task);
        }
    }
}
