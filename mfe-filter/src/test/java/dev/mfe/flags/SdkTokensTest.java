package dev.mfe.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.Spec;
import dev.mfe.testkit.SdkToken;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens count. What the SDK itself makes and reads is in the conformance tests. */
class SdkTokensTest {
    private static final Map<String, Boolean> A_ON = Map.of("a", true);
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/=% \"\u00e9\u0000";

    private final SdkTokens tokens = new SdkTokens(SdkToken.SECRET, InstantSource.system());

    @Test
    void overridesOfTheSdkCount() {
        assertThat(overrides(SdkToken.overrides("{\"a\":true}"))).isEqualTo(A_ON);
        assertThat(overrides(SdkToken.of("{\"c\":{\"a\":true,\"b\":false}}"))).isEqualTo(Map.of("a", true, "b", false));
    }

    @Test
    @Spec("ECMA-262 ToBoolean")
    void valuesThatAreNoBooleansCountAsInACondition() {
        assertThat(overrides(SdkToken.overrides(
                        "{\"s\":\"red\",\"e\":\"\",\"n\":0.5,\"z\":0,\"m\":-0,\"u\":null,\"o\":{},\"l\":[]}")))
                .isEqualTo(Map.of(
                        "s", true, "e", false, "n", true, "z", false, "m", false, "u", false, "o", true, "l", true));
    }

    @Test
    void definitionsThatSdk3PrintsIntoPagesSwitchNothingOn() {
        assertThat(overrides(SdkToken.of("{\"c\":{\"a\":{\"options\":[{\"value\":true}]},\"b\":\"on\",\"d\":1}}")))
                .isEmpty();
    }

    @Test
    void aTokenMadeForSomethingElseIsNoOverride() {
        assertThat(overrides(SdkToken.proof())).isEmpty();
        assertThat(overrides(SdkToken.of("{\"v\":{\"a\":true},\"pur\":\"values\"}")))
                .isEmpty();
        assertThat(overrides(SdkToken.of("{\"o\":{\"a\":true}}"))).isEmpty();
        assertThat(overrides(SdkToken.of("{\"c\":{\"a\":true},\"pur\":\"values\"}")))
                .isEmpty();
        assertThat(overrides(SdkToken.of("{\"c\":{\"a\":true},\"pur\":null}"))).isEmpty();
    }

    @Test
    void onlyProofsProveAccess() {
        assertThat(tokens.provesAccess("Bearer " + SdkToken.proof())).isTrue();
        assertThat(tokens.provesAccess("bearer " + SdkToken.of("{\"pur\":[\"values\",\"proof\"]}")))
                .isTrue();
        assertThat(tokens.provesAccess(null)).isFalse();
        assertThat(tokens.provesAccess("")).isFalse();
        assertThat(tokens.provesAccess("Bearer")).isFalse();
        assertThat(tokens.provesAccess(SdkToken.proof())).isFalse();
        assertThat(tokens.provesAccess("Basic " + SdkToken.proof())).isFalse();
        assertThat(tokens.provesAccess("Bearer " + SdkToken.of("{\"pur\":\"overrides\",\"o\":{}}")))
                .isFalse();
        // With SDK 3 any token was a proof, also one that a page shows.
        assertThat(tokens.provesAccess("Bearer " + SdkToken.of("{\"c\":{}}"))).isFalse();
    }

    @Test
    @Spec({"RFC 7519 §4.1.4", "RFC 7519 §4.1.5"})
    void timesAreChecked() {
        InstantSource at1000 = InstantSource.fixed(Instant.ofEpochSecond(1000, 999_999_999));
        SdkTokens then = new SdkTokens(SdkToken.SECRET, at1000);
        assertThat(then.overrides(List.of(SdkToken.of("{\"c\":{\"a\":true},\"exp\":1000}"))))
                .isEmpty();
        assertThat(then.overrides(List.of(SdkToken.of("{\"c\":{\"a\":true},\"exp\":1000.5}"))))
                .isEqualTo(A_ON);
        assertThat(then.overrides(List.of(SdkToken.of("{\"c\":{\"a\":true},\"exp\":1e400}"))))
                .isEqualTo(A_ON);
        assertThat(then.overrides(List.of(SdkToken.of("{\"c\":{\"a\":true},\"nbf\":1000}"))))
                .isEqualTo(A_ON);
        assertThat(then.overrides(List.of(SdkToken.of("{\"c\":{\"a\":true},\"nbf\":1001}"))))
                .isEmpty();
        // As in the SDK, only the type of this one matters.
        assertThat(then.overrides(List.of(SdkToken.of("{\"c\":{\"a\":true},\"iat\":5000}"))))
                .isEqualTo(A_ON);
        for (String wrong : List.of("\"9999999999\"", "null", "true", "[9999999999]", "{}")) {
            for (String claim : List.of("exp", "nbf", "iat")) {
                String payload = "{\"c\":{\"a\":true},\"" + claim + "\":" + wrong + "}";
                assertThat(then.overrides(List.of(SdkToken.of(payload))))
                        .as(payload)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @Spec({"RFC 7516 §4.1.13", "RFC 7518 §4.1", "RFC 7518 §5.1"})
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "\"dir\"",
                "{\"alg\":\"dir\"}",
                "{\"enc\":\"A256GCM\"}",
                "{\"alg\":\"DIR\",\"enc\":\"A256GCM\"}",
                "{\"alg\":\"none\",\"enc\":\"A256GCM\"}",
                "{\"alg\":\"A256KW\",\"enc\":\"A256GCM\"}",
                "{\"alg\":[\"dir\"],\"enc\":\"A256GCM\"}",
                "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
                "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\"}",
                "{\"alg\":\"dir\",\"alg\":\"dir\",\"enc\":\"A256GCM\"}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":[\"exp\"],\"exp\":1}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":[]}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"iss\":\"x\"}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\"} ,",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\"",
                "{'alg':'dir','enc':'A256GCM'}",
            })
    void otherHeadersAreRefused(String header) {
        assertThat(overrides(SdkToken.of(header, "{\"c\":{\"a\":true}}"))).isEmpty();
    }

    @Test
    @Spec("RFC 7516 §4")
    void parametersThatNobodyKnowsAreIgnored() {
        String header = "{\"typ\":\"JWT\",\"x\":{\"y\":[1,null]},\"enc\":\"A256GCM\",\"alg\":\"dir\"}";
        assertThat(overrides(SdkToken.of(header, "{\"c\":{\"a\":true}}"))).isEqualTo(A_ON);
    }

    @Test
    @Spec("RFC 7518 §5.3")
    void lengthsOfVectorAndTagAreFixed() {
        byte[] payload = "{\"c\":{\"a\":true}}".getBytes(StandardCharsets.UTF_8);
        assertThat(overrides(SdkToken.of(SdkToken.HEADER, payload, 12, 16))).isEqualTo(A_ON);
        for (int ivBytes : new int[] {8, 11, 13, 16}) {
            assertThat(overrides(SdkToken.of(SdkToken.HEADER, payload, ivBytes, 16)))
                    .isEmpty();
        }
        for (int tagBytes : new int[] {12, 13, 14, 15}) {
            assertThat(overrides(SdkToken.of(SdkToken.HEADER, payload, 12, tagBytes)))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[{\"c\":{\"a\":true}}]",
                "{\"c\":{\"a\":true}} {}",
                "{\"c\":{\"a\":true},}",
                "{\"c\":{\"a\":true}",
                "{\"c\":{\"a\":false},\"c\":{\"a\":true}}",
                "{\"c\":{\"a\":false,\"a\":true}}",
                "{\"c\":[true]}",
                "{\"c\":\"a\"}",
                "{\"c\":{\"a\":true},\"exp\":0x7fffffff}",
                "{\"c\":{\"a\":true},\"exp\":NaN}",
                "\uFEFF{\"c\":{\"a\":true}}",
            })
    void payloadsThatAreNotWhatTheyShouldBeAreIgnored(String payload) {
        assertThat(overrides(SdkToken.of(payload))).isEmpty();
    }

    @Test
    void deepAndLongTokensAreIgnored() {
        String deep = "[".repeat(1000) + "]".repeat(1000);
        assertThat(overrides(SdkToken.overrides("{\"a\":true,\"b\":" + deep + "}")))
                .isEmpty();
        String fits = SdkToken.overrides("{\"a\":true,\"b\":\"" + "x".repeat(5000) + "\"}");
        assertThat(overrides(fits)).containsKeys("a", "b");
        String tooLong = SdkToken.overrides("{\"a\":true,\"b\":\"" + "x".repeat(7000) + "\"}");
        assertThat(tooLong.length()).isGreaterThan(Jwe.MAX_LENGTH);
        assertThat(overrides(tooLong)).isEmpty();
        assertThat(overrides("%2E".repeat(Jwe.MAX_LENGTH))).isEmpty();
    }

    @Test
    void theLastCookieThatCanBeDecodedCounts() {
        String on = SdkToken.overrides("{\"a\":true}");
        String off = SdkToken.overrides("{\"a\":false}");
        assertThat(tokens.overrides(List.of(off, on))).isEqualTo(A_ON);
        assertThat(tokens.overrides(List.of(off, on.replace(".", "%2e")))).isEqualTo(A_ON);
        assertThat(tokens.overrides(List.of(on, "%zz"))).isEqualTo(A_ON);
        // A cookie that is there takes the place of others also when it is worth nothing.
        assertThat(tokens.overrides(List.of(on, ""))).isEmpty();
        assertThat(tokens.overrides(List.of(on, "x"))).isEmpty();
        assertThat(tokens.overrides(List.of())).isEmpty();
    }

    @Test
    void everyChangedCharacterMakesATokenWorthless() {
        String token = SdkToken.overrides("{\"a\":true}");
        for (int i = 0; i < token.length(); i++) {
            for (int j = 0; j < ALPHABET.length(); j++) {
                char c = ALPHABET.charAt(j);
                if (c != token.charAt(i)) {
                    String changed = token.substring(0, i) + c + token.substring(i + 1);
                    assertThat(overrides(changed)).as(changed).isEmpty();
                }
            }
            assertThat(overrides(token.substring(0, i))).isEmpty();
            assertThat(overrides(token.substring(i + 1))).isEmpty();
            assertThat(overrides(token.substring(0, i) + token.substring(i + 1)))
                    .isEmpty();
        }
    }

    /** Seeded, so that a failure comes again. */
    @Test
    void tokensPutTogetherAtRandomAreWorthless() {
        Random random = new Random(20260101);
        List<String> sources = List.of(
                SdkToken.overrides("{\"a\":true}"),
                SdkToken.overrides("{\"a\":true,\"b\":false}"),
                SdkToken.proof(),
                SdkToken.of("{\"c\":{\"a\":true}}"),
                SdkToken.of("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}", "{\"c\":{\"a\":true}}"));
        for (int i = 0; i < 20_000; i++) {
            String[] parts = sources.get(random.nextInt(sources.size())).split("\\.", -1);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(parts.length);
                String[] others = sources.get(random.nextInt(sources.size())).split("\\.", -1);
                parts[at] = switch (random.nextInt(5)) {
                    case 0 -> others[random.nextInt(others.length)];
                    case 1 -> parts[at] + ALPHABET.charAt(random.nextInt(ALPHABET.length()));
                    case 2 -> parts[at].substring(random.nextInt(parts[at].length() + 1));
                    case 3 -> "";
                    default -> parts[at].replace(randomChar(random, parts[at]), ALPHABET.charAt(random.nextInt(64)));
                };
            }
            String token = String.join(random.nextInt(50) == 0 ? ".." : ".", parts);
            if (!sources.contains(token)) {
                assertThat(overrides(token)).as(token).isEmpty();
                assertThat(tokens.provesAccess("Bearer " + token)).as(token).isFalse();
            }
        }
    }

    private static char randomChar(Random random, String text) {
        return text.isEmpty() ? 'A' : text.charAt(random.nextInt(text.length()));
    }

    @Test
    void aSecretIsTakenInTheFormsOfTheSdk() {
        String token = SdkToken.overrides("{\"a\":true}");
        for (String secret : List.of(
                SdkToken.SECRET,
                SdkToken.SECRET + "=",
                SdkToken.SECRET.replace('-', '+').replace('_', '/'))) {
            assertThat(new SdkTokens(secret, InstantSource.system()).overrides(List.of(token)))
                    .as(secret)
                    .isEqualTo(A_ON);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "S0x2cXJYbVpfVDlLWG5iNzVhcWd3c2pGRGxvU1VGcQ",
                "S0x2cXJYbVpfVDlLWG5iNzVhcWd3c2pGRGxvU1VGcS0AA",
                "S0x2cXJYbVpfVDlLWG5i NzVhcWd3c2pGRGxvU1VGcS",
                "S0x2cXJYbVpfVDlLWG5iNzVhcWd3c2pGRGxvU1VGcS!",
                "4b4c767172586d5a5f54394b586e623735617167777326a46446c6f5355467120",
            })
    void otherSecretsAreRefusedWithoutRepeatingThem(String secret) {
        assertThatThrownBy(() -> Flags.builder().sdkSecret(secret).build())
                .isInstanceOf(InvalidFlagsException.class)
                .hasMessageContainingAll("mfe.flags.sdk-secret", "FLAGS_SECRET", "32 bytes", "openssl rand -base64 32")
                .satisfies(error -> assertThat(secret.isEmpty()
                                || !String.valueOf(error.getMessage()).contains(secret))
                        .isTrue());
    }

    @Test
    void whatIsWrongWithATokenIsSaidAtDebugOnly() {
        try (LogCapture log = new LogCapture()) {
            assertThat(overrides("eyJ.x")).isEmpty();
            assertThat(overrides(SdkToken.of("{\"c\":{\"a\":true},\"exp\":1}"))).isEmpty();
            assertThat(tokens.provesAccess("Bearer x\r\nWARN forged")).isFalse();
            assertThat(log.warnings()).isEmpty();
            assertThat(log.infos()).isEmpty();
            assertThat(log.debugs())
                    .hasSize(3)
                    .noneMatch(line -> line.contains("forged"))
                    .anyMatch(line -> line.contains("vercel-flag-overrides") && line.contains("expired"));
        }
    }

    private Map<String, Boolean> overrides(String cookie) {
        return tokens.overrides(List.of(cookie));
    }
}
