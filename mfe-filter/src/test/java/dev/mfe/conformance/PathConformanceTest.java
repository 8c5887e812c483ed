package dev.mfe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.conformance.Conformance.Case;
import dev.mfe.path.Overlaps;
import dev.mfe.path.Overlaps.Overlap;
import dev.mfe.path.PathExpression;
import dev.mfe.path.PathExpressionException;
import dev.mfe.path.PathExpressionException.Reason;
import dev.mfe.path.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Path expressions: accepted, matched and compared as {@code @vercel/microfrontends} does. */
class PathConformanceTest {
    private static final int[] TWO_OWNERS = {0, 1};

    @Test
    void expressionsMatchAsInThePackage() {
        Tally tally = new Tally("path-match.json");
        Map<String, PathMatcher> matchers = new HashMap<>();
        for (Case testCase : Conformance.cases("path-match")) {
            Optional<PathExpressionException> refusal = refusal(testCase.text("pattern"));
            if (refusal.isPresent()) {
                judgeRefusal(testCase, refusal.get(), tally);
                continue;
            }
            boolean matches = matchers.computeIfAbsent(testCase.text("pattern"), PathConformanceTest::matcher)
                            .first(testCase.text("path"))
                    == 0;
            if (matches == testCase.is("matches")) {
                tally.agreed();
            } else {
                tally.disagreed(testCase, "ours: matches " + matches);
            }
        }
        tally.finish();
    }

    @Test
    void expressionsAreAcceptedAndRefusedAsByThePackage() {
        Tally tally = new Tally("path-valid.json");
        for (Case testCase : Conformance.cases("path-valid")) {
            Optional<PathExpressionException> refusal = refusal(testCase.text("pattern"));
            if (refusal.isEmpty() == testCase.is("valid")) {
                tally.agreed();
            } else if (refusal.isPresent()) {
                judgeRefusal(testCase, refusal.get(), tally);
            } else {
                tally.disagreed(testCase, "ours: accepted");
            }
        }
        tally.finish();
    }

    @Test
    void overlapsAreFoundExactlyWithAShortestWitness() {
        Tally tally = new Tally("overlap.json");
        for (Case testCase : Conformance.cases("overlap")) {
            List<PathExpression> both =
                    List.of(PathExpression.parse(testCase.text("a")), PathExpression.parse(testCase.text("b")));
            List<Overlap> found = Overlaps.find(both, TWO_OWNERS, 10);
            if (isExpected(testCase, found)) {
                tally.agreed();
            } else {
                tally.disagreed(testCase, "ours: " + found);
            }
        }
        tally.finish();
    }

    /** What a path finds must not depend on what else is compiled into the same automaton. */
    @Test
    void expressionsMatchTheSameTogetherAsAlone() {
        List<Case> cases = Conformance.cases("path-match");
        Map<PathExpression, PathMatcher> alone = new LinkedHashMap<>();
        Set<String> paths = new LinkedHashSet<>();
        for (Case testCase : cases) {
            paths.add(testCase.text("path"));
            if (refusal(testCase.text("pattern")).isEmpty()) {
                alone.computeIfAbsent(
                        PathExpression.parse(testCase.text("pattern")),
                        expression -> PathMatcher.compile(List.of(expression)));
            }
        }
        List<PathExpression> expressions = List.copyOf(alone.keySet());
        PathMatcher together = PathMatcher.compile(expressions);

        for (String path : paths) {
            List<PathExpression> expected = expressions.stream()
                    .filter(expression -> alone.get(expression).first(path) == 0)
                    .toList();
            List<PathExpression> found = new ArrayList<>();
            for (int i = together.first(path); i >= 0; i = together.firstAfter(i, path)) {
                found.add(expressions.get(i));
            }
            assertThat(found).as("expressions that match \"%s\"", path).isEqualTo(expected);
        }
    }

    /** Only the documented rule explains that we refuse what the package accepts. */
    private static void judgeRefusal(Case testCase, PathExpressionException refusal, Tally tally) {
        if (testCase.is("regexInAlternative") && refusal.reason() == Reason.REGEX_IN_ALTERNATIVE) {
            tally.diverged("regexInAlternative");
        } else {
            tally.disagreed(testCase, "ours: " + refusal.getMessage());
        }
    }

    private static boolean isExpected(Case testCase, List<Overlap> found) {
        if (!testCase.is("overlaps") || found.isEmpty()) {
            return testCase.is("overlaps") == !found.isEmpty();
        }
        String witness = found.get(0).witness();
        return found.size() == 1
                && matches(testCase.text("a"), witness)
                && matches(testCase.text("b"), witness)
                && witness.length() == testCase.text("witness").length();
    }

    private static Optional<PathExpressionException> refusal(String pattern) {
        try {
            PathExpression.parse(pattern);
            return Optional.empty();
        } catch (PathExpressionException e) {
            return Optional.of(e);
        }
    }

    private static boolean matches(String pattern, String path) {
        return matcher(pattern).first(path) == 0;
    }

    private static PathMatcher matcher(String pattern) {
        return PathMatcher.compile(List.of(PathExpression.parse(pattern)));
    }
}
