package dev.mfe.conformance;

import dev.mfe.config.InvalidConfigException;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.config.OverlapPolicy;
import dev.mfe.config.Problem;
import dev.mfe.config.Zone;
import dev.mfe.conformance.Conformance.Case;
import dev.mfe.path.PathExpression;
import dev.mfe.path.PathExpressionException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whole routing files: accepted and refused as {@code @vercel/microfrontends} does. */
class ConfigConformanceTest {
    @Test
    void filesAreAcceptedAndRefusedAsByThePackage() {
        Tally tally = new Tally("config-valid.json");
        for (Case testCase : Conformance.cases("config-valid")) {
            Object config = testCase.get("config");
            judge(testCase, config instanceof String text ? text : Conformance.json(config), tally);
        }
        tally.finish();
    }

    private static void judge(Case testCase, String text, Tally tally) {
        List<Problem> problems = problems(text, OverlapPolicy.ERROR);
        if (problems.isEmpty() == testCase.is("valid")) {
            tally.agreed();
            return;
        }
        Optional<String> rule = problems.isEmpty() ? whyAccepted(testCase, text) : whyRefused(testCase, text, problems);
        rule.ifPresentOrElse(tally::diverged, () -> tally.disagreed(testCase, "ours: " + problems));
    }

    /** The documented rule by which we accept what the package refuses. */
    private static Optional<String> whyAccepted(Case testCase, String text) {
        if (isFalseAlarm(testCase.text("error"))) {
            return Optional.of("exactOverlap");
        }
        Zone defaultZone = MicrofrontendsConfig.parse("case", text).defaultZone();
        Map<?, ?> applications = (Map<?, ?>) ((Map<?, ?>) Conformance.read(text)).get("applications");
        return Map.of().equals(applications.get(defaultZone.name()))
                ? Optional.of("emptyDefaultZone")
                : Optional.empty();
    }

    /** Whether the package complains of nothing but overlaps; as we accept the file, they do not exist. */
    private static boolean isFalseAlarm(String error) {
        String start = "Invalid paths: ";
        String end = ". See supported paths";
        if (!error.startsWith(start) || !error.contains(end)) {
            return false;
        }
        String list = error.substring(start.length(), error.lastIndexOf(end));
        return List.of(list.split(", (?=Overlapping path |Duplicate path |Path |Only |Optional |Modifier )")).stream()
                .allMatch(problem -> problem.startsWith("Overlapping path detected between "));
    }

    /** The documented rule by which we refuse what the package accepts. */
    private static Optional<String> whyRefused(Case testCase, String text, List<Problem> problems) {
        if (testCase.is("malformedText")) {
            return Optional.of("malformedText");
        }
        if (hasRepeatedKey(text)) {
            return Optional.of("duplicateKey");
        }
        Set<String> rules = new LinkedHashSet<>();
        List<Problem> left = problems(text, OverlapPolicy.WARN);
        if (left.size() < problems.size()) {
            rules.add("exactOverlap");
        }
        for (Problem problem : left) {
            rules.add(isRegexInAlternative(text, problem) ? "regexInAlternative" : "none");
        }
        return rules.contains("none") ? Optional.empty() : Optional.of(String.join(" and ", rules));
    }

    private static boolean hasRepeatedKey(String text) {
        try {
            Conformance.read(text);
            return false;
        } catch (UncheckedIOException e) {
            return e.getCause().getMessage().startsWith("Duplicate field");
        }
    }

    private static boolean isRegexInAlternative(String text, Problem problem) {
        if (!problem.pointer().contains("/paths/") || !(at(problem.pointer(), text) instanceof String path)) {
            return false;
        }
        try {
            PathExpression.parse(path);
            return false;
        } catch (PathExpressionException e) {
            return e.reason() == PathExpressionException.Reason.REGEX_IN_ALTERNATIVE;
        }
    }

    /** What a JSON pointer points at. */
    private static @Nullable Object at(String pointer, String text) {
        Object value = Conformance.read(text);
        for (String token : pointer.substring(1).split("/", -1)) {
            String name = token.replace("~1", "/").replace("~0", "~");
            value = value instanceof List<?> array ? array.get(Integer.parseInt(name)) : ((Map<?, ?>) value).get(name);
        }
        return value;
    }

    private static List<Problem> problems(String text, OverlapPolicy policy) {
        try {
            MicrofrontendsConfig.parse("case", text, policy);
            return List.of();
        } catch (InvalidConfigException e) {
            return e.problems();
        }
    }
}
