package dev.mfe.flags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.Spec;
import org.junit.jupiter.api.Test;

class FlagRequestTest {
    @Test
    @Spec("RFC 6265 §4.2.1")
    void cookiesArePairsBetweenSemicolons() {
        RecordingRequest request = new RecordingRequest().header("Cookie", "a=1; bb=2;c=x=y;\t d = 4 ; e=; f");

        assertThat(request.cookie("a")).isEqualTo("1");
        assertThat(request.cookie("bb")).isEqualTo("2");
        assertThat(request.cookie("c")).isEqualTo("x=y");
        assertThat(request.cookie("d")).isEqualTo("4");
        assertThat(request.cookie("e")).isEmpty();
        assertThat(request.cookie("f")).isNull();
        assertThat(request.cookie("b")).isNull();
        assertThat(request.cookie("A")).isNull();
    }

    @Test
    @Spec("failure case 163")
    void cookieNamesMayHaveAColonAndOtherCharactersThatContainersDrop() {
        RecordingRequest request = new RecordingRequest().header("Cookie", "x:y:@acme/docs=https://a.example; q=\"1\"");

        assertThat(request.cookie("x:y:@acme/docs")).isEqualTo("https://a.example");
        assertThat(request.cookie("q")).as("quotes are part of the value").isEqualTo("\"1\"");
    }

    @Test
    @Spec("RFC 6265 §5.4")
    void theFirstOfSeveralCookiesIsTheMostSpecific() {
        RecordingRequest request =
                new RecordingRequest().header("Cookie", "a=1; a=2").header("cookie", "b=0; a=3; a=");

        assertThat(request.cookie("a")).isEqualTo("1");
        assertThat(request.cookie("b")).isEqualTo("0");
        assertThat(request.cookies("a")).containsExactly("1", "2", "3", "");
        assertThat(request.cookies("z")).isEmpty();
    }

    @Test
    void aRequestWithoutCookiesHasNone() {
        assertThat(new RecordingRequest().cookie("a")).isNull();
        assertThat(new RecordingRequest().header("Cookie", "").cookie("a")).isNull();
        assertThat(new RecordingRequest().header("Cookie", ";;=;= ;a").cookies("a"))
                .isEmpty();
    }
}
