package dev.mfe.config;

import static dev.mfe.config.Printable.quote;

import dev.mfe.path.Overlaps;
import dev.mfe.path.PathExpression;
import dev.mfe.path.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What the zones of a file claim, to find what two of them claim both. Filled while the file is read, checked once. */
final class ZoneClaims {
    // Whoever has more has one cause for most of them
    private static final int LISTED_OVERLAPS = 100;
    private static final int TOLERATED_OVERLAPS = 10_000;

    private final SourceText source;
    private final ProblemList problems;
    private final ProblemList warnings;
    private final UnaryOperator<String> propertyNames;
    private final Map<String, Claimant> claimants = new HashMap<>();
    private final List<Claim> claims = new ArrayList<>();
    private final Map<String, Prefix> prefixes = new HashMap<>();

    ZoneClaims(SourceText source, ProblemList problems, ProblemList warnings, UnaryOperator<String> propertyNames) {
        this.source = source;
        this.problems = problems;
        this.warnings = warnings;
        this.propertyNames = propertyNames;
    }

    /** A zone; two entries of the same name, which are an error elsewhere, count as one. */
    record Claimant(String name, int number) {
        @Override
        public String toString() {
            return "zone " + quote(name);
        }
    }

    private record Claim(Claimant claimant, PathExpression expression, int offset, Pointer pointer) {
        String text() {
            return expression.text();
        }
    }

    private record Prefix(Claimant claimant, int offset) {}

    Claimant claimant(String zone) {
        return claimants.computeIfAbsent(zone, name -> new Claimant(name, claimants.size()));
    }

    void add(Claimant claimant, PathExpression expression, int offset, Pointer pointer) {
        claims.add(new Claim(claimant, expression, offset, pointer));
    }

    /** Adds the asset prefixes of a zone, which two zones should not share. */
    void addPrefixes(Claimant claimant, Zone zone, int offset, Pointer pointer) {
        for (String prefix : zone.assetPrefixes()) {
            Prefix other = prefixes.putIfAbsent(prefix.toLowerCase(Locale.ROOT), new Prefix(claimant, offset));
            if (other != null && !other.claimant().equals(claimant)) {
                warnings.add(
                        offset,
                        pointer,
                        "the asset prefix " + quote(prefix) + " of " + claimant + " is also that of " + other.claimant()
                                + " (" + source.where(other.offset()) + ")",
                        "give one of the two another name or \"assetPrefix\"");
            }
        }
    }

    void check(OverlapPolicy policy) {
        List<Claim> distinct = refuseRepeatedTexts();
        findOverlaps(distinct, policy);
        warnOfForeignPrefixes(distinct);
    }

    /** The package compares texts within a zone too, and so do we. Returns each text once for each zone. */
    private List<Claim> refuseRepeatedTexts() {
        Map<String, Claim> firstOfText = new HashMap<>();
        Map<Claimant, Set<String>> textsOfZone = new HashMap<>();
        List<Claim> distinct = new ArrayList<>();
        for (Claim claim : claims) {
            Claim first = firstOfText.putIfAbsent(claim.text(), claim);
            if (first != null) {
                boolean sameZone = first.claimant().equals(claim.claimant());
                String where = source.where(first.offset());
                problems.add(
                        claim.offset(),
                        claim.pointer(),
                        sameZone
                                ? quote(claim.text()) + " is already listed at " + where
                                : quote(claim.text()) + " is already routed to " + first.claimant() + " (" + where
                                        + ")",
                        "remove one of them");
            }
            if (textsOfZone
                    .computeIfAbsent(claim.claimant(), zone -> new HashSet<>())
                    .add(claim.text())) {
                distinct.add(claim);
            }
        }
        return distinct;
    }

    private void findOverlaps(List<Claim> distinct, OverlapPolicy policy) {
        boolean tolerant = policy == OverlapPolicy.WARN;
        int limit = tolerant ? TOLERATED_OVERLAPS : LISTED_OVERLAPS;
        List<Overlaps.Overlap> overlaps = overlaps(distinct, limit);
        PackageOverlaps seen = new PackageOverlaps(distinct);
        for (Overlaps.Overlap overlap : overlaps) {
            Claim first = distinct.get(overlap.first());
            Claim second = distinct.get(overlap.second());
            if (first.text().equals(second.text())) {
                continue;
            }
            boolean tolerable = !seen.contains(overlap);
            if (tolerant && tolerable) {
                report(warnings, first, second, overlap, "until one is changed, the first in the file answers");
            } else {
                String remedy = "change one of them so that no path belongs to two zones";
                report(
                        problems,
                        first,
                        second,
                        overlap,
                        tolerable
                                ? remedy + ", or set " + propertyNames.apply("mfe.config.overlaps")
                                        + "=warn to let the first answer"
                                : remedy);
            }
        }
        if (tolerant && overlaps.size() >= limit) {
            Claim last = distinct.get(overlaps.get(limit - 1).second());
            problems.add(
                    last.offset(),
                    last.pointer(),
                    "there are " + limit + " overlaps or more",
                    "change the expressions");
        }
    }

    private List<Overlaps.Overlap> overlaps(List<Claim> distinct, int limit) {
        try {
            return Overlaps.find(
                    distinct.stream()
                            .map(claim -> claim.expression().withUnreservedDecoded())
                            .toList(),
                    distinct.stream()
                            .mapToInt(claim -> claim.claimant().number())
                            .toArray(),
                    limit);
        } catch (IllegalArgumentException e) {
            Claim first = distinct.get(0);
            problems.add(
                    first.offset(),
                    first.pointer(),
                    "from here on, the path expressions are too many and too intertwined to tell whether zones share a path",
                    "put fewer wildcards in front of plain text");
            return List.of();
        }
    }

    private void report(ProblemList list, Claim first, Claim second, Overlaps.Overlap overlap, String remedy) {
        list.add(
                second.offset(),
                second.pointer(),
                quote(second.text()) + " of " + second.claimant() + " overlaps " + quote(first.text()) + " of "
                        + first.claimant() + " (" + source.where(first.offset()) + "), both match "
                        + quote(overlap.witness()),
                remedy);
    }

    /** The overlaps that the package sees: one expression matches the other's text as if that were a path. */
    private static final class PackageOverlaps {
        private final List<Claim> claims;
        private final Map<Integer, PathMatcher> matchers = new HashMap<>();

        PackageOverlaps(List<Claim> claims) {
            this.claims = claims;
        }

        boolean contains(Overlaps.Overlap overlap) {
            return matches(overlap.first(), overlap.second()) || matches(overlap.second(), overlap.first());
        }

        private boolean matches(int expression, int text) {
            PathMatcher matcher = matchers.computeIfAbsent(
                    expression, i -> PathMatcher.compile(List.of(claims.get(i).expression())));
            return matcher.first(claims.get(text).text()) >= 0;
        }
    }

    private void warnOfForeignPrefixes(List<Claim> distinct) {
        for (Claim claim : distinct) {
            int end = claim.text().indexOf('/', 1);
            Prefix prefix =
                    end < 0 ? null : prefixes.get(claim.text().substring(1, end).toLowerCase(Locale.ROOT));
            if (prefix != null && !prefix.claimant().equals(claim.claimant())) {
                warnings.add(
                        claim.offset(),
                        claim.pointer(),
                        quote(claim.text()) + " lies under an asset prefix of " + prefix.claimant() + " ("
                                + source.where(prefix.offset()) + "), which owns it without listing it",
                        "remove it, or rename one of the two");
            }
        }
    }
}
