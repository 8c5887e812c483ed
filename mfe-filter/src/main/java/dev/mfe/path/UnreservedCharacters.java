package dev.mfe.path;

import java.util.ArrayList;
import java.util.List;

/** Decodes {@code %xx} in the texts of an expression where it stands for an unreserved character (RFC 3986 §2.3). */
final class UnreservedCharacters {
    private UnreservedCharacters() {}

    static List<Step> decode(List<Step> steps) {
        List<Step> decoded = new ArrayList<>();
        StringBuilder literals = new StringBuilder();
        for (Step step : steps) {
            if (step instanceof Step.Literal literal) {
                literals.append(literal.character());
                continue;
            }
            addLiterals(literals, decoded);
            decoded.add(decode(step));
        }
        addLiterals(literals, decoded);
        return List.copyOf(decoded);
    }

    private static void addLiterals(StringBuilder literals, List<Step> steps) {
        decode(literals.toString()).chars().forEach(c -> steps.add(new Step.Literal((char) c)));
        literals.setLength(0);
    }

    private static Step decode(Step step) {
        return step instanceof Step.Repeat repeat
                ? new Step.Repeat(
                        decode(repeat.prefix()), decode(repeat.pattern()), decode(repeat.suffix()), repeat.optional())
                : decode((Step.Pattern) step);
    }

    private static Step.Pattern decode(Step.Pattern pattern) {
        if (pattern instanceof Step.Alternatives alternatives) {
            return new Step.Alternatives(decodeAll(alternatives.words()));
        }
        if (pattern instanceof Step.Exclusion exclusion) {
            return new Step.Exclusion(decodeAll(exclusion.words()));
        }
        return pattern;
    }

    private static List<String> decodeAll(List<String> words) {
        return words.stream()
                .map(UnreservedCharacters::decode)
                .sorted()
                .distinct()
                .toList();
    }

    private static String decode(String text) {
        return Canonical.of(RequestPath.decodeUnreserved(text));
    }
}
