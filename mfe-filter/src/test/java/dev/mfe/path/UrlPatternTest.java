package dev.mfe.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Path expressions in the language of browsers. */
@Timeout(60)
class UrlPatternTest {
    @ParameterizedTest
    @CsvSource({
        "/, /{/}?, false",
        "/docs, /docs{/}?, false",
        "/Docs/:page, /Docs/:p0{/}?, false",
        "/docs/:path*, /docs/:p0*{/}?, false",
        "/docs/:path+, /docs/:p0+{/}?, false",
        "/:a/x/:b, /:p0/x/:p1{/}?, false",
        "/hello\\(world\\), /hello\\(world\\){/}?, false",
        "/some-:hash.js, /(some-[^\\/]+\\.js){/}?, true",
        "/file.:ext, /(file\\.[^\\/.]+){/}?, true",
        "/:lang(en|de)/about, /((?:de|en))/about{/}?, true",
        "/:lang(en|de)*, /((?:de|en))*{/}?, true",
        "/city/:name((?!be|a\\.b).*), /city/((?![aA]\\.[bB]|[bB][eE]).*){/}?, true"
    })
    @Spec("URL Pattern Standard")
    void thePatternKeepsLettersAsWrittenAndTakesOneSlashAtTheEnd(String expression, String pathname, boolean regexp) {
        assertThat(UrlPattern.within(PathExpression.parse(expression))).contains(new UrlPattern(pathname, regexp));
    }

    @ParameterizedTest
    @CsvSource({
        "/docs/:path*, /([dD][oO][cC][sS])/:p0*{/}?",
        "/1/:lang(en|de), /1/((?:[dD][eE]|[eE][nN])){/}?",
        "/%61b, /([aA][bB]){/}?"
    })
    void thePatternAroundTakesAnyCase(String expression, String pathname) {
        assertThat(UrlPattern.around(PathExpression.parse(expression))
                        .orElseThrow()
                        .pathname())
                .isEqualTo(pathname);
    }

    /** What a browser writes in another way than it stands in the file would be compared with the wrong text. */
    @ParameterizedTest
    @ValueSource(strings = {"/caf\u00e9", "/a b", "/a|b", "/a/\\{x\\}", "/./a", "/a/%2e%2E/b", "/:x(a|\u00e9)"})
    @Spec("URL Standard, path percent-encode set")
    void whatBrowsersWriteInAnotherWayHasNoPattern(String expression) {
        assertThat(UrlPattern.within(PathExpression.parse(expression))).isEmpty();
    }

    @Test
    void encodedUnreservedCharactersAreFound() {
        Pattern guard = reference(UrlPattern.hasEncodedUnreserved());
        for (int octet = 0; octet < 0x80; octet++) {
            String path = String.format("/a%%%02x", octet);
            assertThat(guard.matcher(path).matches())
                    .as(path)
                    .isEqualTo(!RequestPath.decodeUnreserved(path).equals(path));
        }
    }

    static LongStream seeds() {
        return LongStream.of(1, 2, 3, new Random().nextLong());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noPatternTakesMoreThanItsExpressionAndTheOneAroundTakesNoLess(long seed) {
        RandomPaths random = new RandomPaths(new Random(seed));
        int within = 0;
        int around = 0;
        for (int i = 0; i < 4_000; i++) {
            PathExpression expression = allowed(random);
            PathMatcher matcher = PathMatcher.compile(List.of(expression.withUnreservedDecoded()));
            Optional<Pattern> inner = UrlPattern.within(expression).map(UrlPatternTest::reference);
            Optional<Pattern> outer = UrlPattern.around(expression).map(UrlPatternTest::reference);
            for (int k = 0; k < 20; k++) {
                String path = random.near(expression.text());
                if (!isPathOfUrl(path)) {
                    continue;
                }
                String decoded = RequestPath.decodeUnreserved(path);
                boolean matches = matcher.first(decoded) >= 0;
                boolean guarded = UrlPattern.excludes(expression) && !decoded.equals(path);
                if (inner.isPresent() && !guarded && inner.get().matcher(path).matches()) {
                    assertThat(matches).as(expression + " within " + path).isTrue();
                    within++;
                }
                if (outer.isPresent() && matches && decoded.equals(path)) {
                    assertThat(outer.get().matcher(path).matches())
                            .as(expression + " around " + path)
                            .isTrue();
                    around++;
                }
            }
        }
        assertThat(within).isGreaterThan(2_000);
        assertThat(around).isGreaterThan(2_000);
    }

    private static PathExpression allowed(RandomPaths random) {
        while (true) {
            try {
                return PathExpression.parse(random.expression());
            } catch (PathExpressionException e) {
                // Most are allowed.
            }
        }
    }

    /** Whether a browser can ask for this path: nothing to encode, nothing to resolve. */
    private static boolean isPathOfUrl(String path) {
        return path.startsWith("/")
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"#<>?`{}\\^".indexOf(c) < 0)
                && RequestPath.ambiguity(RequestPath.decodeUnreserved(path)) == null;
    }

    /** The regular expression that the URL Pattern Standard makes of the part of its language that is used here. */
    private static Pattern reference(UrlPattern pattern) {
        String text = pattern.pathname();
        StringBuilder regexp = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (text.startsWith("{/}?", i)) {
                regexp.append("/?");
                i += 4;
            } else if (c == ':' || c == '(') {
                int end = c == ':' ? endOfName(text, i + 1) : endOfGroup(text, i);
                String part = c == ':' ? "[^/]+?" : text.substring(i + 1, end - 1);
                char modifier = end < text.length() ? text.charAt(end) : ' ';
                if (modifier == '*' || modifier == '+') {
                    // The slash in front is repeated with the part.
                    regexp.setLength(regexp.length() - 1);
                    regexp.append("(?:/(?:" + part + ")(?:/(?:" + part + "))*)").append(modifier == '*' ? "?" : "");
                    end++;
                } else {
                    regexp.append("(?:").append(part).append(')');
                }
                i = end;
            } else {
                String literal = c == '\\' ? text.substring(i + 1, i + 2) : text.substring(i, i + 1);
                regexp.append(literal.equals("/") ? "/" : Pattern.quote(literal));
                i += c == '\\' ? 2 : 1;
            }
        }
        return Pattern.compile(regexp.toString());
    }

    private static int endOfName(String text, int start) {
        int end = start;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static int endOfGroup(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '(' -> depth++;
                case ')' -> depth--;
                default -> {}
            }
            if (depth == 0) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException(text);
    }
}
