package dev.mfe.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mfe.samples.tests.Visitor;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URL;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shop's own pages, while no zone is up. */
@QuarkusTest
@TestProfile(ShopTest.ZonesAreDown.class)
class ShopTest {

    /** Nothing listens there. */
    public static final class ZonesAreDown implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.mfe.zones.docs.url", "http://localhost:1",
                    "quarkus.mfe.zones.checkout.url", "http://localhost:1");
        }
    }

    @TestHTTPResource
    URL shop;

    private Visitor visitor;

    @BeforeEach
    void visit() {
        visitor = new Visitor(shop.getPort());
    }

    @Test
    void theCartGoesAlong() throws Exception {
        visitor.submit("/", "/cart/add", "product=silver-needle");
        visitor.submit("/products/chai", "/cart/add", "product=chai");
        visitor.submit("/products/chai", "/cart/add", "product=chai");

        assertThat(visitor.get("/cart").body()).contains("Silver Needle", "Chai", "€ 30.70");
        assertThat(visitor.get("/").body()).contains("<span class=\"count\">3</span>");

        HttpResponse<String> removed = visitor.submit("/cart", "/cart/remove", "product=chai");
        assertThat(removed.headers().firstValue("Location")).get().asString().endsWith("/cart");
        assertThat(visitor.get("/cart.json").body()).isEqualTo("""
                {"items":[{"name":"Silver Needle","quantity":1,"price":"€ 14.90"}],"total":"€ 14.90"}""");
    }

    @Test
    void nobodyOrdersMoreThanThereIsOrAtHisOwnPrice() throws Exception {
        for (String cookie : List.of("coffee.1", "chai.0", "chai.-1", "chai.100", "chai", "<script>", "")) {
            assertThat(visitor.get("/cart.json", "Cookie", "cart=" + cookie).body())
                    .as(cookie)
                    .contains("\"items\":[]");
        }
        visitor.submit("/", "/cart/add", "product=chai");
        assertThat(visitor.submit("/", "/cart/add", "product=coffee").statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatIsNotThereIsSaidInThePagesOfTheShop() throws Exception {
        HttpResponse<String> answer = visitor.get("/products/coffee");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("There is no such page");
    }

    @Test
    void usersLogInAndOut() throws Exception {
        HttpResponse<String> refused = visitor.submit("/login", "/login", "username=ada&password=wrong");
        assertThat(refused.headers().firstValue("Location")).get().asString().endsWith("/login?error=true");
        assertThat(visitor.get("/login?error=true").body()).contains("That is not right");
        assertThat(visitor.get("/checkout").statusCode()).isEqualTo(302);

        HttpResponse<String> welcome = visitor.submit("/login", "/login", "username=bob&password=password");
        assertThat(welcome.headers().firstValue("Location")).get().asString().endsWith("/checkout");
        assertThat(visitor.get("/").body()).contains("<span>bob</span>");
        assertThat(visitor.get("/checkout").body()).contains("The old checkout");

        visitor.submit("/", "/logout", "");
        assertThat(visitor.get("/").body()).contains("Log in");
        assertThat(visitor.get("/checkout").statusCode()).isEqualTo(302);
    }

    @Test
    void theOldCheckoutTakesTheFormsOfAZoneThatIsDown() throws Exception {
        visitor.loggedIn("ada");
        assertThat(visitor.get("/").body()).contains("You see new things first");

        HttpResponse<String> ordered = visitor.submit("/checkout", "/checkout/orders", "name=Ada&_csrf=");

        assertThat(ordered.headers().firstValue("Location")).get().asString().endsWith("/thanks");
        assertThat(visitor.get("/docs").statusCode()).isEqualTo(502);
    }

    @Test
    void formsOfOtherSitesAreRefusedTheLoginAmongThem() throws Exception {
        for (String form : List.of("/login", "/logout", "/cart/add", "/checkout/orders")) {
            for (String origin : List.of("https://elsewhere.example", "null", "http://localhost:1")) {
                assertThat(visitor.post(form, "username=ada&password=password&product=chai", "Origin", origin)
                                .statusCode())
                        .as("%s from %s", form, origin)
                        .isEqualTo(403);
            }
            assertThat(visitor.post(form, "product=chai").statusCode()).isEqualTo(403);
        }
    }
}
