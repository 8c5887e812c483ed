package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.Spec;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Who a zone is told is logged in. */
class IdentityIT {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final String[] FORGED = {
        "X-Forwarded-User: root",
        "X_Forwarded_User: root",
        "X-Forwarded-Identity: x.y.z",
        "Remote-User: root",
        "x-remote-user: root",
        "X-Mine: 1"
    };

    /** Logs in whoever the field {@code Login} names; its bytes are UTF-8. */
    private static final Map<String, Filter> LOGIN = Map.of("login", (request, response, chain) -> {
        HttpServletRequest http = (HttpServletRequest) request;
        String sent = http.getHeader("Login");
        String name =
                sent == null ? null : new String(sent.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        chain.doFilter(
                new HttpServletRequestWrapper(http) {
                    @Override
                    public Principal getUserPrincipal() {
                        return name == null ? null : () -> name;
                    }
                },
                response);
    });

    private static OriginRequest sentTo(ScriptedOrigin zone, MicrofrontendsFilter.Builder builder, String... lines)
            throws Exception {
        try (TomcatApp app = TomcatApp.start(builder, LOGIN)) {
            Client.get(app.port(), "/docs", lines);
            return zone.takeRequest();
        }
    }

    @Test
    @Spec("design §9")
    void aZoneIsToldNothingUnlessItsPropertySaysSo() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(EMPTY))) {
            OriginRequest request = sentTo(zone, TomcatApp.docsAt(zone.url()), "Login: jane", "X-Forwarded-User: root");
            assertThat(request.fields("X-Forwarded-User")).isEmpty();
            assertThat(request.fields("X-Forwarded-Identity")).isEmpty();
        }
    }

    @Test
    @Spec("design §9")
    void theFieldHoldsTheNameAndWhatTheClientClaimsIsDropped() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(EMPTY))) {
            MicrofrontendsFilter.Builder builder =
                    TomcatApp.docsAt(zone.url()).property("mfe.zones.docs.identity", "header");
            OriginRequest anonymous = sentTo(zone, builder, FORGED);
            for (String name : new String[] {
                "X-Forwarded-User", "X_Forwarded_User", "X-Forwarded-Identity", "Remote-User", "X-Remote-User"
            }) {
                assertThat(anonymous.fields(name)).as(name).isEmpty();
            }
            assertThat(anonymous.fields("X-Mine")).containsExactly("1");
            OriginRequest jane = sentTo(zone, builder, "Login: cn=jane, o=x", "X-Forwarded-User: root");
            assertThat(jane.fields("X-Forwarded-User")).containsExactly("cn=jane, o=x");
            OriginRequest other = sentTo(zone, builder, "Login: j\u00c3\u00bcrgen");
            assertThat(other.fields("X-Forwarded-User"))
                    .as("a name that zones could read in several ways")
                    .isEmpty();
        }
    }

    @Test
    @Spec({"design §9", "RFC 7519 §4.1", "RFC 7515 §5.1"})
    void theTokenIsSignedForOneZoneAndOneMinute() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(EMPTY))) {
            MicrofrontendsFilter.Builder builder = TomcatApp.docsAt(zone.url())
                    .property("mfe.zones.docs.identity", "jwt")
                    .property("mfe.identity.secret", SECRET);
            assertThat(sentTo(zone, builder, FORGED).fields("X-Forwarded-Identity"))
                    .isEmpty();
            OriginRequest request = sentTo(zone, builder, "Login: j\u00c3\u00bcrgen \"x\\");
            assertThat(request.fields("X-Forwarded-User")).isEmpty();
            String[] parts = request.fields("X-Forwarded-Identity").get(0).split("\\.", -1);
            assertThat(parts).hasSize(3);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            assertThat(Base64.getUrlDecoder().decode(parts[2]))
                    .isEqualTo(mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII)));
            assertThat(decoded(parts[0])).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
            String claims = decoded(parts[1]);
            assertThat(claims)
                    .startsWith("{\"iss\":\"mfe\",\"sub\":\"j\\u00fcrgen \\u0022x\\u005c\",\"aud\":\"docs\",\"iat\":");
            long issued = Long.parseLong(claims.replaceAll(".*\"iat\":(\\d+),.*", "$1"));
            assertThat(issued)
                    .isBetween(
                            Instant.now().getEpochSecond() - 120, Instant.now().getEpochSecond());
            assertThat(claims).endsWith(",\"exp\":" + (issued + 60) + "}");
        }
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.US_ASCII);
    }

    @Test
    void aTokenTakesASecretOfThirtyTwoBytes() {
        MicrofrontendsFilter.Builder builder =
                TomcatApp.docsAt("http://127.0.0.1:9").property("mfe.zones.docs.identity", "jwt");
        assertThatThrownBy(builder::build)
                .hasMessageContaining("mfe.identity.secret: mfe.zones.docs.identity=jwt takes a secret");
        builder.property("mfe.identity.secret", SECRET.substring(1));
        assertThatThrownBy(builder::build)
                .hasMessageContaining("mfe.identity.secret: the secret has 31 bytes")
                .hasMessageNotContaining(SECRET.substring(1));
    }

    @Test
    void anExternalZoneIsToldWhereThePropertySaysSoAndSeesNoCredentialsAllTheSame() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(EMPTY))) {
            OriginRequest request = sentTo(
                    zone,
                    TomcatApp.docsAt(zone.url())
                            .property("mfe.zones.docs.external", "true")
                            .property("mfe.zones.docs.identity", "header"),
                    "Login: jane",
                    "Authorization: Basic eDp5");
            assertThat(request.fields("X-Forwarded-User")).containsExactly("jane");
            assertThat(request.fields("Authorization")).isEmpty();
        }
    }

    @Test
    @Spec("design §6")
    void anOverrideIsToldNothingUnlessTheOperatorTrustsIt() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.connections();
                ScriptedOrigin preview = ScriptedOrigin.always(answering(EMPTY))) {
            MicrofrontendsFilter.Builder builder = TomcatApp.docsAt(zone.url())
                    .property("mfe.zones.docs.identity", "header")
                    .property("mfe.overrides.allowed-hosts", "127.0.0.1");
            String[] lines = {
                "Login: jane",
                "Authorization: Basic eDp5",
                "Cookie: a=1; JSESSIONID=2; vercel-micro-frontends-override:env:docs=127.0.0.1:" + preview.port()
            };
            OriginRequest careful = sentTo(preview, builder, lines);
            assertThat(careful.fields("X-Forwarded-User")).isEmpty();
            assertThat(careful.fields("Authorization")).isEmpty();
            assertThat(careful.fields("Cookie")).containsExactly("a=1");
            OriginRequest trusting = sentTo(preview, builder.property("mfe.overrides.credentials", "true"), lines);
            assertThat(trusting.fields("X-Forwarded-User")).containsExactly("jane");
            assertThat(trusting.fields("Authorization")).containsExactly("Basic eDp5");
            assertThat(trusting.fields("Cookie")).containsExactly("a=1; JSESSIONID=2");
        }
    }
}
