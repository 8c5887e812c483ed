package dev.mfe.servlet;

import static dev.mfe.testkit.Script.answering;
import static dev.mfe.testkit.Script.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mfe.Spec;
import dev.mfe.config.MicrofrontendsConfig;
import dev.mfe.proxy.ProxyFailure;
import dev.mfe.servlet.Client.Answer;
import dev.mfe.testkit.OriginRequest;
import dev.mfe.testkit.ScriptedOrigin;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MicrofrontendsFilterIT {

    @Test
    void pathsOfNoZoneAreServedLocally() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.connections();
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            assertThat(Client.get(app.port(), "/shop").body()).isEqualTo("local REQUEST /shop");
        }
    }

    @Test
    void pathsOfAZoneAreProxied() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(
                        answering(
                                "HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX-Zone: yes\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nhello"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            Answer answer = Client.get(
                    app.port(), "/docs/a%20b;v=1?x=1&&y=%2B+", "X-Mine: 1", "Connection: X-Secret", "X-Secret: 2");

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.fields("Set-Cookie")).containsExactly("a=1", "b=2");
            OriginRequest request = zone.takeRequest();
            assertThat(request.line()).isEqualTo("GET /docs/a%20b;v=1?x=1&&y=%2B+ HTTP/1.1");
            assertThat(request.fields("Host")).containsExactly("127.0.0.1:" + zone.port());
            assertThat(request.fields("X-Mine")).containsExactly("1");
            assertThat(request.fields("X-Secret")).isEmpty();
            assertThat(request.fields("X-Forwarded-Host")).containsExactly("www.example.com");
            assertThat(request.fields("X-Forwarded-For")).containsExactly("127.0.0.1");
        }
    }

    @Test
    void bodiesAreStreamed() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .readBody(5)
                        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
                        .repeat());
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()));
                Client client = Client.connect(app.port())) {
            client.send("POST /docs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.readAnswer().body()).isEqualTo("abc");
            OriginRequest request = zone.takeRequest();
            assertThat(request.fields("Content-Length")).containsExactly("5");
            assertThat(request.bodyText()).isEqualTo("hello");
        }
    }

    @Test
    void aZoneThatCannotBeReachedIs502() throws Exception {
        ScriptedOrigin gone = ScriptedOrigin.connections();
        String url = gone.url();
        gone.close();
        try (TomcatApp app = TomcatApp.start(TomcatApp.docsAt(url))) {
            Answer answer = Client.get(app.port(), "/docs");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.fields("Cache-Control")).containsExactly("no-store");
            assertThat(answer.body()).doesNotContain("127.0.0.1", "Exception");
        }
        try (TomcatApp app = TomcatApp.start(TomcatApp.docsAt(url).property("mfe.zones.docs.fallback", "local"))) {
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("local REQUEST /docs");
        }
    }

    @Test
    void aResponseThatBreaksOffIsNeverComplete() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                        .close());
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            assertThatThrownBy(() -> Client.get(app.port(), "/docs")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void theLocalAppGetsTheVeryRequestAndResponse() throws Exception {
        List<Object> before = new CopyOnWriteArrayList<>();
        List<Object> behind = new CopyOnWriteArrayList<>();
        Filter outer = (request, response, chain) -> {
            before.addAll(List.of(request, response));
            chain.doFilter(request, response);
        };
        HttpServlet local = new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) {
                behind.addAll(List.of(request, response));
                assertThat(Collections.list(request.getAttributeNames())).noneMatch(name -> name.startsWith("dev.mfe"));
            }
        };
        try (ScriptedOrigin zone = ScriptedOrigin.connections();
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()), local, Map.of("outer", outer), "")) {
            assertThat(Client.get(app.port(), "/shop?x=1").status()).isEqualTo(200);
            assertThat(behind)
                    .hasSize(2)
                    .usingElementComparator((a, b) -> a == b ? 0 : 1)
                    .isEqualTo(before);
        }
    }

    @Test
    void aZonesPageIsNotStampedByFiltersOfTheLocalApp() throws Exception {
        Filter stamps = (request, response, chain) -> {
            HttpServletResponse http = (HttpServletResponse) response;
            http.setHeader("X-Frame-Options", "DENY");
            http.setHeader("Cache-Control", "no-store");
            http.setHeader("X-Request-ID", "7");
            http.addHeader("Set-Cookie", "local=1");
            chain.doFilter(request, new HttpServletResponseWrapper(http) {
                @Override
                public void flushBuffer() {
                    throw new AssertionError("Only the local app's pages pass here");
                }
            });
        };
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering(
                        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: zone=1\r\nX-Request-ID: 8\r\n\r\n"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()), Map.of("stamps", stamps))) {
            Answer answer = Client.get(app.port(), "/docs");
            assertThat(answer.fields("X-Frame-Options")).isEmpty();
            assertThat(answer.fields("Cache-Control")).isEmpty();
            assertThat(answer.fields("X-Request-ID")).containsExactly("8");
            assertThat(answer.fields("Set-Cookie")).containsExactly("local=1", "zone=1");
        }
    }

    @Test
    void theZoneGetsTheCookiesThatTheClientSent() throws Exception {
        // What Spring Security's RequestCacheAwareFilter does to the first request after a login.
        Filter savedRequest = (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public Enumeration<String> getHeaderNames() {
                        return Collections.enumeration(List.of("Accept"));
                    }

                    @Override
                    public Enumeration<String> getHeaders(String name) {
                        return Collections.enumeration(
                                name.equals("Accept") ? List.of("text/html") : List.of("session=old"));
                    }
                },
                response);
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()), Map.of("saved", savedRequest))) {
            Client.get(app.port(), "/docs", "Cookie: session=new");

            OriginRequest received = zone.takeRequest();
            assertThat(received.fields("Cookie")).containsExactly("session=new");
            assertThat(received.fields("Accept")).containsExactly("text/html");
        }
    }

    @Test
    @Spec("RFC 9110 §7.6.3")
    void aRequestThatComesBackIsRefused() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            Client.get(app.port(), "/docs");
            String via = zone.takeRequest().fields("Via").get(0);
            assertThat(Client.get(app.port(), "/docs", "Via: 1.0 other, " + via).status())
                    .isEqualTo(508);
            assertThat(Client.get(app.port(), "/local", "Via: " + via).status()).isEqualTo(200);
        }
    }

    @Test
    void theClientConfigIsPrivate() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.connections();
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            Answer answer = Client.get(app.port(), "/.well-known/vercel/microfrontends/client-config");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.fields("Content-Type")).containsExactly("application/json");
            assertThat(answer.fields("Cache-Control")).containsExactly("private, no-store");
            assertThat(answer.body())
                    .contains("\"paths\":[\"/docs\",\"/docs/:path*\"]")
                    .doesNotContain("docs\":");
        }
    }

    @Test
    void excludedPathsAreServedLocallyAndAmbiguousOnesAreRefused() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.connections();
                TomcatApp app = TomcatApp.start(
                        TomcatApp.docsAt(zone.url()).property("mfe.exclude", "/docs/private, /docs/health/:path*"))) {
            assertThat(Client.get(app.port(), "/docs/health/x").body()).isEqualTo("local REQUEST /docs/health/x");
            assertThat(Client.get(app.port(), "/docs/%70rivate").body()).isEqualTo("local REQUEST /docs/%70rivate");
            assertThat(Client.get(app.port(), "/docs/health/../x").status()).isEqualTo(400);
        }
    }

    @Test
    void theContextPathIsPartOfThePathTheBrowserSees() throws Exception {
        HttpServlet local = new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.getOutputStream().print("local");
            }
        };
        try (ScriptedOrigin zone =
                        ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nzone"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()), local, Map.of(), "/docs")) {
            assertThat(Client.get(app.port(), "/docs/a").body()).isEqualTo("zone");
            assertThat(zone.takeRequest().target()).isEqualTo("/docs/a");
        }
    }

    @Test
    void overridesLeadOnlyWhereTheyAreAllowedTo() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nz"));
                ScriptedOrigin preview =
                        ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\np"))) {
            String cookie = "Cookie: a=1; vercel-micro-frontends-override:env:docs=127.0.0.1:" + preview.port();
            try (TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
                assertThat(Client.get(app.port(), "/docs", cookie).body()).isEqualTo("z");
            }
            try (TomcatApp app = TomcatApp.start(
                    TomcatApp.docsAt(zone.url()).property("mfe.overrides.allowed-hosts", "127.0.0.1"))) {
                assertThat(Client.get(app.port(), "/docs", cookie).body()).isEqualTo("p");
                assertThat(Client.get(app.port(), "/docs", "Cookie: x" + cookie.substring(8))
                                .body())
                        .isEqualTo("p");
                assertThat(Client.get(app.port(), "/docs", cookie.replace("127.0.0.1", "127.0.0.2"))
                                .body())
                        .isEqualTo("z");
            }
        }
    }

    @Test
    void debugFieldsTellWhoAnsweredAndWhy() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()).property("mfe.debug", "cookie"))) {
            Answer answer = Client.get(app.port(), "/docs/a", "Cookie: VERCEL_MFE_DEBUG=1");
            assertThat(answer.fields("x-vercel-mfe-app")).containsExactly("docs");
            assertThat(answer.fields("x-vercel-mfe-matched-path")).containsExactly("/docs/:path*");
            assertThat(answer.fields("x-vercel-mfe-response-reason")).containsExactly("path");
            assertThat(zone.takeRequest().fields("Cookie")).isEmpty();
            assertThat(Client.get(app.port(), "/x", "Cookie: VERCEL_MFE_DEBUG=1")
                            .fields("x-vercel-mfe-app"))
                    .containsExactly("web");
            assertThat(Client.get(app.port(), "/docs/a").fields("x-vercel-mfe-app"))
                    .isEmpty();
        }
    }

    @Test
    void whatAFlagDecidesIsNotForSharedCaches() throws Exception {
        MicrofrontendsConfig config = MicrofrontendsConfig.parse("microfrontends.json", """
                {"applications": {
                  "web": {"development": {"fallback": "web.example.com"}},
                  "docs": {"routing": [{"flag": "new-docs", "paths": ["/docs"]}]}}}
                """);
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"
                + "Cache-Control: public, max-age=60, s-maxage=600\r\nCDN-Cache-Control: max-age=9\r\n\r\nz"))) {
            MicrofrontendsFilter.Builder builder =
                    MicrofrontendsFilter.builder().config(config).property("mfe.zones.docs.url", zone.url());
            try (TomcatApp app = TomcatApp.start(builder.property("mfe.flags.new-docs", "100%"))) {
                Answer answer = Client.get(app.port(), "/docs");
                assertThat(answer.body()).isEqualTo("z");
                assertThat(answer.fields("Cache-Control")).containsExactly("private, max-age=60");
                assertThat(answer.fields("CDN-Cache-Control")).isEmpty();
            }
            try (TomcatApp app = TomcatApp.start(builder.property("mfe.flags.new-docs", "false"))) {
                assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("local REQUEST /docs");
            }
        }
    }

    @Test
    void aReloadTakesEffectAndAnInvalidOneDoesNot() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nz"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()))) {
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("z");
            app.filter().reload(MicrofrontendsConfig.parse("new.json", """
                    {"applications": {
                      "web": {"development": {"fallback": "web.example.com"}},
                      "docs": {"routing": [{"paths": ["/guide"]}]}}}
                    """));
            assertThat(Client.get(app.port(), "/docs").body()).isEqualTo("local REQUEST /docs");
            assertThat(Client.get(app.port(), "/guide").body()).isEqualTo("z");
            assertThat(zone.connectionCount()).isEqualTo(1);

            MicrofrontendsConfig another = MicrofrontendsConfig.parse("bad.json", """
                    {"applications": {
                      "web": {"development": {"fallback": "web.example.com"}},
                      "shop": {"routing": [{"paths": ["/shop"]}]}}}
                    """);
            assertThatThrownBy(() -> app.filter().reload(another)).hasMessageContaining("mfe.zones.");
            assertThat(Client.get(app.port(), "/guide").body()).isEqualTo("z");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 0, 0", "OPTIONS, 7, 6", "OPTIONS, 1, 0", "OPTIONS, x, x"})
    @Spec("RFC 9110 §7.6.2")
    void maxForwardsIsCountedDown(String method, String received, String sent) throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()));
                Client client = Client.connect(app.port())) {
            client.send(method + " /docs HTTP/1.1\r\nHost: x\r\nMax-Forwards: " + received + "\r\n\r\n");
            assertThat(client.readAnswer().status()).isEqualTo(200);
            assertThat(zone.takeRequest().fields("Max-Forwards")).containsExactly(sent);
        }
    }

    @Test
    @Spec("RFC 9110 §7.6.2")
    void optionsThatMayGoNoFurtherEndHere() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.connections();
                TomcatApp app = TomcatApp.start(TomcatApp.docsAt(zone.url()));
                Client client = Client.connect(app.port())) {
            client.send("OPTIONS /docs HTTP/1.1\r\nHost: x\r\nMax-Forwards: 0\r\n\r\n");
            Answer answer = client.readAnswer();
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.fields("Allow")).isNotEmpty();
            assertThat(zone.connectionCount()).isZero();
        }
    }

    @Test
    @Spec({"RFC 9113 §8.1", "failure case 28"})
    void aBodyOfUnknownLengthThatWasReadAsTextIsNotDropped() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead());
                TomcatApp app = TomcatApp.start(
                        TomcatApp.docsAt(zone.url()),
                        Map.of("reads", overHttp2(request -> request.getReader().read())))) {
            assertThat(postInChunks(app, "text/plain", "hello").status()).isEqualTo(500);
            assertThat(app.filter().statistics().get(0).failures()).containsOnlyKeys(ProxyFailure.BODY_LOST);
            assertThat(zone.waitingRequests()).isZero();
        }
    }

    @Test
    @Spec({"RFC 9113 §8.1", "failure case 28"})
    void aFormOfUnknownLengthThatWasReadIsRebuilt() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(script().readHead()
                        .readBodyUntil("a=1&b=x+y")
                        .send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
                TomcatApp app = TomcatApp.start(
                        TomcatApp.docsAt(zone.url()),
                        Map.of("reads", overHttp2(request -> request.getParameter("a"))))) {
            assertThat(postInChunks(app, "application/x-www-form-urlencoded", "a=1&b=x+y")
                            .status())
                    .isEqualTo(200);
        }
    }

    private interface Reading {
        Object of(HttpServletRequest request) throws IOException;
    }

    /** Shows the request as one over HTTP/2, where nothing in the head says whether a body follows. */
    private static Filter overHttp2(Reading reading) {
        return (request, response, chain) -> {
            reading.of((HttpServletRequest) request);
            // Not a wrapper, which would be taken off: it stands in for the container's own.
            InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
                case "getProtocol" -> "HTTP/2.0";
                case "getHeader" -> "Transfer-Encoding".equals(arguments[0]) ? null : method.invoke(request, arguments);
                default -> {
                    try {
                        yield method.invoke(request, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }
            };
            Class<?>[] types = {HttpServletRequest.class};
            chain.doFilter(
                    (HttpServletRequest)
                            Proxy.newProxyInstance(HttpServletRequest.class.getClassLoader(), types, handler),
                    response);
        };
    }

    private static Answer postInChunks(TomcatApp app, String type, String body) throws IOException {
        try (Client client = Client.connect(app.port())) {
            client.send("POST /docs HTTP/1.1\r\nHost: x\r\nContent-Type: " + type
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
                    + "\r\n0\r\n\r\n");
            return client.readAnswer();
        }
    }

    @Test
    void anExternalZoneSeesNeitherSessionNorCredentials() throws Exception {
        try (ScriptedOrigin zone = ScriptedOrigin.always(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
                TomcatApp app =
                        TomcatApp.start(TomcatApp.docsAt(zone.url()).property("mfe.zones.docs.external", "true"))) {
            Client.get(
                    app.port(),
                    "/docs",
                    "Authorization: Basic eDp5",
                    "Cookie: a=1; JSESSIONID=2; mfe-visitor=3.4; b=3");
            OriginRequest request = zone.takeRequest();
            assertThat(request.fields("Authorization")).isEmpty();
            assertThat(request.fields("Cookie")).containsExactly("a=1; b=3");
        }
    }
}
