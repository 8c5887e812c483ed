package dev.mfe.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mfe.Spec;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Flags answered by their property. The vectors were computed apart from this code. */
class PercentageFlagTest {
    private static final String SECRET = "correct horse battery staple";

    /** An id and its signature under {@link #SECRET}; bucket 480 of new-docs. */
    private static final String KNOWN_VISITOR = "AAAAAAAAAAAAAAAAAAAAAA.9yhj-ZIi_jpo80i_buNbHQ";

    @ParameterizedTest
    @CsvSource({
        "true,true",
        "false,false",
        "TRUE,true",
        "' false ',false",
        "100%,true",
        "100.00%,true",
        "0%,false",
        "0.00%,false"
    })
    void whatIsTheSameForAllNeedsNoId(String value, boolean expected) {
        RecordingRequest request = new RecordingRequest().user("alice").visitor(KNOWN_VISITOR);
        FlagValues values = flags("new-docs", value).forRequest(request);

        assertThat(values.isEnabled("new-docs")).isEqualTo(expected);
        assertThat(values.setCookie()).isEmpty();
        assertThat(request.reads).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "yes",
                "25",
                "%",
                "101%",
                "100.01%",
                "-1%",
                "+1%",
                "1e1%",
                "0,5%",
                "0.125%",
                ".5%",
                "5.%",
                "25 %",
                "25%%",
                "NaN%",
                "٢٥%",
                "9999999999%"
            })
    void aMalformedPropertyIsRefusedWithWhatIsAllowed(String value) {
        assertThatThrownBy(() -> flags("new-docs", value))
                .isInstanceOf(InvalidFlagsException.class)
                .hasMessageContaining("mfe.flags.new-docs=" + value + ":")
                .hasMessageContaining("true, false, or a percentage from 0% to 100%");
    }

    @ParameterizedTest
    @CsvSource({
        "new-docs,alice,5446",
        "new-docs,bob,536",
        "new-shop,alice,4194",
        "flag-é,zoë,9052",
    })
    @Spec("README: a flag stays what it was for a user, also in later versions of this library")
    void theBucketOfAUserNeverChanges(String flag, String user, int bucket) {
        RecordingRequest request = new RecordingRequest().user(user);

        assertThat(isOn(flag, percent(bucket), request)).isFalse();
        assertThat(isOn(flag, percent(bucket + 1), request)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "AAAAAAAAAAAAAAAAAAAAAA.9yhj-ZIi_jpo80i_buNbHQ,480",
        "3q2-7wAAAAAAAAAAAAAAAQ.J7U4bA-ezi_e7sJU2UdoXQ,3570"
    })
    void theBucketOfAVisitorNeverChangesNorDoesTheCookie(String cookie, int bucket) {
        RecordingRequest request = new RecordingRequest().visitor(cookie);

        assertThat(isOn("new-docs", percent(bucket), request)).isFalse();
        assertThat(isOn("new-docs", percent(bucket + 1), request)).isTrue();
    }

    @Test
    void aPercentageMeetsThatShareOfTheVisitors() {
        assertThat(usersWith("new-docs", "0.5%")).hasSizeBetween(30, 70);
        assertThat(usersWith("new-docs", "25%")).hasSizeBetween(2_400, 2_600);
        assertThat(usersWith("new-docs", "90%")).hasSizeBetween(8_900, 9_100);
    }

    @Test
    void raisingThePercentageOnlyAddsVisitors() {
        Set<String> before = new HashSet<>();
        for (String percentage : List.of("0%", "0.01%", "1%", "25%", "25.5%", "60%", "99.99%", "100%")) {
            Set<String> now = usersWith("new-docs", percentage);
            assertThat(now).as(percentage).containsAll(before);
            before = now;
        }
        assertThat(before).hasSize(10_000);
    }

    @Test
    void flagsChooseTheirVisitorsIndependently() {
        Set<String> both = usersWith("new-docs", "50%");
        both.retainAll(usersWith("new-shop", "50%"));

        assertThat(both.size()).isCloseTo(2_500, within(150));
    }

    @Test
    void aNewVisitorGetsACookieAndIsKnownByItFromThenOn() {
        Flags flags = flags("new-docs", "50%");
        for (int i = 0; i < 50; i++) {
            FlagValues first = flags.forRequest(new RecordingRequest());
            boolean value = first.isEnabled("new-docs");
            String cookie = first.setCookie().orElseThrow();
            assertThat(cookie)
                    .matches("mfe-visitor=[\\w-]{22}\\.[\\w-]{22}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");

            FlagValues next = flags.forRequest(new RecordingRequest().visitor(cookie.substring(12, 57)));
            assertThat(next.isEnabled("new-docs")).isEqualTo(value);
            assertThat(next.setCookie()).isEmpty();
        }
    }

    @Test // RFC 6265 §4.1.1
    void theCookieIsKnownInQuotesToo() {
        Flags flags = flags("new-docs", "50%");
        String cookie = enrol(flags, new RecordingRequest()).orElseThrow().substring(12, 57);

        assertThat(enrol(flags, new RecordingRequest().visitor('"' + cookie + '"')))
                .isEmpty();
        assertThat(enrol(flags, new RecordingRequest().visitor('"' + cookie))).isPresent();
    }

    @Test
    void everyNewVisitorGetsAnotherId() {
        Flags flags = flags("new-docs", "50%");

        assertThat(Stream.generate(() -> enrol(flags, new RecordingRequest()).orElseThrow())
                        .limit(100))
                .doesNotHaveDuplicates();
    }

    @Test
    void theCookieIsSecureWhereTheBrowserUsesHttps() {
        assertThat(enrol(flags("new-docs", "50%"), new RecordingRequest().https()))
                .hasValueSatisfying(cookie -> assertThat(cookie).endsWith("; SameSite=Lax; Secure"));
    }

    @Test
    void noCookieIsSetBeforeAPercentageIsAskedFor() {
        Flags flags = Flags.builder()
                .property("new-docs", "50%")
                .property("old-docs", "true")
                .secret(SECRET)
                .build();
        RecordingRequest request = new RecordingRequest();
        FlagValues values = flags.forRequest(request);

        assertThat(values.setCookie()).isEmpty();
        assertThat(values.isEnabled("old-docs")).isTrue();
        assertThat(values.setCookie()).isEmpty();
        assertThat(request.reads).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "AAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAA.",
                "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAB.9yhj-ZIi_jpo80i_buNbHQ",
                "AAAAAAAAAAAAAAAAAAAAAA.9yhj-ZIi_jpo80i_buNbHR",
                "AAAAAAAAAAAAAAAAAAAAAA.9yhj-ZIi_jpo80i_buNbHQ=",
                "AAAAAAAAAAAAAAAAAAAAAA:9yhj-ZIi_jpo80i_buNbHQ",
                "AAAAAAAAAAAAAAAAAAAAAA.9yhj-ZIi_jpo80i_buNbHé",
                "\"AAAAAAAAAAAAAAAAAAAAAA.9yhj-ZIi_jpo80i_buNbHQ",
                "\"",
            })
    void aVisitorCannotChooseAnId(String forged) {
        Optional<String> cookie = enrol(flags("new-docs", "50%"), new RecordingRequest().visitor(forged));

        assertThat(cookie).isPresent();
        assertThat(cookie.get()).doesNotContain("AAAAAAAAAAAAAAAAAAAAA");
    }

    @Test
    void aCookieSignedWithAnotherSecretIsNotBelieved() {
        Flags others = Flags.builder()
                .property("new-docs", "50%")
                .secret("another secret of the app")
                .build();

        assertThat(enrol(others, new RecordingRequest().visitor(KNOWN_VISITOR))).isPresent();
        assertThat(enrol(flags("new-docs", "50%"), new RecordingRequest().visitor(KNOWN_VISITOR)))
                .isEmpty();
    }

    @Test
    void aGoodCookieBehindABadOneIsFoundButOnlyAFewAreChecked() {
        Flags flags = flags("new-docs", "50%");

        assertThat(enrol(
                        flags,
                        new RecordingRequest()
                                .visitor("x")
                                .visitor("y")
                                .visitor("z")
                                .visitor(KNOWN_VISITOR)))
                .isEmpty();
        assertThat(enrol(
                        flags,
                        new RecordingRequest()
                                .visitor("w")
                                .visitor("x")
                                .visitor("y")
                                .visitor("z")
                                .visitor(KNOWN_VISITOR)))
                .isPresent();
    }

    @Test
    void aUserIsKnownByNameAndNeedsNoCookie() {
        RecordingRequest request = new RecordingRequest().user("alice");
        FlagValues values = flags("new-docs", "54.47%").forRequest(request);

        assertThat(values.isEnabled("new-docs")).isTrue();
        assertThat(values.setCookie()).isEmpty();
        assertThat(request.reads).containsExactly("principal");
    }

    @Test
    void aUserWithoutAUsableNameIsAVisitor() {
        for (RecordingRequest request : List.of(
                new RecordingRequest().principal(() -> () -> null),
                new RecordingRequest().user(""),
                new RecordingRequest().principal(() -> () -> {
                    throw new IllegalStateException("no name");
                }),
                new RecordingRequest().principal(() -> {
                    throw new IllegalStateException("no user");
                }))) {
            Flags flags = flags("new-docs", "50%");
            assertThat(enrol(flags, request)).isPresent();
            assertThat(flags.counters().get("new-docs").errors()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefetch", "prefetch;prerender", "Prefetch", "prefetch;anonymous-client-ip"})
    @Spec("failure case 153")
    void aPrefetchNeverEnrols(String purpose) {
        Flags flags = flags("new-docs", "99.99%");
        FlagValues values = flags.forRequest(new RecordingRequest().header("Sec-Purpose", purpose));

        assertThat(values.isEnabled("new-docs")).isFalse();
        assertThat(values.setCookie()).isEmpty();
        assertThat(flags.counters().get("new-docs")).isEqualTo(new FlagCounters(0, 1, 0, 0));
    }

    @Test
    @Spec("failure case 153")
    void aPrefetchOfAKnownVisitorIsDecidedLikeAnyRequest() {
        RecordingRequest visitor =
                new RecordingRequest().header("Sec-Purpose", "prefetch").visitor(KNOWN_VISITOR);
        RecordingRequest user =
                new RecordingRequest().header("Sec-Purpose", "prefetch").user("bob");

        assertThat(isOn("new-docs", "4.81%", visitor)).isTrue();
        assertThat(isOn("new-docs", "5.37%", user)).isTrue();
    }

    @Test
    @Spec("failure case 148")
    void allFlagsOfARequestSeeTheSameVisitor() throws Exception {
        Flags.Builder builder = Flags.builder().secret(SECRET);
        int count = 8;
        IntStream.range(0, count).forEach(i -> builder.property("flag-" + i, "50%"));
        Flags flags = builder.build();
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            for (int round = 0; round < 50; round++) {
                FlagValues values = flags.forRequest(new RecordingRequest());
                CountDownLatch go = new CountDownLatch(1);
                List<Future<Boolean>> answers = IntStream.range(0, count)
                        .mapToObj(i -> threads.submit(() -> {
                            go.await();
                            return values.isEnabled("flag-" + i);
                        }))
                        .toList();
                go.countDown();
                String cookie = null;
                for (int i = 0; i < count; i++) {
                    boolean answer = answers.get(i).get();
                    cookie = values.setCookie().orElseThrow().substring(12, 57);
                    assertThat(flags.forRequest(new RecordingRequest().visitor(cookie))
                                    .isEnabled("flag-" + i))
                            .isEqualTo(answer);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void withoutASecretInstancesDoNotKnowEachOthersVisitorsWhichIsSaidOnce() {
        try (LogCapture log = new LogCapture()) {
            Flags one = Flags.builder().property("new-docs", "50%").build();
            assertThat(log.infos()).singleElement().asString().contains("mfe.flags.secret", "Several instances");
            Flags other = Flags.builder().property("new-docs", "50%").build();
            String cookie = enrol(one, new RecordingRequest()).orElseThrow().substring(12, 57);

            assertThat(enrol(one, new RecordingRequest().visitor(cookie))).isEmpty();
            assertThat(enrol(other, new RecordingRequest().visitor(cookie))).isPresent();
            assertThat(log.infos()).hasSize(2);
        }
    }

    @Test
    void theLogCallsPropertiesAsTheAppDoes() {
        FlagProvider provider = FlagProvider.of("new-docs", request -> true);
        try (LogCapture log = new LogCapture();
                Flags flags = Flags.builder()
                        .propertyNames("quarkus."::concat)
                        .property("new-docs", "50%")
                        .provider(provider)
                        .build()) {
            assertThat(flags.counters()).isEmpty();
            assertThat(log.infos())
                    .anySatisfy(line -> assertThat(line).startsWith("quarkus.mfe.flags.secret is not set"))
                    .anySatisfy(line -> assertThat(line).startsWith("The property quarkus.mfe.flags.new-docs=50%"));
        }
    }

    @Test
    void aMissingSecretIsNotMentionedWhereNobodyNeedsOne() {
        try (LogCapture log = new LogCapture()) {
            Flags.builder()
                    .property("a", "true")
                    .property("b", "0%")
                    .property("c", "100%")
                    .build();
            flags("d", "50%");

            assertThat(log.infos()).isEmpty();
        }
    }

    @Test
    void aSecretThatCanBeGuessedIsRefusedAndNotShown() {
        assertThatThrownBy(() -> Flags.builder().secret("hunter2").build())
                .isInstanceOf(InvalidFlagsException.class)
                .hasMessageContaining("mfe.flags.secret has 7 characters")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aRequestThatCannotBeReadIsAnError() {
        RecordingRequest broken = new RecordingRequest() {
            @Override
            public List<String> cookies(String name) {
                throw new IllegalStateException("recycled");
            }
        };
        try (LogCapture log = new LogCapture()) {
            Flags flags = flags("new-docs", "50%");

            assertThat(flags.forRequest(broken).isEnabled("new-docs")).isFalse();
            assertThat(flags.counters().get("new-docs")).isEqualTo(new FlagCounters(0, 1, 1, 0));
            assertThat(log.warnings()).singleElement().asString().contains("mfe.flags.new-docs=50%");
        }
    }

    private static Flags flags(String flag, String value) {
        return Flags.builder().property(flag, value).secret(SECRET).build();
    }

    private static boolean isOn(String flag, String value, FlagRequest request) {
        return flags(flag, value).forRequest(request).isEnabled(flag);
    }

    private static String percent(int hundredths) {
        return String.format(Locale.ROOT, "%d.%02d%%", hundredths / 100, hundredths % 100);
    }

    private static Optional<String> enrol(Flags flags, FlagRequest request) {
        FlagValues values = flags.forRequest(request);
        values.isEnabled("new-docs");
        return values.setCookie();
    }

    private static Set<String> usersWith(String flag, String percentage) {
        Flags flags = flags(flag, percentage);
        Set<String> users = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String user = "visitor-" + i;
            if (flags.forRequest(new RecordingRequest().user(user)).isEnabled(flag)) {
                users.add(user);
            }
        }
        return users;
    }
}
