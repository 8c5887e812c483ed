package dev.mfe.samples.shop;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;

/** The templates. */
@CheckedTemplate
final class Pages {

    private Pages() {}

    static native TemplateInstance home(List<Product> products);

    static native TemplateInstance product(Product product);

    static native TemplateInstance brewingGuide();

    static native TemplateInstance login(boolean error);

    static native TemplateInstance cart();

    static native TemplateInstance checkout();

    static native TemplateInstance thanks(String order);

    static native TemplateInstance error(int status, String reason);
}
