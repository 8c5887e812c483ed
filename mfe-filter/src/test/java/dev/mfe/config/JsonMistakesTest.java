package dev.mfe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mfe.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is not JSON with comments and trailing commas: one problem, at the character at fault. */
@Spec({"design §2", "RFC 8259"})
class JsonMistakesTest {
    private static final String ZONES = "{\"applications\":{\"web\":{}}}";

    private static List<Problem> problems(String text) {
        InvalidConfigException refused = catchThrowableOfType(
                InvalidConfigException.class, () -> MicrofrontendsConfig.parse("microfrontends.json", text));
        assertThat(refused).as(text).isNotNull();
        return refused.problems();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '^', textBlock = """
            {                  => 1:2: the text ends before the object that starts at 1:1 is closed; close it with }
            [{"a": 1}          => 1:10: the text ends before the array that starts at 1:1 is closed; close it with ]
            {"a": 1,           => 1:9: the text ends before the object that starts at 1:1 is closed; close it with }
            ["a                => 1:4: the text ends inside a string; close the string with a double quote
            {} /* a            => 1:8: the text ends inside a comment; write */ at the end of the comment
            {"a": 1,,}         => 1:9: there is a comma with nothing in front of it; remove it; one comma may follow the last entry, not two
            [,]                => 1:2: there is a comma with nothing in front of it; remove it; one comma may follow the last entry, not two
            ["a" "b"]          => 1:6: a comma is missing in front of this; put a comma there
            {"a": 1 "b": 2}    => 1:9: a comma is missing in front of this; put a comma there
            {"a" 1}            => 1:6: a colon is missing in front of this; write "key": value
            {"a": }            => 1:7: there is "}" where a value is expected; write the value
            {a: 1}             => 1:2: "a" stands where a key is expected; put keys in double quotes
            {'a': 1}           => 1:2: there is a quote of the wrong kind; JSON uses plain double quotes
            {“a”: 1}           => 1:2: there is a quote of the wrong kind; JSON uses plain double quotes
            [03000]            => 1:2: "03000" is not JSON; write numbers in decimal and without leading zeros
            [0xBB8]            => 1:2: "0xBB8" is not JSON; write numbers in decimal and without leading zeros
            [+1]               => 1:2: "+1" is not JSON; write numbers in decimal and without leading zeros
            [1.]               => 1:2: "1." is not JSON; write numbers in decimal and without leading zeros
            [NaN]              => 1:2: "NaN" is not JSON; put text in double quotes; the only words without are true, false and null
            [True]             => 1:2: "True" is not JSON; put text in double quotes; the only words without are true, false and null
            ["/a\\(b"]          => 1:5: "\\(" is no JSON escape; write \\\\ for a backslash; JSON knows \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits
            ["\\u12x4"]         => 1:3: \\u is not followed by four hexadecimal digits; write four, as in \\u00e9
            [1}                => 1:3: "}" cannot close what starts with "[" at 1:1; write "]" first
            ]                  => 1:1: "]" closes nothing; remove it
            {}}                => 1:3: there is text after the end of the JSON value; remove it
            {} hello           => 1:4: there is text after the end of the JSON value; remove it
            {} {}              => 1:4: there is text after the end of the JSON value; remove it
            # comment          => 1:1: "#" starts no comment; write // or /* */
            / comment          => 1:1: a slash alone starts no comment; write // or /* */
            """)
    void aMistakeIsNamedWhereItStands(String text, String problem) {
        assertThat(problems(text)).extracting(Problem::toString).containsExactly(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n ", "// nothing", "/* nothing */"})
    void anEmptyTextHoldsNoJson(String text) {
        assertThat(problems(text))
                .extracting(Problem::toString)
                .containsExactly(
                        "1:1: the text holds no JSON; write {\"applications\": { }} and put the zones into it");
    }

    @Test
    void invisibleAndControlCharactersAreNamedByTheirNumber() {
        assertThat(problems("{\u00A0}"))
                .extracting(Problem::toString)
                .containsExactly("1:2: there is the invisible character U+00A0; replace it by a plain space");
        assertThat(problems("{\u0000}"))
                .extracting(Problem::toString)
                .containsExactly("1:2: there is the control character U+0000; remove it, or write it as an escape");
        assertThat(problems("[\"a\nb\"]"))
                .extracting(Problem::toString)
                .containsExactly("1:4: a string goes on over the end of the line; close it, or write \\n");
        assertThat(problems("[\"a\tb\"]"))
                .extracting(Problem::toString)
                .containsExactly("1:4: a string holds a tab; write \\t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n\n  ,", "\r\n\r\n  ,", "\r\r  ,", "// \u2028\n/* \n */  ,"})
    void linesEndWithLineFeedCarriageReturnOrBoth(String start) {
        Problem problem = problems(start).get(0);
        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.column()).isEqualTo(start.startsWith("/") ? 6 : 3);
    }

    @Test
    void columnsCountUtf16Units() {
        assertThat(problems("[\"é😀\" 1]")).extracting(Problem::column).containsExactly(8);
    }

    @Test
    void commentsTrailingCommasAndAByteOrderMarkAreFine() {
        String text = "\uFEFF// a zone\n{ /* all */ \"applications\": { \"web\": { }, }, } // end";
        assertThat(MicrofrontendsConfig.parse("text", text).zones()).hasSize(1);
        assertThat(problems("\uFEFF,")).extracting(Problem::column).containsExactly(1);
    }

    @Test
    void deepNestingEndsWithAProblem() {
        assertThat(problems("[".repeat(100_000)))
                .extracting(Problem::toString)
                .containsExactly("1:65: objects and arrays are nested deeper than 64 levels;"
                        + " a routing file needs fewer than ten");
    }

    @Test
    void aVeryLongTextIsNotRead() {
        String spaces = " ".repeat(1 << 20);
        assertThat(problems(spaces + ZONES))
                .extracting(Problem::message)
                .containsExactly("the text is longer than 1048576 characters");
        assertThat(MicrofrontendsConfig.parse("text", spaces.substring(ZONES.length()) + ZONES)
                        .zones())
                .hasSize(1);
    }

    @Test
    void aVeryLongKeyIsRefused() {
        assertThat(problems("{\"" + "k".repeat(1001) + "\": 1}"))
                .extracting(Problem::toString)
                .containsExactly("1:2: a key is longer than 1000 characters; use a shorter name");
    }
}
