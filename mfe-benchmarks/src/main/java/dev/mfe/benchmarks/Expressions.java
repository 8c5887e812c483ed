package dev.mfe.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.pathmap.PathSpec;
import org.eclipse.jetty.http.pathmap.RegexPathSpec;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;
import org.eclipse.jetty.http.pathmap.UriTemplatePathSpec;

/** Expressions of ten kinds, as a large site would have them, in the languages of all contestants; and paths. */
final class Expressions {
    private static final int KINDS = 10;
    private static final int PATH_LENGTH = 40;
    private static final int PATHS = 1024;
    private static final String[] WORDS = {
        "docs", "shop", "account", "settings", "team", "blog", "news", "help", "search", "catalog", "product", "order"
    };

    private Expressions() {}

    private static String name(int i) {
        return WORDS[i % WORDS.length] + "-" + i;
    }

    /** As in {@code microfrontends.json}. */
    static String mfe(int i) {
        String name = name(i);
        return switch (i % KINDS) {
            case 0 -> "/" + name;
            case 1 -> "/" + name + "/:path*";
            case 2 -> "/" + name + "/:id/edit";
            case 3 -> "/:lang(en|de|fr)/" + name;
            case 4 -> "/:tenant/" + name + "/:path*";
            case 5 -> "/assets/" + name + "-:hash.js";
            case 6 -> "/" + name + "/:slug((?!admin|internal).*)";
            case 7 -> "/:a/:b/" + name;
            case 8 -> "/api/v:version/" + name;
            default -> "/" + name + "/overview/:rest+";
        };
    }

    /** As for Spring's {@code PathPattern}. */
    static String spring(int i) {
        String name = name(i);
        return switch (i % KINDS) {
            case 0 -> "/" + name;
            case 1 -> "/" + name + "/{*path}";
            case 2 -> "/" + name + "/{id}/edit";
            case 3 -> "/{lang:en|de|fr}/" + name;
            case 4 -> "/{tenant}/" + name + "/{*path}";
            case 5 -> "/assets/" + name + "-{hash}.js";
            case 6 -> "/" + name + "/{slug:(?!admin|internal).*}";
            case 7 -> "/{a}/{b}/" + name;
            case 8 -> "/api/v{version}/" + name;
            default -> "/" + name + "/overview/{*rest}";
        };
    }

    /** As for Jetty's {@code PathMappings}: the cheapest kind that can say it. */
    static PathSpec jetty(int i) {
        String name = name(i);
        return switch (i % KINDS) {
            case 0 -> new ServletPathSpec("/" + name);
            case 1 -> new ServletPathSpec("/" + name + "/*");
            case 2 -> new UriTemplatePathSpec("/" + name + "/{id}/edit");
            case 7 -> new UriTemplatePathSpec("/{a}/{b}/" + name);
            case 9 -> new ServletPathSpec("/" + name + "/overview/*");
            default -> new RegexPathSpec("^" + regex(i) + "$");
        };
    }

    /** As path-to-regexp translates them. */
    static Pattern pattern(int i) {
        return Pattern.compile(regex(i) + "[/#?]?", Pattern.CASE_INSENSITIVE);
    }

    private static String regex(int i) {
        String name = name(i);
        String segment = "[^/#?]+?";
        return switch (i % KINDS) {
            case 0 -> "/" + name;
            case 1 -> "/" + name + "(?:/((?:" + segment + ")(?:/(?:" + segment + "))*))?";
            case 2 -> "/" + name + "(?:/(" + segment + "))/edit";
            case 3 -> "(?:/(en|de|fr))/" + name;
            case 4 -> "(?:/(" + segment + "))/" + name + "(?:/((?:" + segment + ")(?:/(?:" + segment + "))*))?";
            case 5 -> "/assets/" + name + "-(" + segment + ")\\.js";
            case 6 -> "/" + name + "(?:/((?!admin|internal).*))";
            case 7 -> "(?:/(" + segment + "))(?:/(" + segment + "))/" + name;
            case 8 -> "/api/v(" + segment + ")/" + name;
            default -> "/" + name + "/overview(?:/((?:" + segment + ")(?:/(?:" + segment + "))*))";
        };
    }

    /** Paths that expressions match, 40 characters long wherever there is a wildcard to fill. */
    static String[] hits(int expressions) {
        Random random = new Random(1);
        List<String> paths = new ArrayList<>();
        for (int k = 0; k < PATHS; k++) {
            int i = random.nextInt(expressions);
            String name = name(i);
            String path = switch (i % KINDS) {
                case 0 -> "/" + name;
                case 1 -> "/" + name + "/some/@";
                case 2 -> "/" + name + "/@/edit";
                case 3 -> "/de/" + name;
                case 4 -> "/acme/" + name + "/some/@";
                case 5 -> "/assets/" + name + "-@.js";
                case 6 -> "/" + name + "/welcome/@";
                case 7 -> "/one/@/" + name;
                case 8 -> "/api/v@/" + name;
                default -> "/" + name + "/overview/@";
            };
            paths.add(path.replace("@", "x".repeat(Math.max(1, PATH_LENGTH + 1 - path.length()))));
        }
        return paths.toArray(String[]::new);
    }

    /** Paths of 40 characters that no expression matches, and that begin as some do. */
    static String[] misses() {
        Random random = new Random(2);
        String[] paths = new String[PATHS];
        for (int k = 0; k < PATHS; k++) {
            String word = WORDS[random.nextInt(WORDS.length)];
            String path = "/" + word + "-" + (20_000 + random.nextInt(10_000)) + "/page/of/the/local/app/and/more";
            paths[k] = path.substring(0, PATH_LENGTH);
        }
        return paths;
    }
}
