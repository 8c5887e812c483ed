package dev.mfe.testing;

import dev.mfe.config.ConfigUnavailableException;
import dev.mfe.config.InvalidConfigException;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.routing.Router;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who serves a path and why, on the command line or as a Maven goal:
 *
 * <pre>{@code
 * mvn exec:java -Dexec.mainClass=dev.mfe.testing.WhoServes \
 *     -Dexec.args="src/main/resources/microfrontends.json --flag new-docs /docs/intro"
 * }</pre>
 *
 * <p>Arguments: the routing file; {@code --flag name} for each flag that is on; then paths to explain, or
 * {@code zone=/path} to check. With neither, only the file is checked. Fails if the file is not valid or a check does
 * not hold.
 *
 * @since 0.1
 */
public final class WhoServes {
    private WhoServes() {}

    /**
     * Runs and prints.
     *
     * @throws AssertionError if a check does not hold
     * @throws InvalidConfigException if the file is not valid
     * @throws ConfigUnavailableException if the file cannot be read
     * @throws IllegalArgumentException if the arguments cannot be understood
     */
    public static void main(String[] arguments) {
        run(List.of(arguments), System.out);
    }

    static void run(List<String> arguments, PrintStream out) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException(
                    "Usage: WhoServes microfrontends.json [--flag name]... [/path | zone=/path]...");
        }
        MicrofrontendsConfig config = MicrofrontendsConfig.load(Path.of(arguments.get(0)));
        Set<String> flags = new LinkedHashSet<>();
        List<String> paths = new ArrayList<>();
        Map<String, List<String>> checks = new LinkedHashMap<>();
        for (int i = 1; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf("=/");
            if (argument.equals("--flag") && i + 1 < arguments.size()) {
                flags.add(arguments.get(++i));
            } else if (argument.startsWith("/")) {
                paths.add(argument);
            } else if (equals > 0) {
                checks.computeIfAbsent(argument.substring(0, equals), zone -> new ArrayList<>())
                        .add(argument.substring(equals + 1));
            } else {
                throw new IllegalArgumentException(
                        "\"" + argument + "\" is neither --flag with a name, nor a path, nor zone=/path");
            }
        }
        out.println(
                config.source() + ": valid, " + config.zones().size() + " zones, flags " + Router.flagNames(config));
        config.warnings().forEach(warning -> out.println("warning: " + warning));
        RoutingProbe probe = new RoutingProbe(config, flags);
        paths.forEach(path -> out.println(probe.explain(path)));
        MicrofrontendsAssertions.validateRouting(config, checks, flags.toArray(String[]::new));
        checks.values().forEach(all -> all.forEach(path -> out.println(probe.explain(path))));
    }
}
