package dev.mfe.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts how the cases of one file came out, and says so in one line. */
public final class Tally {
    private final String file;
    private int agreed;
    private int notForThisTest;
    private final Map<String, Integer> divergences = new LinkedHashMap<>();
    private final List<String> disagreements = new ArrayList<>();

    public Tally(String file) {
        this.file = file;
    }

    public void agreed() {
        agreed++;
    }

    /** Counts a case that another test looks at. */
    public void notForThisTest() {
        notForThisTest++;
    }

    /** Counts a case that differs on purpose, by the name of the documented rule. */
    public void diverged(String rule) {
        divergences.merge(rule, 1, Integer::sum);
    }

    public void disagreed(Conformance.Case testCase, String what) {
        disagreements.add(testCase + "\n    " + what);
    }

    /** Prints the line; fails if there was a disagreement. */
    public void finish() {
        System.out.println(line());
        assertThat(disagreements)
                .as("cases of %s that disagree, and no rule says why", file)
                .isEmpty();
    }

    private String line() {
        int documented =
                divergences.values().stream().mapToInt(Integer::intValue).sum();
        int total = agreed + documented + notForThisTest + disagreements.size();
        String rules = divergences.entrySet().stream()
                .map(rule -> rule.getKey() + " " + rule.getValue())
                .collect(Collectors.joining(", ", " (", ")"));
        return file + ": " + total + " cases, " + agreed + " agreed, " + documented + " documented divergences"
                + (divergences.isEmpty() ? "" : rules)
                + (notForThisTest == 0 ? "" : ", " + notForThisTest + " not for this test")
                + (disagreements.isEmpty() ? "" : ", " + disagreements.size() + " DISAGREE");
    }
}
