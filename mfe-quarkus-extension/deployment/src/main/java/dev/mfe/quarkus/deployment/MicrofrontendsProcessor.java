package dev.mfe.quarkus.deployment;

import dev.mfe.config.Problem;
import dev.mfe.config.Zone;
import dev.mfe.quarkus.FeatureFlags;
import dev.mfe.quarkus.runtime.BuiltSite;
import dev.mfe.quarkus.runtime.Microfrontends;
import dev.mfe.quarkus.runtime.MicrofrontendsFixedConfig;
import dev.mfe.quarkus.runtime.MicrofrontendsRecorder;
import dev.mfe.quarkus.runtime.PropertyNames;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.arc.deployment.SyntheticBeanBuildItem;
import io.quarkus.bootstrap.workspace.WorkspaceModule;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.GeneratedResourceBuildItem;
import io.quarkus.deployment.builditem.HotDeploymentWatchedFileBuildItem;
import io.quarkus.deployment.builditem.RunTimeConfigurationDefaultBuildItem;
import io.quarkus.deployment.builditem.ShutdownContextBuildItem;
import io.quarkus.deployment.builditem.nativeimage.NativeImageResourceBuildItem;
import io.quarkus.deployment.pkg.builditem.CurateOutcomeBuildItem;
import io.quarkus.vertx.http.deployment.FilterBuildItem;
import io.quarkus.vertx.http.deployment.NonApplicationRootPathBuildItem;
import io.quarkus.vertx.http.runtime.VertxHttpBuildTimeConfig;
import io.quarkus.vertx.http.runtime.security.SecurityHandlerPriorities;
import java.nio.file.Path;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The steps of a build. */
@BuildSteps(onlyIf = MicrofrontendsEnabled.class)
final class MicrofrontendsProcessor {

    private static final Logger LOG = Logger.getLogger(MicrofrontendsProcessor.class);

    private static final String FEATURE = "mfe";

    /** Behind the permissions of paths, so that they hold for the paths of zones as well. */
    private static final int AFTER_SECURITY = SecurityHandlerPriorities.AUTHORIZATION - 1;

    /** In front of CORS, too: what a zone allows to other origins is its own affair. */
    private static final int BEFORE_SECURITY = SecurityHandlerPriorities.CORS + 50;

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem(FEATURE);
    }

    @BuildStep
    SiteBuildItem routingFile(
            MicrofrontendsFixedConfig properties,
            CurateOutcomeBuildItem app,
            BuildProducer<GeneratedResourceBuildItem> resources,
            BuildProducer<NativeImageResourceBuildItem> nativeResources) {
        RoutingFile file = RoutingFile.read(properties.config(), projectOf(app));
        for (Problem warning : file.config().warnings()) {
            LOG.warnf("%s:%s", file.config().source(), warning);
        }
        resources.produce(new GeneratedResourceBuildItem(BuiltSite.RESOURCE, file.text()));
        nativeResources.produce(new NativeImageResourceBuildItem(BuiltSite.RESOURCE));
        return new SiteBuildItem(file.config());
    }

    @BuildStep
    void watch(
            MicrofrontendsFixedConfig properties,
            CurateOutcomeBuildItem app,
            BuildProducer<HotDeploymentWatchedFileBuildItem> watched) {
        for (String place : RoutingFile.watched(properties.config(), projectOf(app))) {
            watched.produce(new HotDeploymentWatchedFileBuildItem(place));
        }
    }

    /**
     * Has the app know of each zone, so that {@code QUARKUS_MFE_ZONES_MY_SHOP_URL} is found to be about
     * {@code my-shop}: the name of a variable alone does not tell.
     */
    @BuildStep
    void nameZones(SiteBuildItem site, BuildProducer<RunTimeConfigurationDefaultBuildItem> defaults) {
        for (Zone zone : site.config().zones()) {
            if (!zone.isDefault()) {
                defaults.produce(new RunTimeConfigurationDefaultBuildItem(
                        PropertyNames.written("mfe.zones." + zone.name() + ".preserve-host"), "false"));
            }
        }
    }

    /** The directory of the app's own sources; where the build runs when these are not at hand. */
    private static Path projectOf(CurateOutcomeBuildItem app) {
        WorkspaceModule module = app.getApplicationModel().getApplicationModule();
        return module == null ? Path.of("") : module.getModuleDir().toPath();
    }

    @BuildStep
    AdditionalBeanBuildItem beans() {
        return AdditionalBeanBuildItem.builder()
                .addBeanClasses(Microfrontends.class, FeatureFlags.class)
                .setUnremovable()
                .build();
    }

    @BuildStep
    @Record(ExecutionTime.STATIC_INIT)
    SyntheticBeanBuildItem builtSite(
            MicrofrontendsRecorder recorder,
            MicrofrontendsFixedConfig properties,
            SiteBuildItem site,
            RecordedFlagsBuildItem flags) {
        return SyntheticBeanBuildItem.configure(BuiltSite.class)
                .scope(jakarta.inject.Singleton.class)
                .unremovable()
                .runtimeValue(recorder.builtSite(
                        site.config().source(),
                        properties.config().overlaps() == MicrofrontendsFixedConfig.Overlaps.WARN,
                        flags.methods(),
                        flags.names()))
                .done();
    }

    @BuildStep
    @Record(ExecutionTime.RUNTIME_INIT)
    FilterBuildItem interceptor(
            MicrofrontendsRecorder recorder,
            MicrofrontendsFixedConfig properties,
            VertxHttpBuildTimeConfig http,
            NonApplicationRootPathBuildItem paths,
            ShutdownContextBuildItem shutdown) {
        boolean afterSecurity = properties.filter().order() == MicrofrontendsFixedConfig.Order.AFTER_SECURITY;
        boolean identityOnDemand = afterSecurity && !http.auth().proactive();
        return new FilterBuildItem(
                recorder.interceptor(ownRoot(paths), identityOnDemand, shutdown),
                afterSecurity ? AFTER_SECURITY : BEFORE_SECURITY);
    }

    /** Where Quarkus answers itself; null when that is the same place as for the app. */
    private static @Nullable String ownRoot(NonApplicationRootPathBuildItem paths) {
        String root = paths.getNonApplicationRootPath();
        return root.equals(paths.getNormalizedHttpRootPath()) || root.equals("/") ? null : root;
    }
}
