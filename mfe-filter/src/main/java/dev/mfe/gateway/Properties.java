package dev.mfe.gateway;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@code mfe.*} and where they come from: what the builder was given, then system properties, then environment
 * variables, then {@code mfe.properties}. Collects what is wrong with them, so that all of it can be said at once.
 */
final class Properties {

    private final UnaryOperator<String> names;
    private final Map<String, String> given;
    private final Map<String, String> file;
    private final Function<String, @Nullable String> system;
    private final Function<String, @Nullable String> environment;
    private final Set<String> known = new TreeSet<>();
    private final List<InvalidPropertiesException.Problem> problems = new ArrayList<>();

    /**
     * Takes the sources.
     *
     * @param given what the builder was given
     * @param file what {@code mfe.properties} says
     * @param system a system property, or null
     * @param environment an environment variable, or null
     * @param names how the app calls a property, for messages
     */
    Properties(
            Map<String, String> given,
            Map<String, String> file,
            Function<String, @Nullable String> system,
            Function<String, @Nullable String> environment,
            UnaryOperator<String> names) {
        this.names = names;
        this.given = Map.copyOf(given);
        this.file = Map.copyOf(file);
        this.system = system;
        this.environment = environment;
    }

    /** The same sources with no problem found and no name asked for yet. */
    Properties again() {
        return new Properties(given, file, system, environment, names);
    }

    @Nullable
    String text(String name) {
        known.add(name);
        String value = given.get(name);
        if (value == null) {
            value = system.apply(name);
        }
        if (value == null) {
            value = environment.apply(variable(name, '_'));
        }
        if (value == null) {
            // Spring Boot's way to write a dash in an environment variable.
            value = environment.apply(variable(name, '\0'));
        }
        if (value == null) {
            value = file.get(name);
        }
        return value == null ? null : withPlaceholders(name, value.strip());
    }

    /** A property, or the environment variable that other software uses for the same thing. */
    @Nullable
    String text(String name, String variable) {
        String value = text(name);
        if (value == null) {
            value = environment.apply(variable);
        }
        return value == null ? null : value.strip();
    }

    /** {@code mfe.zones.docs.preserve-host} as {@code MFE_ZONES_DOCS_PRESERVE_HOST}. */
    private static String variable(String name, char dash) {
        StringBuilder variable = new StringBuilder(name.length());
        for (char c : name.toUpperCase(Locale.ROOT).toCharArray()) {
            if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
                variable.append(c);
            } else if (c != '-' || dash != '\0') {
                variable.append('_');
            }
        }
        return variable.toString();
    }

    private String withPlaceholders(String name, String value) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int start = value.indexOf("${"); start >= 0; start = value.indexOf("${", from)) {
            int end = value.indexOf('}', start);
            if (end < 0) {
                problem(name, "\"" + value + "\" has a ${ without a }", "close it");
                return value;
            }
            String inside = value.substring(start + 2, end);
            int colon = inside.indexOf(':');
            String key = colon < 0 ? inside : inside.substring(0, colon);
            String found = system.apply(key);
            if (found == null) {
                found = environment.apply(key);
            }
            if (found == null && colon >= 0) {
                found = inside.substring(colon + 1);
            }
            if (found == null) {
                problem(
                        name,
                        "${" + key + "} has no value",
                        "set the environment variable or system property " + key + ", or write ${" + key + ":default}");
                found = "";
            }
            text.append(value, from, start).append(found);
            from = end + 1;
        }
        return text.append(value, from, value.length()).toString();
    }

    boolean flag(String name, boolean otherwise) {
        return choice(name, Map.of("true", true, "false", false), otherwise);
    }

    <T> T choice(String name, Map<String, T> choices, T otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        T chosen = choices.get(text.toLowerCase(Locale.ROOT));
        if (chosen == null) {
            problem(
                    name,
                    "\"" + text + "\" is not known",
                    "use one of " + String.join(", ", new TreeMap<>(choices).keySet()));
            return otherwise;
        }
        return chosen;
    }

    /** A value that a parser understands; its {@link IllegalArgumentException} says what is wrong and what to do. */
    <T> @Nullable T parsed(String name, Function<String, T> parser) {
        String text = text(name);
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            problems.add(new InvalidPropertiesException.Problem(name, String.valueOf(e.getMessage())));
            return null;
        }
    }

    /** Values between commas; none when not set. */
    <T> List<T> list(String name, Function<String, T> parser) {
        List<T> values = new ArrayList<>();
        String text = text(name);
        if (text != null) {
            for (String part : text.split(",", -1)) {
                if (!part.isBlank()) {
                    try {
                        values.add(parser.apply(part.strip()));
                    } catch (IllegalArgumentException e) {
                        problems.add(new InvalidPropertiesException.Problem(name, String.valueOf(e.getMessage())));
                    }
                }
            }
        }
        return List.copyOf(values);
    }

    /** The names below a prefix that the builder or the file set; what the environment holds cannot be turned back. */
    Set<String> namesBelow(String prefix, UnaryOperator<String> rest) {
        Set<String> names = new TreeSet<>();
        for (Collection<String> source : List.of(given.keySet(), file.keySet())) {
            for (String name : source) {
                if (name.startsWith(prefix)) {
                    names.add(rest.apply(name.substring(prefix.length())));
                }
            }
        }
        return names;
    }

    void problem(String name, String what, String remedy) {
        problems.add(new InvalidPropertiesException.Problem(name, what + "; " + remedy));
    }

    /** How the app calls properties. */
    UnaryOperator<String> names() {
        return names;
    }

    /** How the app calls a property. */
    String written(String name) {
        return names.apply(name);
    }

    /** Every name that was asked for so far. */
    Set<String> known() {
        return Set.copyOf(known);
    }

    /** Fails with every problem found, among them names that nobody has asked for. */
    void finish() {
        for (String name : namesBelow("mfe.", rest -> "mfe." + rest)) {
            if (!known.contains(name)
                    && problems.stream().noneMatch(problem -> name.startsWith(problem.property() + '.'))) {
                problems.add(new InvalidPropertiesException.Problem(name, "there is no such property" + nearest(name)));
            }
        }
        failOnProblems();
    }

    /** Fails with every problem found so far. */
    void failOnProblems() {
        if (!problems.isEmpty()) {
            throw new InvalidPropertiesException(problems.stream()
                    .map(problem ->
                            new InvalidPropertiesException.Problem(written(problem.property()), problem.message()))
                    .toList());
        }
    }

    private String nearest(String name) {
        String best = null;
        int shortest = 4;
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < shortest) {
                shortest = distance;
                best = candidate;
            }
        }
        return best == null ? "; remove it" : "; did you mean " + written(best) + "?";
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
