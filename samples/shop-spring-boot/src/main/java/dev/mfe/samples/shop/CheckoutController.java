package dev.mfe.samples.shop;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.SessionAttribute;

/**
 * The old checkout: for users without the flag {@code new-checkout}, and for everybody while the checkout zone is down.
 * Once nobody needs it, the first two methods are deleted.
 */
@Controller
class CheckoutController {

    private final Catalog catalog;

    CheckoutController(Catalog catalog) {
        this.catalog = catalog;
    }

    @GetMapping("/checkout")
    String checkout(@SessionAttribute(name = Cart.ATTRIBUTE, required = false) @Nullable Cart cart, Model model) {
        model.addAttribute("cart", CartView.of(cart == null ? Cart.EMPTY : cart, catalog));
        return "checkout";
    }

    @PostMapping("/checkout/orders")
    String order() {
        return "redirect:/thanks";
    }

    /** Where both checkouts send the visitor in the end. */
    @GetMapping("/thanks")
    String thanks(@RequestParam(defaultValue = "") String order, HttpSession session, Model model) {
        session.removeAttribute(Cart.ATTRIBUTE);
        model.addAttribute("cartCount", 0);
        model.addAttribute("order", order.matches("[a-z0-9]{1,20}") ? order : "");
        return "thanks";
    }
}
