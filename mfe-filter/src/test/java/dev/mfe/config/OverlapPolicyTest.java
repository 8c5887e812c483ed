package dev.mfe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mfe.Spec;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Spec("design §2")
class OverlapPolicyTest {

    /** A file with two zones: each argument lists the paths of one. */
    private static String file(String a, String b) {
        return "{\"applications\": {\"web\": {},\n\"a\": {\"routing\": [{\"paths\": [" + quoted(a)
                + "]}]},\n\"b\": {\"routing\": [{\"paths\": [" + quoted(b) + "]}]}}}";
    }

    private static String quoted(String paths) {
        return Arrays.stream(paths.split(" ")).map(path -> '"' + path + '"').collect(Collectors.joining(", "));
    }

    private static List<String> problems(String text, OverlapPolicy policy) {
        InvalidConfigException refused = catchThrowableOfType(
                InvalidConfigException.class, () -> MicrofrontendsConfig.parse("microfrontends.json", text, policy));
        assertThat(refused).as(text).isNotNull();
        return refused.problems().stream().map(Problem::toString).toList();
    }

    private static List<String> warnings(String text, OverlapPolicy policy) {
        return MicrofrontendsConfig.parse("microfrontends.json", text, policy).warnings().stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void anOverlapIsReportedAtTheSecondExpressionWithAPathThatMatchesBoth() {
        assertThat(problems(file("/x/:p/b", "/x/a/:q"), OverlapPolicy.ERROR))
                .containsExactly("3:30 /applications/b/routing/0/paths/0: \"/x/a/:q\" of zone \"b\" overlaps"
                        + " \"/x/:p/b\" of zone \"a\" (2:30), both match \"/x/a/b\"; change one of them so that no path"
                        + " belongs to two zones, or set mfe.config.overlaps=warn to let the first answer");
    }

    @Test
    void whatThePackageMissesIsAWarningOnDemand() {
        assertThat(warnings(file("/x/:p/b", "/x/a/:q"), OverlapPolicy.WARN))
                .containsExactly("3:30 /applications/b/routing/0/paths/0: \"/x/a/:q\" of zone \"b\" overlaps"
                        + " \"/x/:p/b\" of zone \"a\" (2:30), both match \"/x/a/b\";"
                        + " until one is changed, the first in the file answers");
    }

    @ParameterizedTest
    @CsvSource({"/x/:path*, /x/y", "/x/y, /x/:path*", "/x, /x/:path*", "/:p, /:q"})
    void whatThePackageSeesStaysAnError(String a, String b) {
        assertThat(problems(file(a, b), OverlapPolicy.WARN))
                .singleElement()
                .asString()
                .endsWith("change one of them so that no path belongs to two zones");
    }

    @Test
    void theSameTextInTwoZonesIsAlwaysAnError() {
        for (OverlapPolicy policy : OverlapPolicy.values()) {
            assertThat(problems(file("/x", "/y /x"), policy))
                    .containsExactly("3:36 /applications/b/routing/0/paths/1: \"/x\" is already routed to zone \"a\""
                            + " (2:30); remove one of them");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // The package takes the text of the second for a path that the first matches
        "/x/:p((?!berlin|paris).*), /x/:p(berlin|paris)",
        "/docs, /docs-archive",
        "/:lang(en|de)/a, /:lang(fr|it)/a",
    })
    void whatDoesNotOverlapIsNoProblem(String a, String b) {
        for (OverlapPolicy policy : OverlapPolicy.values()) {
            assertThat(warnings(file(a, b), policy)).isEmpty();
        }
    }

    @Test
    void overlapsWithinAZoneAreFine() {
        assertThat(warnings(file("/x/:path* /x/y", "/z"), OverlapPolicy.ERROR)).isEmpty();
    }

    @Test
    void aPathUnderAnotherZonesAssetPrefixIsAWarning() {
        // 0cc175 is the hash of "a"
        assertThat(warnings(file("/a", "/vc-ap-0cc175/:path* /VC-ap-A/x"), OverlapPolicy.ERROR))
                .containsExactly(
                        "3:30 /applications/b/routing/0/paths/0: \"/vc-ap-0cc175/:path*\" lies under an asset prefix of"
                                + " zone \"a\" (2:1), which owns it without listing it; remove it, or rename one of the two",
                        "3:54 /applications/b/routing/0/paths/1: \"/VC-ap-A/x\" lies under an asset prefix of"
                                + " zone \"a\" (2:1), which owns it without listing it; remove it, or rename one of the two");
    }

    @Test
    void manyOverlapsMakeNoEndlessList() {
        String a = "/:x/1 /:x/2 /:x/3 /:x/4 /:x/5 /:x/6 /:x/7 /:x/8 /:x/9 /:x/10 /:x/11 /:x/12";
        String b = "/1/:y /2/:y /3/:y /4/:y /5/:y /6/:y /7/:y /8/:y /9/:y /10/:y /11/:y /12/:y";
        assertThat(problems(file(a, b), OverlapPolicy.ERROR)).hasSize(100);
        assertThat(warnings(file(a, b), OverlapPolicy.WARN)).hasSize(144);
    }

    @Test
    void expressionsThatAreTooIntertwinedToBeCheckedAreRefused() {
        Random random = new Random(1);
        List<String> zones = List.of(intertwined(random, "/a-:z"), intertwined(random, "/b-:z"));
        assertThat(problems(file(zones.get(0), zones.get(1)), OverlapPolicy.ERROR))
                .containsExactly(
                        "2:30 /applications/a/routing/0/paths/0: from here on, the path expressions are too many"
                                + " and too intertwined to tell whether zones share a path;"
                                + " put fewer wildcards in front of plain text");
    }

    private static String intertwined(Random random, String end) {
        return IntStream.range(0, 3000)
                .mapToObj(i -> IntStream.range(0, 6)
                        .mapToObj(segment -> random.nextInt(3) == 0
                                ? "/:p" + segment
                                : "/" + "abcdef".charAt(random.nextInt(6)) + random.nextInt(4) + "x-:q" + segment)
                        .collect(Collectors.joining("", "", end)))
                .distinct()
                .collect(Collectors.joining(" "));
    }
}
