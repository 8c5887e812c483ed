package dev.mfe.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Requests for zones in an app with Spring Security. */
class ZoneTest {

    private static final String ADA = "Authorization: Basic YWRhOnNlY3JldA==";
    private static final String BOB = "Authorization: Basic Ym9iOnNlY3JldA==";

    @Nested
    class AfterSecurity extends AfterSecurityContract {}

    @Nested
    @TestPropertySource(properties = LocalAppTest.ON_JETTY)
    class AfterSecurityOnJetty extends AfterSecurityContract {}

    @Nested
    @TestPropertySource(properties = "mfe.filter.order=before-security")
    class BeforeSecurity extends BeforeSecurityContract {}

    @Nested
    @TestPropertySource(properties = {"mfe.filter.order=before-security", LocalAppTest.ON_JETTY})
    class BeforeSecurityOnJetty extends BeforeSecurityContract {}

    abstract static class AfterSecurityContract extends ZoneContract {

        @Test
        void rulesOfTheLocalAppGuardZones() throws Exception {
            assertThat(Http.get(port, "/docs/private/x").statusCode()).isEqualTo(401);
            assertThat(zone.waitingRequests()).isZero();
            assertThat(Http.get(port, "/docs/private/x", ADA).body()).isEqualTo("docs GET /docs/private/x");
        }

        @Test
        void flagsSeeTheUser() throws Exception {
            assertThat(Http.get(port, "/search?q=a").body()).isEqualTo("local search GET a");
            assertThat(Http.get(port, "/search?q=a", BOB).body()).isEqualTo("local search GET a");
            assertThat(Http.get(port, "/search?q=a", ADA).body()).isEqualTo("docs GET /search?q=a");
        }

        @Test
        void aFormGoesToTheZoneOfAFlagThatIsOn() throws Exception {
            Http.send(port, "POST", "/search", "q=a", FORM, ADA);
            assertThat(zone.takeRequest().text()).isEqualTo("q=a");
        }

        @Test
        void aFormWithoutTokenIsRefusedWhereTheFlagIsOff() throws Exception {
            assertThat(Http.send(port, "POST", "/search", "q=a", FORM, BOB).statusCode())
                    .isEqualTo(403);
            assertThat(zone.waitingRequests()).isZero();
        }

        @Test
        void aFormWithTokenIsTakenWhereTheFlagIsOff() throws Exception {
            HttpResponse<String> token = Http.get(port, "/csrf");
            assertThat(Http.send(
                                    port,
                                    "POST",
                                    "/search",
                                    "q=a&_csrf=" + token.body(),
                                    FORM,
                                    "Cookie: " + LocalAppContract.session(token))
                            .body())
                    .isEqualTo("local search POST a");
        }
    }

    abstract static class BeforeSecurityContract extends ZoneContract {

        @Test
        void zonesGuardThemselves() throws Exception {
            assertThat(Http.get(port, "/docs/private/x").body()).isEqualTo("docs GET /docs/private/x");
        }

        @Test
        void aFormWithoutTokenIsRefusedWhereTheFlagIsOff() throws Exception {
            assertThat(Http.send(port, "POST", "/search", "q=a", FORM, ADA).statusCode())
                    .isEqualTo(403);
            assertThat(zone.waitingRequests()).isZero();
        }
    }
}
