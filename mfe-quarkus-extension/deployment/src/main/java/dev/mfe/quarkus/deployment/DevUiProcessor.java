package dev.mfe.quarkus.deployment;

import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.PathGroup;
import dev.mfe.config.Zone;
import dev.mfe.quarkus.runtime.MicrofrontendsDevUi;
import dev.mfe.routing.Router;
import io.quarkus.deployment.IsLocalDevelopment;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.devui.spi.JsonRPCProvidersBuildItem;
import io.quarkus.devui.spi.page.CardPageBuildItem;
import io.quarkus.devui.spi.page.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The card and the page of the Dev UI. */
@BuildSteps(onlyIf = {MicrofrontendsEnabled.class, IsLocalDevelopment.class})
final class DevUiProcessor {

    @BuildStep
    CardPageBuildItem page(SiteBuildItem site, FeatureFlagMethodsBuildItem methods) {
        MicrofrontendsConfig config = site.config();
        CardPageBuildItem card = new CardPageBuildItem();
        card.addBuildTimeData("source", config.source());
        card.addBuildTimeData("expressions", expressions(config));
        card.addBuildTimeData("flags", flags(config, methods));
        card.addPage(Page.webComponentPageBuilder()
                .title("Zones")
                .icon("font-awesome-solid:route")
                .componentLink("qwc-mfe-zones.js")
                .staticLabel(String.valueOf(config.zones().size())));
        return card;
    }

    @BuildStep
    JsonRPCProvidersBuildItem calls() {
        return new JsonRPCProvidersBuildItem(MicrofrontendsDevUi.class);
    }

    private static List<Map<String, String>> expressions(MicrofrontendsConfig config) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (Zone zone : config.zones()) {
            for (PathGroup group : zone.routing()) {
                group.paths().forEach(path -> {
                    Map<String, String> row = new LinkedHashMap<>();
                    row.put("zone", zone.name());
                    row.put("expression", path.toString());
                    row.put("flag", group.flag().orElse(""));
                    rows.add(row);
                });
            }
        }
        return rows;
    }

    private static List<Map<String, String>> flags(MicrofrontendsConfig config, FeatureFlagMethodsBuildItem methods) {
        return Router.flagNames(config).stream()
                .map(flag -> {
                    Map<String, String> row = new LinkedHashMap<>();
                    row.put("flag", flag);
                    row.put(
                            "method",
                            methods.methods().stream()
                                    .filter(method -> method.flags().contains(flag))
                                    .map(FeatureFlagMethodInfo::description)
                                    .findFirst()
                                    .orElse(""));
                    return row;
                })
                .toList();
    }
}
