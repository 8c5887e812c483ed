package dev.mfe.quarkus.deployment;

import static dev.mfe.quarkus.deployment.FeatureFlagMethodInfo.FEATURE_FLAG;

import dev.mfe.flags.FlagProvider;
import dev.mfe.quarkus.runtime.MicrofrontendsRecorder;
import dev.mfe.quarkus.runtime.PropertyNames;
import dev.mfe.quarkus.runtime.StartFailure;
import dev.mfe.routing.Router;
import io.quarkus.arc.deployment.AutoAddScopeBuildItem;
import io.quarkus.arc.deployment.BeanDiscoveryFinishedBuildItem;
import io.quarkus.arc.deployment.InvokerFactoryBuildItem;
import io.quarkus.arc.deployment.UnremovableBeanBuildItem;
import io.quarkus.arc.processor.BeanInfo;
import io.quarkus.arc.processor.BuiltinScope;
import io.quarkus.arc.processor.InvokerBuilder;
import io.quarkus.bootstrap.classloading.QuarkusClassLoader;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Produce;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.CombinedIndexBuildItem;
import io.quarkus.deployment.builditem.ServiceStartBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ServiceProviderBuildItem;
import io.quarkus.deployment.execannotations.ExecutionModelAnnotationsAllowedBuildItem;
import io.quarkus.deployment.recording.RecorderContext;
import io.quarkus.runtime.RuntimeValue;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.enterprise.invoke.Invoker;
import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;

/** Finds the methods that answer flags. */
@BuildSteps(onlyIf = MicrofrontendsEnabled.class)
final class FeatureFlagProcessor {

    static final String OPEN_FEATURE = "dev.openfeature.sdk.Client";
    private static final DotName FLAG_PROVIDER = DotName.createSimple(FlagProvider.class);

    @BuildStep
    AutoAddScopeBuildItem scope() {
        return AutoAddScopeBuildItem.builder()
                .containsAnnotations(FEATURE_FLAG)
                .defaultScope(BuiltinScope.SINGLETON)
                .reason("it has a method with @FeatureFlag")
                .build();
    }

    /** Nobody injects a bean that only answers flags. */
    @BuildStep
    UnremovableBeanBuildItem keep(CombinedIndexBuildItem index) {
        Set<DotName> declaring = new HashSet<>();
        for (AnnotationInstance annotation : index.getIndex().getAnnotations(FEATURE_FLAG)) {
            declaring.add(annotation.target().asMethod().declaringClass().name());
        }
        return new UnremovableBeanBuildItem(
                bean -> bean.isClassBean() && declaring.stream().anyMatch(bean::hasType));
    }

    /** {@code @NonBlocking} and its like, which elsewhere stand only on what Quarkus itself calls. */
    @BuildStep
    ExecutionModelAnnotationsAllowedBuildItem executionModel() {
        return new ExecutionModelAnnotationsAllowedBuildItem(method -> method.hasDeclaredAnnotation(FEATURE_FLAG));
    }

    @BuildStep
    ServiceProviderBuildItem services() {
        return ServiceProviderBuildItem.allProvidersFromClassPath(FlagProvider.class.getName());
    }

    @BuildStep
    FeatureFlagMethodsBuildItem find(BeanDiscoveryFinishedBuildItem beans, CombinedIndexBuildItem index) {
        List<FeatureFlagMethodInfo> found = new ArrayList<>();
        for (BeanInfo bean : beans.getBeans()) {
            if (bean.isClassBean() && isInUse(bean, beans.getBeans())) {
                collect(bean, index.getIndex(), found);
            }
        }
        List<String> problems = new ArrayList<>();
        for (FeatureFlagMethodInfo method : found) {
            String problem = method.problem();
            if (problem != null) {
                problems.add(method.description() + " " + problem);
            }
        }
        if (!problems.isEmpty()) {
            throw new DeploymentException(String.join("\n", problems) + """

                    Write methods with @FeatureFlag like this one; the parameter is optional:

                        @FeatureFlag("new-docs")
                        boolean newDocs(FlagRequest request) {
                            return request.principal() != null;
                        }""");
        }
        return new FeatureFlagMethodsBuildItem(found);
    }

    /** Another bean may stand for this one: an alternative, such as a mock in a test, or any for a default bean. */
    private static boolean isInUse(BeanInfo bean, Collection<BeanInfo> beans) {
        return beans.stream()
                .noneMatch(other -> !other.equals(bean)
                        && other.hasType(bean.getBeanClass())
                        && ((other.isAlternative() && !bean.isAlternative())
                                || (bean.isDefaultBean() && !other.isDefaultBean())));
    }

    /** Its own methods and those it inherits. */
    private static void collect(BeanInfo bean, IndexView index, List<FeatureFlagMethodInfo> found) {
        Set<String> overridden = new HashSet<>();
        ClassInfo type = bean.getImplClazz();
        while (type != null) {
            for (MethodInfo method : type.methods()) {
                boolean seen =
                        !Modifier.isPrivate(method.flags()) && !overridden.add(method.name() + method.parameterTypes());
                if (!seen && method.hasDeclaredAnnotation(FEATURE_FLAG)) {
                    found.add(FeatureFlagMethodInfo.of(bean, method));
                }
            }
            DotName parent = type.superName();
            type = parent == null ? null : index.getClassByName(parent);
        }
    }

    @BuildStep
    @Record(ExecutionTime.STATIC_INIT)
    RecordedFlagsBuildItem record(
            MicrofrontendsRecorder recorder,
            RecorderContext context,
            FeatureFlagMethodsBuildItem found,
            InvokerFactoryBuildItem invokers) {
        List<RuntimeValue<FlagProvider>> methods = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (FeatureFlagMethodInfo method : found.methods()) {
            InvokerBuilder invoker = invokers.createInvoker(method.bean(), method.method());
            if (!Modifier.isStatic(method.method().flags())) {
                invoker.withInstanceLookup();
            }
            RuntimeValue<Invoker<Object, Object>> made =
                    context.newInstance(nameOf(invoker.build().getClassDesc()));
            methods.add(recorder.featureFlagMethod(
                    made, List.copyOf(method.flags()), method.description(), method.mayBlock(), method.arguments()));
            names.addAll(method.flags());
        }
        return new RecordedFlagsBuildItem(methods, List.copyOf(names));
    }

    private static String nameOf(ClassDesc type) {
        return type.packageName() + "." + type.displayName();
    }

    /** Somebody has to answer each flag, and only one. */
    @BuildStep
    @Produce(ServiceStartBuildItem.class)
    void check(FeatureFlagMethodsBuildItem found, SiteBuildItem site, BeanDiscoveryFinishedBuildItem beans) {
        Map<String, List<String>> answers = new TreeMap<>();
        for (FeatureFlagMethodInfo method : found.methods()) {
            method.flags()
                    .forEach(flag -> answers.computeIfAbsent(flag, name -> new ArrayList<>())
                            .add(method.description()));
        }
        List<String> problems = answers.entrySet().stream()
                .filter(answer -> answer.getValue().size() > 1)
                .map(answer -> "\"" + answer.getKey() + "\" is answered by "
                        + String.join(" and by ", answer.getValue()) + "; keep one")
                .toList();
        if (!problems.isEmpty()) {
            throw new DeploymentException(String.join("\n", problems));
        }
        if (hasOtherProviders(beans)) {
            // Which flags they know is seen when the app starts.
            return;
        }
        Set<String> missing = new TreeSet<>(Router.flagNames(site.config()));
        missing.removeAll(answers.keySet());
        missing.removeIf(flag -> PropertyNames.flag(flag) != null);
        if (!missing.isEmpty()) {
            throw new DeploymentException(StartFailure.missingFlags(missing));
        }
    }

    private static boolean hasOtherProviders(BeanDiscoveryFinishedBuildItem beans) {
        return QuarkusClassLoader.isClassPresentAtRuntime(OPEN_FEATURE)
                || QuarkusClassLoader.isResourcePresentAtRuntime("META-INF/services/" + FLAG_PROVIDER)
                || beans.getBeans().stream().anyMatch(bean -> bean.hasType(FLAG_PROVIDER));
    }
}
