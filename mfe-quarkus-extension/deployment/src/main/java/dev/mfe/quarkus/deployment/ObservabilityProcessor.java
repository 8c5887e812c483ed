package dev.mfe.quarkus.deployment;

import dev.mfe.config.Zone;
import dev.mfe.quarkus.runtime.Microfrontends;
import dev.mfe.quarkus.runtime.MicrofrontendsFixedConfig;
import dev.mfe.quarkus.runtime.OpenFeatureFlags;
import dev.mfe.quarkus.runtime.ZoneHealth;
import dev.mfe.quarkus.runtime.ZoneHealthCreator;
import dev.mfe.quarkus.runtime.ZoneMeters;
import dev.mfe.quarkus.runtime.ZoneSpans;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.arc.deployment.SyntheticBeanBuildItem;
import io.quarkus.bootstrap.classloading.QuarkusClassLoader;
import io.quarkus.deployment.Capabilities;
import io.quarkus.deployment.Capability;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.deployment.metrics.MetricsCapabilityBuildItem;
import io.quarkus.runtime.metrics.MetricsFactory;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.jandex.ClassType;

/** What works together with other extensions and libraries, where the app has them. */
@BuildSteps(onlyIf = MicrofrontendsEnabled.class)
final class ObservabilityProcessor {

    @BuildStep
    void beans(
            Capabilities capabilities,
            Optional<MetricsCapabilityBuildItem> metrics,
            BuildProducer<AdditionalBeanBuildItem> beans) {
        if (metrics.isPresent() && metrics.get().metricsSupported(MetricsFactory.MICROMETER)) {
            beans.produce(AdditionalBeanBuildItem.unremovableOf(ZoneMeters.class));
        }
        if (capabilities.isPresent(Capability.OPENTELEMETRY_TRACER)) {
            beans.produce(AdditionalBeanBuildItem.unremovableOf(ZoneSpans.class));
        }
        if (QuarkusClassLoader.isClassPresentAtRuntime(FeatureFlagProcessor.OPEN_FEATURE)) {
            beans.produce(AdditionalBeanBuildItem.unremovableOf(OpenFeatureFlags.class));
        }
    }

    @BuildStep
    void health(
            MicrofrontendsFixedConfig properties,
            Capabilities capabilities,
            SiteBuildItem site,
            BuildProducer<SyntheticBeanBuildItem> beans) {
        if (!properties.health().enabled() || capabilities.isMissing(Capability.SMALLRYE_HEALTH)) {
            return;
        }
        for (Zone zone : site.config().zones()) {
            if (!zone.isDefault()) {
                beans.produce(SyntheticBeanBuildItem.configure(ZoneHealth.class)
                        .addType(HealthCheck.class)
                        .addQualifier(Readiness.class)
                        .identifier(zone.name())
                        .scope(Singleton.class)
                        .unremovable()
                        .addInjectionPoint(ClassType.create(Microfrontends.class))
                        .creator(ZoneHealthCreator.class)
                        .param(ZoneHealthCreator.ZONE, zone.name())
                        .done());
            }
        }
    }
}
