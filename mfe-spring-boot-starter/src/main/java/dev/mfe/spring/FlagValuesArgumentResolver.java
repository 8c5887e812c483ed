package dev.mfe.spring;

import dev.mfe.flags.FlagValues;
import dev.mfe.servlet.MicrofrontendsFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Controllers may have a parameter of type {@link FlagValues}. */
final class FlagValuesArgumentResolver implements HandlerMethodArgumentResolver {

    private final MicrofrontendsFilter filter;

    FlagValuesArgumentResolver(MicrofrontendsFilter filter) {
        this.filter = filter;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == FlagValues.class;
    }

    @Override
    public FlagValues resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        return filter.flagValues(Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)));
    }
}
