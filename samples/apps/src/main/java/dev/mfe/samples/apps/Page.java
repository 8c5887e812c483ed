package dev.mfe.samples.apps;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the checkout with places for values. */
final class Page {

    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

    private final String template;

    Page(String name) {
        this.template = new Assets("checkout").text(name);
    }

    /** Writes the page; values are text, and whatever they hold is shown as text. */
    void write(HttpServletResponse response, int status, Map<String, String> values) throws IOException {
        String html = PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(escape(values.getOrDefault(place.group(1), ""))));
        response.setStatus(status);
        response.setContentType("text/html;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(html.getBytes(StandardCharsets.UTF_8));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
