package dev.mfe.spring;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The methods with {@link dev.mfe.flags.FeatureFlag} of all beans. */
final class FeatureFlagMethods implements SmartInitializingSingleton {

    private final List<FeatureFlagMethod> methods;

    FeatureFlagMethods(ConfigurableListableBeanFactory beans) {
        methods = FeatureFlagMethod.find(beans);
    }

    List<FeatureFlagMethod> all() {
        return methods;
    }

    Set<String> flags() {
        Set<String> flags = new TreeSet<>();
        methods.forEach(method -> flags.addAll(method.flags()));
        return flags;
    }

    /** A proxy that cannot answer is found when the app starts, and not when a visitor comes. */
    @Override
    public void afterSingletonsInstantiated() {
        methods.forEach(FeatureFlagMethod::check);
    }
}
