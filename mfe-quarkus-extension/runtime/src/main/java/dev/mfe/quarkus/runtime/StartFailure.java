package dev.mfe.quarkus.runtime;

import dev.mfe.flags.MissingFlagException;
import dev.mfe.routing.MissingOriginException;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Collection;
import java.util.List;
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
        return new ConfigurationException(String.valueOf(failure.getMessage()), failure);
    }

    private static String missingOrigins(List<String> zones) {
        return zones.stream()
                .map(zone -> "\n    " + PropertyNames.written("mfe.zones." + zone + ".url") + "=${"
                        + MissingOriginException.variable(zone) + "}")
                .collect(Collectors.joining(
                        "",
                        "Nobody said where these zones are reached: " + String.join(", ", zones)
                                + ". Say it for example in application.properties, with the address in an environment"
                                + " variable:\n",
                        ""));
    }

    /**
     * What to do about flags that nobody answers.
     *
     * @param flags their names
     * @return with the code to add
     */
    public static String missingFlags(Collection<String> flags) {
        String properties = flags.stream()
                .map(flag -> "\n    " + PropertyNames.written("mfe.flags." + flag) + "=false")
                .collect(Collectors.joining());
        return MissingFlagException.listing(flags)
                + "\nAnswer each flag with a method of any bean:\n\n"
                + MissingFlagException.bean("@ApplicationScoped", flags)
                + "\nor by a property (true, false, or a share of the visitors such as 25%) in application.properties, which"
                + " may have another value when the app runs:\n"
                + properties;
    }
}
