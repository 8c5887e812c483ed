package dev.mfe.samples.shop;

import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.SessionAttribute;

/** What the head of each page shows. */
@ControllerAdvice
class EveryPage {

    @ModelAttribute("cartCount")
    int cartCount(@SessionAttribute(name = Cart.ATTRIBUTE, required = false) @Nullable Cart cart) {
        return cart == null ? 0 : cart.count();
    }

    @ModelAttribute("userName")
    String userName(@Nullable Principal user) {
        return user == null ? "" : user.getName();
    }
}
