package dev.mfe.config;

import static dev.mfe.config.Printable.quote;

import dev.mfe.config.JsonText.Member;
import dev.mfe.config.JsonText.NumberNode;
import dev.mfe.config.JsonText.ObjectNode;
import dev.mfe.config.JsonText.StringNode;
import dev.mfe.config.OriginParser.OriginException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what the file says about developing a zone. */
final class DevelopmentReader {
    private static final List<String> KEYS = List.of("local", "task", "fallback");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private static final String WRITE_HOST = "write a host, such as \"docs.example.com\"";
    private static final String WRITE_LOCAL = "write a port, such as 3001, or a host, such as \"localhost:3001\"";

    private final JsonChecks checks;
    private final ProblemList problems;
    private final ProblemList warnings;

    DevelopmentReader(JsonChecks checks, ProblemList problems, ProblemList warnings) {
        this.checks = checks;
        this.problems = problems;
        this.warnings = warnings;
    }

    /** What a zone has of which the file says nothing. */
    static Development absent(String zone) {
        int port = Zone.generatedPort(zone);
        return new Development(port, Development.Local.of(Origin.of("http", "localhost", port)), null, null);
    }

    /** Reads the member {@code development} of a zone, which for the default zone must have a fallback. */
    Development read(Member member, Pointer pointer, String zone, boolean isDefault) {
        Development none = absent(zone);
        ObjectNode object = checks.object(member, pointer, "write {\"fallback\": \"<host>\"}");
        if (object == null) {
            return none;
        }
        Development.Local local = Development.Local.of(none.local());
        Origin fallback = null;
        String task = null;
        boolean hasFallback = false;
        for (Member field : object.members()) {
            Pointer place = pointer.child(field.name());
            switch (field.name()) {
                case "local" -> local = readLocal(field, place, none);
                case "fallback" -> {
                    hasFallback = true;
                    fallback = readFallback(field, place, isDefault);
                }
                case "task" -> task = checks.string(field, place, "write the name of a script in double quotes");
                default -> checks.unknownKey(field, place, KEYS);
            }
        }
        if (isDefault && !hasFallback) {
            problems.add(
                    member.value().offset(),
                    pointer,
                    "the default zone has no \"fallback\"",
                    "add \"fallback\": \"<host>\", where the site is reached when a zone does not run locally");
        }
        return new Development(none.generatedPort(), local, fallback, task);
    }

    private Development.Local readLocal(Member member, Pointer pointer, Development byDefault) {
        Development.Local unknown = Development.Local.of(byDefault.local());
        if (member.value() instanceof NumberNode number) {
            return localPort(member, pointer, number.text());
        }
        if (!(member.value() instanceof StringNode string)) {
            checks.wrongType(member, pointer, "a number or a string", WRITE_LOCAL);
            return unknown;
        }
        if (DIGITS.matcher(string.value()).matches()) {
            return localPort(member, pointer, string.value());
        }
        Origin origin = origin(member, pointer, string.value(), "http", WRITE_LOCAL);
        if (origin == null) {
            return unknown;
        }
        return Development.Local.of(
                origin.port().isPresent()
                        ? origin
                        : Origin.of(origin.scheme(), origin.host(), byDefault.generatedPort()));
    }

    private Development.Local localPort(Member member, Pointer pointer, String number) {
        warnUnlessPort(member, pointer, number);
        Integer port = PortNumber.of(number);
        return port == null
                ? Development.Local.unusable(Printable.line(number))
                : Development.Local.of(Origin.of("http", "localhost", port));
    }

    private @Nullable Origin readFallback(Member member, Pointer pointer, boolean isDefault) {
        String text = checks.string(member, pointer, WRITE_HOST);
        // The package takes an empty text for none, but needs one for the default zone
        if (text == null || (text.isEmpty() && !isDefault)) {
            return null;
        }
        return origin(member, pointer, text, "https", WRITE_HOST);
    }

    private @Nullable Origin origin(Member member, Pointer pointer, String text, String scheme, String remedyIfEmpty) {
        try {
            return OriginParser.parse(text, scheme);
        } catch (OriginException e) {
            problems.add(member.value().offset(), pointer, e.problem(), text.isBlank() ? remedyIfEmpty : e.remedy());
            return null;
        }
    }

    /** The package accepts any number; one that is no port is only noticed when somebody wants to connect. */
    void warnUnlessPort(Member member, Pointer pointer, String number) {
        Integer port = PortNumber.of(number);
        if (port == null || port == 0) {
            warnings.add(member.value().offset(), pointer, quote(number) + " is no port", "use 1 to 65535");
        }
    }
}
