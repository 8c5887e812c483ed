package dev.mfe.spring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.http.server.PathContainer;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The patterns of controllers, view controllers and handlers by URL. */
final class WebMvcClaims implements ShadowReport.Claims {

    private static final Set<String> EVERYTHING = Set.of("/**", "/*", "/{*path}");

    private final ListableBeanFactory beans;
    private final Supplier<String> prefix;

    /**
     * Takes the place to look at.
     *
     * @param prefix what stands in front of each pattern in a request's path
     */
    WebMvcClaims(ListableBeanFactory beans, Supplier<String> prefix) {
        this.beans = beans;
        this.prefix = prefix;
    }

    @Override
    public Collection<ShadowReport.Claim> find() {
        List<ShadowReport.Claim> claims = new ArrayList<>();
        String before = prefix.get();
        beans.getBeansOfType(RequestMappingInfoHandlerMapping.class, true, false)
                .values()
                .forEach(mapping -> mapping.getHandlerMethods()
                        .forEach((info, method) ->
                                patterns(info).forEach(pattern -> add(claims, before, pattern, describe(method)))));
        beans.getBeansOfType(AbstractUrlHandlerMapping.class, true, false)
                .values()
                .forEach(mapping -> mapping.getHandlerMap()
                        .forEach((pattern, handler) -> add(
                                claims,
                                before,
                                PathPatternParser.defaultInstance.parse(pattern),
                                handler instanceof String name
                                        ? "bean \"" + name + "\""
                                        : handler.getClass().getSimpleName())));
        return claims;
    }

    private static Set<PathPattern> patterns(RequestMappingInfo info) {
        return info.getPathPatternsCondition() == null
                ? Set.of()
                : info.getPathPatternsCondition().getPatterns();
    }

    private static String describe(HandlerMethod method) {
        return method.getBeanType().getSimpleName() + "." + method.getMethod().getName();
    }

    private static void add(List<ShadowReport.Claim> claims, String before, PathPattern pattern, String handler) {
        String text = pattern.getPatternString();
        if (EVERYTHING.contains(text)) {
            return;
        }
        claims.add(new ShadowReport.Claim(
                "handler",
                handler + " (" + before + text + ")",
                example(pattern).stream().map(path -> before + path).toList(),
                path -> path.startsWith(before)
                        && pattern.matches(PathContainer.parsePath(path.substring(before.length())))));
    }

    /** A path that the pattern matches, if one is easily made. */
    private static List<String> example(PathPattern pattern) {
        String path = pattern.getPatternString()
                .replaceAll("\\{[^{}:]*}", "x")
                .replace("**", "x")
                .replace('*', 'x')
                .replace('?', 'x');
        return path.startsWith("/") && !path.contains("{") && pattern.matches(PathContainer.parsePath(path))
                ? List.of(path)
                : List.of();
    }
}
