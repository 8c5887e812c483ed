package dev.mfe.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.path.Overlaps.Overlap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which expressions of different owners share a path, and on which path they do. */
@Timeout(60)
class OverlapsTest {
    @Test
    void everyPairOfDifferentOwnersIsFoundInOrder() {
        List<PathExpression> expressions = parse("/docs/:path*", "/:a/b", "/docs/b", "/x", "/docs/:p((?!b).*)");

        assertThat(Overlaps.find(expressions, new int[] {0, 1, 1, 2, 2}, 10))
                .containsExactly(
                        new Overlap(0, 1, "/docs/b"), new Overlap(0, 2, "/docs/b"), new Overlap(0, 4, "/docs/x"));
    }

    @Test
    void noMoreAreFoundThanAskedFor() {
        List<PathExpression> expressions = parse("/a", "/:a", "/:b", "/:c");

        assertThat(Overlaps.find(expressions, new int[] {0, 1, 2, 3}, 10)).hasSize(6);
        assertThat(Overlaps.find(expressions, new int[] {0, 1, 2, 3}, 2)).hasSize(2);
        assertThat(Overlaps.find(expressions, new int[] {0, 1, 2, 3}, 0)).isEmpty();
    }

    @Test
    void aWitnessIsShortAndPlainWherePossible() {
        assertThat(witness("/docs/:p*", "/docs/:p+")).isEqualTo("/docs/x");
        assertThat(witness("/:p*", "/a:x")).isEqualTo("/ax");
        assertThat(witness("/:x", "/:y")).isEqualTo("/x");
        // only here both can end in a slash of their own
        assertThat(witness("/x/:path((?!a|b).*)", "/x")).isEqualTo("/x/");
        assertThat(witness("/caf\u00c9", "/caf\u00e9")).isEqualTo("/caf\u00e9");
    }

    @Test
    void whatOnlyLooksAlikeDoesNotOverlap() {
        assertThat(find("/docs/:path", "/docs/api/x")).isEmpty();
        assertThat(find("/city/:n((?!berlin).*)", "/city/berlin/:x*")).isEmpty();
        assertThat(find("/:l(en|de)/x", "/:l(fr|it)/x")).isEmpty();
        assertThat(find("/f.:ext", "/f.min.js")).isEmpty();
        assertThat(find("/a/:b/c", "/a/:b/d")).isEmpty();
    }

    @Test
    void expressionsThatMeetOnlyBehindAQueryOrAFragmentDoNotOverlap() {
        assertThat(find("/a\\?b", "/a\\?:x")).isEmpty();
        assertThat(find("/a#b", "/a\\#b")).isEmpty();
    }

    @Test
    void eachExpressionNeedsAnOwner() {
        assertThatThrownBy(() -> Overlaps.find(parse("/a", "/b"), new int[] {0}, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There must be as many owners as expressions");
    }

    @Test
    void tenThousandMixedExpressionsAreChecked() {
        List<PathExpression> expressions = MixedExpressions.of(10_000);
        int[] owners = IntStream.range(0, 10_000).map(i -> i % 97).toArray();
        List<PathMatcher> matchers = List.of(PathMatcher.compile(expressions));

        List<Overlap> overlaps = Overlaps.find(expressions, owners, 50);

        assertThat(overlaps).hasSize(50).allSatisfy(overlap -> {
            assertThat(owners[overlap.first()]).isNotEqualTo(owners[overlap.second()]);
            assertThat(matchers.get(0).firstAfter(overlap.first() - 1, overlap.witness()))
                    .isEqualTo(overlap.first());
            assertThat(matchers.get(0).firstAfter(overlap.second() - 1, overlap.witness()))
                    .isEqualTo(overlap.second());
        });
    }

    @Test
    void tenThousandExpressionsThatDoNotOverlapAreChecked() {
        List<PathExpression> expressions = IntStream.range(0, 10_000)
                .mapToObj(i -> PathExpression.parse(
                        switch (i % 5) {
                            case 0 -> "/app-" + i + "/:path*";
                            case 1 -> "/app-" + i;
                            case 2 -> "/shop-" + i + "/:id/edit";
                            case 3 -> "/:lang(en|de)/page-" + i;
                            default -> "/static/f-" + i + "-:hash.js";
                        }))
                .toList();

        assertThat(Overlaps.find(
                        expressions, IntStream.range(0, 10_000).map(i -> i % 97).toArray(), 10))
                .isEmpty();
    }

    @Test
    void wildcardsAgainstWordsAreToldApartByTheirEnds() {
        List<PathExpression> expressions = IntStream.range(0, 10_000)
                .mapToObj(i -> PathExpression.parse(i % 2 == 0 ? "/app-" + i + "/:x/q" : "/:a/page-" + i + "/r"))
                .toList();
        int[] owners = IntStream.range(0, 10_000).map(i -> i % 97).toArray();

        assertThat(Overlaps.find(expressions, owners, 10)).isEmpty();
        assertThat(find("/:a/b/:c/de", "/a/:b/:c/e")).isEmpty();
        assertThat(witness("/:a/b/c:de", "/a/:b/:c")).isEqualTo("/a/b/cx");
        // a delimiter in the text can be the tolerated one of the other expression; a witness just has none
        assertThat(find("/:a/b\\#", "/a/:b")).isEmpty();
    }

    @Test
    void aCharacterCanBeNamedByEveryExpression() {
        List<PathExpression> expressions = IntStream.rangeClosed(' ', Character.MAX_VALUE)
                .filter(c -> "/?#".indexOf(c) < 0 && c != 0x7f && Canonical.of((char) c) == c)
                .mapToObj(c -> PathExpression.parse("/x" + PathExpression.escape(String.valueOf((char) c))))
                .toList();
        int[] owners = IntStream.range(0, expressions.size()).map(i -> i % 2).toArray();

        assertThat(Overlaps.find(expressions, owners, 10)).isEmpty();
    }

    @Test
    void expressionsTooIntertwinedToBeCheckedAreRefused() {
        List<PathExpression> expressions =
                parse("/" + ":a((?!aaaaaaaaaa|b/).*)".repeat(100), "/" + ":a((?!aaaaaaaaab|b/).*)".repeat(100));

        assertThatThrownBy(() -> Overlaps.find(expressions, new int[] {0, 1}, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The path expressions are too many and too intertwined to find out whether any two of them share"
                                + " a path");
    }

    private static List<Overlap> find(String a, String b) {
        return Overlaps.find(parse(a, b), new int[] {0, 1}, 10);
    }

    private static String witness(String a, String b) {
        return find(a, b).get(0).witness();
    }

    private static List<PathExpression> parse(String... texts) {
        return List.of(texts).stream().map(PathExpression::parse).toList();
    }
}
