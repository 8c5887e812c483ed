package dev.mfe.quarkus.deployment;

import dev.mfe.flags.FeatureFlag;
import dev.mfe.flags.FlagRequest;
import io.quarkus.arc.processor.BeanInfo;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.DotName;
import org.jboss.jandex.MethodInfo;
import org.jboss.jandex.MethodParameterInfo;
import org.jboss.jandex.PrimitiveType;
import org.jboss.jandex.Type;
import org.jspecify.annotations.Nullable;

/**
 * A method with {@link FeatureFlag}.
 *
 * @param bean whose method it is
 * @param method of the class of the bean, or of one that it extends
 * @param flags that it answers
 */
record FeatureFlagMethodInfo(BeanInfo bean, MethodInfo method, Set<String> flags) {

    static final DotName FEATURE_FLAG = DotName.createSimple(FeatureFlag.class);

    private static final DotName REQUEST = DotName.createSimple(FlagRequest.class);
    private static final Set<String> LATER = Set.of(
            "java.util.concurrent.CompletionStage", "java.util.concurrent.CompletableFuture", "io.smallrye.mutiny.Uni");
    private static final String COMMON = "io.smallrye.common.annotation.";

    static FeatureFlagMethodInfo of(BeanInfo bean, MethodInfo method) {
        AnnotationInstance annotation = method.declaredAnnotation(FEATURE_FLAG);
        return new FeatureFlagMethodInfo(
                bean, method, new TreeSet<>(Arrays.asList(annotation.value().asStringArray())));
    }

    /** What keeps it from answering flags, and what to do; null when nothing does. */
    @Nullable
    String problem() {
        if (!isValue() && !isLater()) {
            return "returns " + method.returnType()
                    + "; let it return boolean, Uni<Boolean> or CompletionStage<Boolean>";
        }
        if (flags.isEmpty()) {
            return "names no flag; write @FeatureFlag(\"name-of-the-flag\")";
        }
        if (flags.stream().anyMatch(String::isBlank)) {
            return "names a flag without a name; write @FeatureFlag(\"name-of-the-flag\")";
        }
        if (Modifier.isPrivate(method.flags())) {
            return "is private; make it package-private, so that it can be called without reflection";
        }
        for (MethodParameterInfo parameter : method.parameters()) {
            DotName type = parameter.type().name();
            if (!type.equals(REQUEST) && !type.equals(DotName.STRING_NAME)) {
                return "has a parameter of type " + type
                        + "; it may have a FlagRequest, and a String for the name of the flag";
            }
        }
        return null;
    }

    private boolean isValue() {
        Type type = method.returnType();
        return type.equals(PrimitiveType.BOOLEAN) || type.name().equals(DotName.BOOLEAN_CLASS_NAME);
    }

    private boolean isLater() {
        Type type = method.returnType();
        return LATER.contains(type.name().toString())
                && type.kind() == Type.Kind.PARAMETERIZED_TYPE
                && type.asParameterizedType().arguments().get(0).name().equals(DotName.BOOLEAN_CLASS_NAME);
    }

    /** By what it returns, as for a resource of REST, unless an annotation says so. */
    boolean mayBlock() {
        if (isAnnotated(COMMON + "Blocking") || isAnnotated(COMMON + "RunOnVirtualThread")) {
            return true;
        }
        return !isAnnotated(COMMON + "NonBlocking") && isValue();
    }

    private boolean isAnnotated(String annotation) {
        return method.hasDeclaredAnnotation(DotName.createSimple(annotation));
    }

    /** As the recorder takes them. */
    List<String> arguments() {
        return method.parameterTypes().stream()
                .map(type -> type.name().equals(REQUEST) ? "REQUEST" : "NAME")
                .toList();
    }

    /** Two answers to one flag must be told apart. */
    String description() {
        String declared = method.declaringClass().name() + "." + method.name();
        return method.declaringClass().name().equals(bean.getBeanClass())
                ? declared
                : declared + " of bean " + bean.getBeanClass();
    }
}
