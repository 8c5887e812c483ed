package dev.mfe.spring;

import dev.mfe.config.ConfigUnavailableException;
import dev.mfe.config.InvalidConfigException;
import dev.mfe.flags.InvalidFlagsException;
import dev.mfe.flags.MissingFlagException;
import dev.mfe.gateway.InvalidPropertiesException;
import dev.mfe.routing.MissingOriginException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;

/** Says what is wrong and what to do when the filter keeps the app from starting. */
final class MicrofrontendsFailureAnalyzer implements FailureAnalyzer {

    private final Environment environment;

    MicrofrontendsFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        Set<Throwable> seen = new HashSet<>();
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
            FailureAnalysis analysis = analyzeOne(cause);
            if (analysis != null) {
                return analysis;
            }
        }
        return null;
    }

    private @Nullable FailureAnalysis analyzeOne(Throwable failure) {
        if (failure instanceof InvalidConfigException invalid) {
            return analysis(invalid, "Correct the routing file. Each line above says where, and what to do.");
        }
        if (failure instanceof ConfigUnavailableException unavailable) {
            return analysis(
                    unavailable,
                    "Put microfrontends.json into src/main/resources, or say where it is with mfe.config.location. To start"
                            + " without it, set mfe.enabled=false.");
        }
        if (failure instanceof MissingOriginException missing) {
            return analysis(missing, missingOrigins(missing.zones()));
        }
        if (failure instanceof MissingFlagException missing) {
            return new FailureAnalysis(
                    MissingFlagException.listing(missing.flags()), missingFlagCode(missing.flags()), missing);
        }
        if (failure instanceof InvalidFlagsException invalid) {
            return analysis(
                    invalid,
                    "Let one method with @FeatureFlag or one FlagProvider answer each flag. A property mfe.flags.<flag> may"
                            + " stand beside it, and wins.");
        }
        if (failure instanceof InvalidPropertiesException invalid) {
            return new FailureAnalysis(
                    invalidProperties(invalid.problems()),
                    "Correct the properties. docs/configuration.md of mfe lists all of them.",
                    invalid);
        }
        if (failure instanceof InvalidFeatureFlagMethodException invalid) {
            return analysis(invalid, """
                    Write methods with @FeatureFlag like this one; the parameter is optional:

                        @FeatureFlag("new-docs")
                        boolean newDocs(FlagRequest request) {
                            return request.principal() != null;
                        }""");
        }
        if (failure instanceof ReactiveAppException reactive) {
            return analysis(
                    reactive,
                    "Use spring-boot-starter-webmvc. If it is there beside WebFlux, set spring.main.web-application-type=servlet."
                            + " To start without routing to zones, set mfe.enabled=false or remove mfe-spring-boot-starter.");
        }
        return null;
    }

    private static FailureAnalysis analysis(Throwable failure, String action) {
        return new FailureAnalysis(String.valueOf(failure.getMessage()), action, failure);
    }

    private static String missingOrigins(List<String> zones) {
        return zones.stream()
                .map(zone -> "\n    mfe.zones." + key(zone) + ".url=${" + MissingOriginException.variable(zone) + "}")
                .collect(Collectors.joining(
                        "",
                        "Say where each zone is reached, for example in application.properties, with its address in an"
                                + " environment variable:\n",
                        ""));
    }

    /** A name with other characters than these stands between brackets in a property. */
    private static String key(String name) {
        return name.matches("[A-Za-z0-9-]+") ? name : "[" + name + "]";
    }

    private static String missingFlagCode(List<String> flags) {
        String properties = flags.stream()
                .map(flag -> "\n    mfe.flags." + key(flag) + "=false")
                .collect(Collectors.joining());
        return "Answer each flag with a method of any bean:\n\n" + MissingFlagException.bean("@Component", flags)
                + "\nor by a property (true, false, or a share of the visitors such as 25%):\n" + properties;
    }

    private String invalidProperties(List<InvalidPropertiesException.Problem> problems) {
        return problems.stream()
                .map(problem -> "\n  " + problem + origin(problem.property()))
                .collect(Collectors.joining(
                        "",
                        problems.size() == 1 ? "A property cannot be used:" : "Some properties cannot be used:",
                        ""));
    }

    private String origin(String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.isValid(property)
                ? ConfigurationPropertyName.of(property)
                : ConfigurationPropertyName.adapt(property, '.');
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found != null && found.getOrigin() != null) {
                return " (set in " + found.getOrigin() + ")";
            }
        }
        return "";
    }
}
