package dev.mfe.samples.shop;

import jakarta.servlet.http.HttpSession;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.server.ResponseStatusException;

/** The cart, as a page and for the scripts of other zones. */
@Controller
class CartController {

    private final Catalog catalog;

    CartController(Catalog catalog) {
        this.catalog = catalog;
    }

    @GetMapping("/cart")
    String cart(@SessionAttribute(name = Cart.ATTRIBUTE, required = false) @Nullable Cart cart, Model model) {
        model.addAttribute("cart", view(cart));
        return "cart";
    }

    @PostMapping("/cart/add")
    String add(@RequestParam String product, HttpSession session) {
        session.setAttribute(Cart.ATTRIBUTE, of(session).plus(known(product)));
        return "redirect:/cart";
    }

    @PostMapping("/cart/remove")
    String remove(@RequestParam String product, HttpSession session) {
        session.setAttribute(Cart.ATTRIBUTE, of(session).without(known(product)));
        return "redirect:/cart";
    }

    /** A cart in JSON. */
    record Summary(List<Item> items, String total) {

        /** One line. */
        record Item(String name, int quantity, String price) {}
    }

    @GetMapping("/cart.json")
    @ResponseBody
    Summary summary(@SessionAttribute(name = Cart.ATTRIBUTE, required = false) @Nullable Cart cart) {
        CartView view = view(cart);
        return new Summary(
                view.lines().stream()
                        .map(line -> new Summary.Item(
                                line.product().name(),
                                line.quantity(),
                                line.price().toString()))
                        .toList(),
                view.total().toString());
    }

    private CartView view(@Nullable Cart cart) {
        return CartView.of(cart == null ? Cart.EMPTY : cart, catalog);
    }

    private static Cart of(HttpSession session) {
        return session.getAttribute(Cart.ATTRIBUTE) instanceof Cart cart ? cart : Cart.EMPTY;
    }

    private Product known(String id) {
        return catalog.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.BAD_REQUEST));
    }
}
