package dev.mfe.spring;

import dev.mfe.flags.FeatureFlag;
import dev.mfe.flags.FlagProvider;
import dev.mfe.flags.FlagRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import reactor.core.publisher.Mono;

/** A method of a bean that answers flags. The bean is made, or looked up in its scope, when a flag is asked for. */
final class FeatureFlagMethod implements FlagProvider {

    private static final String MONO = "reactor.core.publisher.Mono";

    private final ConfigurableListableBeanFactory beans;
    private final String beanName;
    private final Method method;
    private final Set<String> flags;
    private final Result result;

    private enum Result {
        VALUE,
        STAGE,
        MONO
    }

    private FeatureFlagMethod(
            ConfigurableListableBeanFactory beans, String beanName, Method method, Set<String> flags, Result result) {
        this.beans = beans;
        this.beanName = beanName;
        this.method = method;
        this.flags = flags;
        this.result = result;
        ReflectionUtils.makeAccessible(method);
    }

    /**
     * Looks through the definitions of all beans, without making any.
     *
     * @throws InvalidFeatureFlagMethodException with every method that cannot answer flags, and why
     */
    static List<FeatureFlagMethod> find(ConfigurableListableBeanFactory beans) {
        List<FeatureFlagMethod> found = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String beanName : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type = ScopedProxyUtils.isScopedTarget(beanName) ? null : type(beans, beanName);
            if (type == null || !AnnotationUtils.isCandidateClass(type, FeatureFlag.class)) {
                continue;
            }
            Map<Method, FeatureFlag> methods =
                    MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<@Nullable FeatureFlag>)
                            method -> AnnotatedElementUtils.findMergedAnnotation(method, FeatureFlag.class));
            methods.forEach((method, annotation) -> {
                Result result = result(method, type);
                String problem = problem(method, annotation, result);
                if (problem == null && result != null) {
                    found.add(new FeatureFlagMethod(beans, beanName, method, Set.of(annotation.value()), result));
                } else {
                    problems.add(describe(method) + " " + problem);
                }
            });
        }
        if (!problems.isEmpty()) {
            throw new InvalidFeatureFlagMethodException(problems);
        }
        return found;
    }

    private static @Nullable Class<?> type(ConfigurableListableBeanFactory beans, String beanName) {
        String scoped = ScopedProxyUtils.getTargetBeanName(beanName);
        String name = beans.containsBeanDefinition(scoped) ? scoped : beanName;
        Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
        if (type != null && Proxy.isProxyClass(type) && beans.containsBeanDefinition(name)) {
            // Made already, with a proxy that has only the bean's interfaces: its definition knows more.
            Class<?> declared =
                    beans.getMergedBeanDefinition(name).getResolvableType().resolve();
            type = declared == null ? type : declared;
        }
        return type == null ? null : ClassUtils.getUserClass(type);
    }

    private static @Nullable Result result(Method method, Class<?> type) {
        ResolvableType returned = ResolvableType.forMethodReturnType(method, type);
        Class<?> raw = returned.toClass();
        if (raw == boolean.class || raw == Boolean.class) {
            return Result.VALUE;
        }
        if (CompletionStage.class.isAssignableFrom(raw)) {
            return returned.as(CompletionStage.class).getGeneric().resolve() == Boolean.class ? Result.STAGE : null;
        }
        return raw.getName().equals(MONO) && returned.getGeneric().resolve() == Boolean.class ? Result.MONO : null;
    }

    private static @Nullable String problem(Method method, FeatureFlag annotation, @Nullable Result result) {
        if (result == null) {
            return "returns " + method.getGenericReturnType().getTypeName()
                    + "; let it return boolean, CompletionStage<Boolean> or Mono<Boolean>";
        }
        if (annotation.value().length == 0) {
            return "names no flag; write @FeatureFlag(\"name-of-the-flag\")";
        }
        if (Set.of(annotation.value()).stream().anyMatch(String::isBlank)) {
            return "names a flag without a name; write @FeatureFlag(\"name-of-the-flag\")";
        }
        if (Modifier.isPrivate(method.getModifiers())) {
            return "is private; make it package-private, so that a proxy of the bean can answer it";
        }
        for (Class<?> parameter : method.getParameterTypes()) {
            if (parameter != FlagRequest.class && parameter != String.class) {
                return "has a parameter of type " + parameter.getName()
                        + "; it may have a FlagRequest, and a String for the name of the flag";
            }
        }
        return null;
    }

    private static String describe(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName();
    }

    Set<String> flags() {
        return flags;
    }

    /** Fails when the bean is there already and its proxy cannot answer. */
    void check() {
        if (beans.containsSingleton(beanName)) {
            invocable(beans.getBean(beanName));
        }
    }

    private Method invocable(Object bean) {
        if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers())) {
            throw new InvalidFeatureFlagMethodException(List.of(describe(method)
                    + " is final, but its bean has a proxy, which cannot answer final methods; remove \"final\""));
        }
        try {
            return AopUtils.selectInvocableMethod(method, bean.getClass());
        } catch (IllegalStateException e) {
            throw new InvalidFeatureFlagMethodException(List.of(
                    describe(method) + " is not in the interface that the proxy of its bean implements; add it there,"
                            + " or set spring.aop.proxy-target-class=true"));
        }
    }

    @Override
    public boolean provides(String flag) {
        return flags.contains(flag);
    }

    @Override
    public boolean mayBlock() {
        return result == Result.VALUE;
    }

    @Override
    @SuppressWarnings("unchecked") // checked when the method was found
    public CompletionStage<Boolean> evaluate(String flag, FlagRequest request) {
        Object answer = invoke(flag, request);
        if (answer == null) {
            throw new IllegalStateException(this + " returned null");
        }
        return switch (result) {
            case VALUE -> CompletableFuture.completedFuture((Boolean) answer);
            case STAGE -> (CompletionStage<Boolean>) answer;
            case MONO -> Later.stage(answer);
        };
    }

    private @Nullable Object invoke(String flag, FlagRequest request) {
        Object bean = Modifier.isStatic(method.getModifiers()) ? null : beans.getBean(beanName);
        Method target = bean == null ? method : invocable(bean);
        Class<?>[] types = target.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = types[i] == String.class ? flag : request;
        }
        try {
            ReflectionUtils.makeAccessible(target);
            return target.invoke(bean, arguments);
        } catch (InvocationTargetException e) {
            return rethrow(e.getTargetException());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(this + " cannot be called", e);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // whatever the method throws counts as off
    private static <T, E extends Throwable> T rethrow(Throwable e) throws E {
        throw (E) e;
    }

    /** For error messages: two answers to one flag must be told apart. */
    @Override
    public String toString() {
        return describe(method) + " of bean \"" + beanName + "\"";
    }

    /** Apart, as an app need not have Reactor. */
    private static final class Later {

        @SuppressWarnings("unchecked") // checked when the method was found
        static CompletionStage<Boolean> stage(Object mono) {
            return ((Mono<Boolean>) mono).toFuture();
        }
    }
}
