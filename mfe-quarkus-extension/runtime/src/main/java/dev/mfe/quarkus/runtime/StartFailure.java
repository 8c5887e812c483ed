package dev.mfe.quarkus.runtime;

import dev.mfe.flags.MissingFlagException;
import dev.mfe.routing.MissingOriginException;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says what is wrong and what to do, in the words of somebody who uses Quarkus. */
public final class StartFailure {

    private StartFailure() {}

    /** A failure of the core, so that Quarkus shows it without a stack trace. */
    static RuntimeException of(RuntimeException failure) {
        if (failure instanceof MissingOriginException missing) {
            return new ConfigurationException(missingOrigins(missing.zones()), failure);
        }
        if (failure instanceof MissingFlagException missing) {
            return new ConfigurationException(missingFlags(missing.flags()), failure);
        }
        return new ConfigurationException(PropertyNames.inMessage(String.valueOf(failure.getMessage())), failure);
    }

    private static String missingOrigins(List<String> zones) {
        return zones.stream()
                .map(zone ->
                        "\n    quarkus.mfe.zones." + PropertyNames.key(zone) + ".url=${" + variable(zone) + "_URL}")
                .collect(Collectors.joining(
                        "",
                        "Nobody said where these zones are reached: " + String.join(", ", zones)
                                + ". Say it for example in application.properties, with the address in an environment"
                                + " variable:\n",
                        ""));
    }

    private static String variable(String zone) {
        return zone.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_").replaceAll("^_", "");
    }

    /**
     * What to do about flags that nobody answers.
     *
     * @param flags their names
     * @return with the code to add
     */
    public static String missingFlags(Collection<String> flags) {
        String names = flags.stream().map(flag -> "\n  \"" + flag + "\"").collect(Collectors.joining());
        String methods = flags.stream()
                .map(flag -> """

                            @FeatureFlag("%s")
                            boolean %s(FlagRequest request) {
                                return false;
                            }
                    """.formatted(escaped(flag), methodName(flag)))
                .collect(Collectors.joining());
        String properties = flags.stream()
                .map(flag -> "\n    quarkus.mfe.flags." + PropertyNames.key(flag) + "=false")
                .collect(Collectors.joining());
        return (flags.size() == 1
                        ? "The routing file names a feature flag that nothing answers:"
                        : "The routing file names feature flags that nothing answers:")
                + names
                + "\nAnswer each flag with a method of any bean:\n\n    @ApplicationScoped\n    class Rollouts {\n"
                + methods
                + "    }\n\nor by a property (true, false, or a share of the visitors such as 25%) in application.properties, which"
                + " may have another value when the app runs:\n"
                + properties;
    }

    private static String escaped(String flag) {
        return flag.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** {@code newDocs} for {@code new-docs}. */
    private static String methodName(String flag) {
        StringBuilder name = new StringBuilder();
        boolean upper = false;
        for (int i = 0; i < flag.length(); i++) {
            char c = flag.charAt(i);
            if (!Character.isJavaIdentifierPart(c)) {
                upper = name.length() > 0;
            } else if (name.length() > 0 || Character.isJavaIdentifierStart(c)) {
                name.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return name.length() == 0 ? "flag" : name.toString();
    }
}
