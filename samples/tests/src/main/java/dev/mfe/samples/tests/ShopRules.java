package dev.mfe.samples.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shop and its zones, through the one port that visitors know. */
public abstract class ShopRules {

    private static final String FROM_SHOP = "<strong class=\"zone\">shop</strong>";
    private static final String FROM_DOCS = "<strong class=\"zone zone-docs\">docs</strong>";
    private static final String FROM_CHECKOUT = "<strong class=\"zone zone-checkout\">checkout</strong>";

    private int port;
    private Visitor visitor;

    /** Where the shop is, with a docs and a checkout zone behind it. */
    protected abstract int port();

    @BeforeEach
    void visit() {
        port = port();
        visitor = new Visitor(port);
    }

    @Test
    void theShopAnswersWhatNoZoneClaims() throws Exception {
        assertThat(visitor.get("/").body()).contains(FROM_SHOP, "Sencha");
        assertThat(visitor.get("/products/assam").body()).contains(FROM_SHOP, "malty");
        assertThat(visitor.get("/products/coffee").statusCode()).isEqualTo(404);
        assertThat(visitor.get("/site.css").headers().firstValue("Content-Type"))
                .get()
                .asString()
                .startsWith("text/css");
    }

    @Test
    void theDocsZoneAnswersBelowDocs() throws Exception {
        assertThat(visitor.get("/docs").body()).contains(FROM_DOCS);
        assertThat(visitor.get("/docs/brewing").body()).contains(FROM_DOCS);
        assertThat(visitor.get("/docs/coffee").statusCode()).isEqualTo(404);
    }

    @Test
    void theAssetsOfAPageComeFromItsZone() throws Exception {
        List<String> assets = Stream.of("src", "href")
                .flatMap(attribute -> Pattern.compile(attribute + "=\"(/vc-ap-docs/[^\"]+)\"")
                        .matcher(page("/docs"))
                        .results()
                        .map(found -> found.group(1)))
                .toList();

        assertThat(assets).hasSize(3).allSatisfy(asset -> {
            HttpResponse<String> answer = visitor.get(asset);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("public, max-age=31536000, immutable");
        });
    }

    @Test
    void theLoggedInUserDecidesWhichCheckoutAnswers() throws Exception {
        assertThat(new Visitor(port).loggedIn("ada").get("/checkout").body()).contains(FROM_CHECKOUT);
        assertThat(new Visitor(port).loggedIn("bob").get("/checkout").body()).contains(FROM_SHOP, "The old checkout");
    }

    @Test
    void pagesKnowTheFlagThatRoutes() throws Exception {
        assertThat(new Visitor(port).loggedIn("ada").get("/").body()).contains("You see new things first");
        assertThat(new Visitor(port).loggedIn("bob").get("/").body()).doesNotContain("You see new things first");
    }

    @Test
    void theShopsLoginProtectsTheZonesPaths() throws Exception {
        for (String path : List.of("/checkout", "/checkout/events/1", "/checkout/orders/1")) {
            HttpResponse<String> answer = visitor.get(path);
            assertThat(answer.statusCode()).isEqualTo(302);
            assertThat(answer.headers().firstValue("Location")).get().asString().endsWith("/login");
        }
        assertThatThrownBy(
                        () -> visitor.connect("/checkout/chat", new Messages()).get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    @Test
    void aPercentageSplitsVisitorsAndStaysWithEach() throws Exception {
        Set<Boolean> seen = new HashSet<>();
        // At 50 %, all of 64 visitors on one side would be a sign in the sky.
        for (int i = 0; i < 64 && seen.size() < 2; i++) {
            Visitor somebody = new Visitor(port);
            boolean isNew = somebody.get("/brewing-guide").body().contains(FROM_DOCS);
            assertThat(somebody.get("/brewing-guide").body()).contains(isNew ? FROM_DOCS : FROM_SHOP);
            seen.add(isNew);
        }
        assertThat(seen).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void anOrderGoesFromTheShopToTheZoneAndBack() throws Exception {
        visitor.loggedIn("ada");
        visitor.submit("/", "/cart/add", "product=sencha");
        visitor.submit("/", "/cart/add", "product=sencha");
        assertThat(visitor.get("/cart.json").body()).isEqualTo("""
                {"items":[{"name":"Sencha","quantity":2,"price":"€ 17.80"}],"total":"€ 17.80"}""");

        HttpResponse<String> ordered = visitor.submit("/checkout", "/checkout/orders", "name=Ada+%26+Br%C3%BCder");

        assertThat(ordered.statusCode()).isEqualTo(303);
        String thanks = ordered.headers().firstValue("Location").orElseThrow();
        assertThat(thanks).matches("/thanks\\?order=[a-z0-9]+");
        String order = thanks.substring(thanks.indexOf('=') + 1);
        assertThat(visitor.get(thanks).body()).contains(FROM_SHOP, "/checkout/orders/" + order);
        assertThat(visitor.get("/cart.json").body()).contains("\"items\":[]");
        assertThat(visitor.get("/checkout/orders/" + order).body()).contains(FROM_CHECKOUT, "Ada &amp; Brüder");

        try (Stream<String> events =
                visitor.get("/checkout/events/" + order, BodyHandlers.ofLines()).body()) {
            assertThat(events.filter(line -> line.startsWith("data: ")))
                    .containsExactly(
                            "data: Received", "data: Packed", "data: Handed to the courier", "data: Delivered");
        }
    }

    @Test
    void theOldCheckoutStillTakesOrders() throws Exception {
        visitor.loggedIn("bob");
        visitor.submit("/", "/cart/add", "product=chai");

        HttpResponse<String> ordered = visitor.submit("/checkout", "/checkout/orders", "name=Bob");

        assertThat(ordered.headers().firstValue("Location")).get().asString().endsWith("/thanks");
    }

    @Test
    void whoeverAnswersAFormChecksWhereItIsFrom() throws Exception {
        HttpResponse<String> zones = new Visitor(port)
                .loggedIn("ada")
                .post("/checkout/orders", "name=Eve", "Origin", "https://elsewhere.example");
        assertThat(zones.statusCode()).isEqualTo(403);
        assertThat(zones.body()).contains("another site");

        Visitor bob = new Visitor(port).loggedIn("bob");
        assertThat(bob.post("/checkout/orders", "name=Eve").statusCode()).isEqualTo(403);
    }

    @Test
    void redirectsLeadAcrossZonesAndNeverToAZonesOwnPort() throws Exception {
        visitor.loggedIn("ada");
        assertThat(visitor.get("/checkout/help").headers().firstValue("Location"))
                .hasValue("/docs/delivery");
        assertThat(visitor.get("/checkout/start").headers().firstValue("Location"))
                .hasValue("http://localhost:" + port + "/checkout");
    }

    @Test
    void theChatIsAWebSocketOfTheZone() throws Exception {
        visitor.loggedIn("ada");
        Messages messages = new Messages();
        WebSocket chat = visitor.connect("/checkout/chat", messages).get(20, TimeUnit.SECONDS);

        assertThat(messages.next()).startsWith("Hello!");
        chat.sendText("When will you deliver?", true).get(20, TimeUnit.SECONDS);
        assertThat(messages.next()).contains("two days");

        chat.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
        messages.closed.get(20, TimeUnit.SECONDS);
    }

    private String page(String path) {
        try {
            return visitor.get(path).body();
        } catch (Exception e) {
            throw new AssertionError(path, e);
        }
    }

    private static final class Messages implements WebSocket.Listener {

        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final StringBuilder parts = new StringBuilder();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                received.add(parts.toString());
                parts.setLength(0);
            }
            webSocket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedStage(null);
        }

        String next() throws InterruptedException {
            String message = received.poll(20, TimeUnit.SECONDS);
            assertThat(message).as("a message from the zone").isNotNull();
            return message;
        }
    }
}
