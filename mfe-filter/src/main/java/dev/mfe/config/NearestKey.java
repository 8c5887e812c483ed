package dev.mfe.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Guesses which key somebody meant. */
final class NearestKey {
    private static final int LONGEST_GUESSED = 40;
    // "routes" is far from "routing" by letters, but nobody means anything else
    private static final int SAME_START = 4;

    private NearestKey() {}

    /** The known key that the unknown one most likely is, if any comes near. */
    static Optional<String> of(String unknown, List<String> known) {
        if (unknown.length() > LONGEST_GUESSED) {
            return Optional.empty();
        }
        String lower = unknown.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(key -> isNear(lower, key.toLowerCase(Locale.ROOT)))
                .min(Comparator.comparingInt(key -> distance(lower, key.toLowerCase(Locale.ROOT))));
    }

    private static boolean isNear(String unknown, String key) {
        boolean sameStart = unknown.regionMatches(0, key, 0, SAME_START);
        return sameStart || distance(unknown, key) <= Math.max(1, key.length() / 3);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
    private static int distance(String a, String b) {
        int[][] distances = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distances[i][j] = i == 0 || j == 0 ? i + j : step(a, b, i, j, distances);
            }
        }
        return distances[a.length()][b.length()];
    }

    private static int step(String a, String b, int i, int j, int[][] distances) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int best = Math.min(distances[i - 1][j], distances[i][j - 1]) + 1;
        best = Math.min(best, distances[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, distances[i - 2][j - 2] + 1) : best;
    }
}
