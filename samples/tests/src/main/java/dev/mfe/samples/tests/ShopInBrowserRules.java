package dev.mfe.samples.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What visitors see. Needs Chromium and its driver. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ShopInBrowserRules {

    private Browser browser;

    /** Where the shop is, with a docs and a checkout zone behind it. */
    protected abstract int port();

    @BeforeAll
    void openBrowser() {
        browser = Browser.open(port());
    }

    @AfterAll
    void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void theConsoleIsQuiet() {
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void linksLeadFromZoneToZone() {
        browser.fresh("/").screenshot("home");
        assertThat(browser.zone()).isEqualTo("shop");
        assertThat(browser.resources()).contains("/site.css").noneMatch(path -> path.startsWith("/vc-ap-"));

        browser.click("Guide").heading("The Kettle & Leaf guide").screenshot("docs");
        assertThat(browser.zone()).isEqualTo("docs");
        assertThat(browser.resources()).isNotEmpty().allMatch(path -> path.startsWith("/vc-ap-docs/"));

        browser.click("Shop").heading("Tea for people who read release notes");
        assertThat(browser.zone()).isEqualTo("shop");
    }

    @Test
    void pagesOfTheDocsZoneChangeWithoutLoadingADocument() {
        browser.fresh("/docs").heading("The Kettle & Leaf guide").run("window.sameDocument = true");

        browser.click("Delivery").heading("Delivery");

        assertThat(browser.path()).isEqualTo("/docs/delivery");
        assertThat(browser.run("return window.sameDocument")).isEqualTo(true);
        assertThat(browser.run("return document.title")).isEqualTo("Delivery · Kettle & Leaf");
        assertThat(browser.run("return document.activeElement.textContent")).isEqualTo("Delivery");
        assertThat(browser.resources())
                .anyMatch(path -> path.matches("/vc-ap-docs/assets/delivery-[\\w-]+\\.js"))
                .allMatch(path -> path.startsWith("/vc-ap-docs/"));

        browser.back().heading("The Kettle & Leaf guide");
        assertThat(browser.path()).isEqualTo("/docs");
        browser.go("/docs/returns").heading("Returns").screenshot("docs-returns");
    }

    @Test
    void earlyUsersOrderInTheNewCheckout() {
        browser.fresh("/").click("Add Sencha to the cart").heading("Your cart").screenshot("cart");
        browser.click("To the checkout").heading("Log in").screenshot("login");
        browser.type("Name", "ada").type("Password", "password").submit().heading("Checkout");

        assertThat(browser.zone()).isEqualTo("checkout");
        browser.find("//*[@id='cart']//li[.='1 × Sencha, € 8.90']");
        assertThat(browser.resources())
                .contains("/cart.json")
                .allMatch(path -> path.equals("/cart.json") || path.startsWith("/vc-ap-checkout/"));
        browser.find("//*[@id='messages']/li[starts-with(., 'Hello!')]");
        browser.type("Your question", "Which tea?").click("Ask");
        browser.find("//*[@id='messages']/li[contains(., 'rooibos')]");
        browser.screenshot("checkout-new");

        browser.type("Name on the parcel", "Ada")
                .click("Place the order")
                .heading("Thank you!")
                .screenshot("thanks");
        assertThat(browser.zone()).isEqualTo("shop");
        browser.click("Where is my parcel?").heading("Where is my parcel?");
        browser.find("//*[@id='stages']/li[4][.='Delivered']");
        assertThat(browser.zone()).isEqualTo("checkout");
        browser.screenshot("parcel").go("/").heading("Tea for people who read release notes");
        browser.find("//p[contains(., 'You see new things first')]");
        browser.screenshot("home-early");
    }

    @Test
    void everybodyElseKeepsTheOldCheckout() {
        browser.fresh("/").logIn("bob").heading("Tea for people who read release notes");
        browser.click("Add Chai to the cart")
                .click("To the checkout")
                .heading("Checkout")
                .screenshot("checkout-old");
        assertThat(browser.zone()).isEqualTo("shop");

        browser.type("Name on the parcel", "Bob").click("Place the order").heading("Thank you!");
    }

    @Test
    void bothBrewingGuidesWork() {
        boolean oldSeen = false;
        boolean newSeen = false;
        // Each fresh visitor is on one side or the other, by chance.
        for (int i = 0; i < 64 && !(oldSeen && newSeen); i++) {
            browser.fresh("/").click("Brewing").heading("Brewing guide");
            if (browser.zone().equals("docs")) {
                assertThat(browser.find("//output").getText()).isEqualTo("6.0 g of leaves");
                browser.screenshot("brewing-new");
                newSeen = true;
            } else {
                browser.screenshot("brewing-old");
                oldSeen = true;
            }
        }
        assertThat(oldSeen && newSeen).isTrue();
    }
}
