package dev.mfe.path;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Paths that match an expression. */
final class Examples {
    private static final String ANY = "xyzwvutsrqponmlkjihgfedcba0123456789-_~";
    private static final int MOST = 20;

    private Examples() {}

    static List<String> of(List<Step> steps) {
        Set<String> paths = Set.of("");
        for (Step step : steps) {
            Set<String> longer = new LinkedHashSet<>();
            for (String path : paths) {
                for (String next : texts(step)) {
                    if (longer.size() < MOST) {
                        longer.add(path + next);
                    }
                }
            }
            paths = longer;
        }
        // what is optional from the first slash on may be absent, but a path is never empty
        return paths.stream()
                .map(path -> path.isEmpty() ? "/" : path)
                .distinct()
                .toList();
    }

    private static List<String> texts(Step step) {
        if (step instanceof Step.Literal literal) {
            return List.of(Canonical.usual(String.valueOf(literal.character())));
        }
        if (step instanceof Step.Repeat repeat) {
            List<String> texts = new ArrayList<>();
            if (repeat.optional()) {
                texts.add("");
            }
            for (String text : texts(repeat.pattern())) {
                String once = Canonical.usual(repeat.prefix()) + text + Canonical.usual(repeat.suffix());
                texts.add(once);
                texts.add(once + once);
            }
            return texts;
        }
        if (step instanceof Step.Alternatives alternatives) {
            return alternatives.words().stream().map(Canonical::usual).toList();
        }
        return List.of(step instanceof Step.Exclusion exclusion ? allowed(exclusion.words()) : "x");
    }

    private static String allowed(List<String> excluded) {
        for (int i = 0; i < ANY.length(); i++) {
            String text = ANY.substring(i, i + 1);
            if (excluded.stream().noneMatch(word -> word.startsWith(Canonical.of(text)))) {
                return text;
            }
        }
        // nothing is banned but what starts with a word, so the empty text never is
        return "";
    }
}
