package dev.mfe.samples.shop;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;

/** The pages that only show something. */
@Controller
class ShopController {

    private final Catalog catalog;

    ShopController(Catalog catalog) {
        this.catalog = catalog;
    }

    @GetMapping("/")
    String home(Model model) {
        model.addAttribute("products", catalog.products());
        return "home";
    }

    @GetMapping("/products/{id}")
    String product(@PathVariable String id, Model model) {
        model.addAttribute(
                "product", catalog.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)));
        return "product";
    }

    /** The old one. Visitors for whom the flag is on are served by the docs zone and do not come here. */
    @GetMapping("/brewing-guide")
    String brewingGuide() {
        return "brewing-guide";
    }

    @GetMapping("/login")
    String login() {
        return "login";
    }
}
