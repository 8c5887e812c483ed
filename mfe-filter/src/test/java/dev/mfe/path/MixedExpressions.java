package dev.mfe.path;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Many expressions of all kinds, such as a large site would have, and paths that they match. */
final class MixedExpressions {
    private static final String[] WORDS = {
        "docs", "shop", "account", "settings", "team", "blog", "news", "help", "search", "catalog", "product", "order"
    };

    private MixedExpressions() {}

    static List<PathExpression> of(int count) {
        List<PathExpression> expressions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            expressions.add(PathExpression.parse(text(i)));
        }
        return expressions;
    }

    private static String name(int i) {
        return WORDS[i % WORDS.length] + "-" + i;
    }

    static String text(int i) {
        String name = name(i);
        return switch (i % 10) {
            case 0 -> "/" + name;
            case 1 -> "/" + name + "/:path*";
            case 2 -> "/" + name + "/:id/edit";
            case 3 -> "/:lang(en|de|fr)/" + name;
            case 4 -> "/:tenant/" + name + "/:path*";
            case 5 -> "/assets/" + name + "-:hash.js";
            case 6 -> "/" + name + "/:slug((?!admin|internal).*)";
            case 7 -> "/:a/:b/" + name;
            case 8 -> "/api/v:version/" + name;
            default -> "/" + name + "/overview/details/:rest+";
        };
    }

    /** Paths that some of the first {@code expressions} match, with the same numbers for the same seed. */
    static List<String> paths(int expressions, int count, long seed) {
        Random random = new Random(seed);
        List<String> paths = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            int i = random.nextInt(expressions);
            String name = name(i);
            paths.add(
                    switch (i % 10) {
                        case 0 -> "/" + name;
                        case 1 -> "/" + name + "/some/page";
                        case 2 -> "/" + name + "/4711/edit";
                        case 3 -> "/de/" + name + "/";
                        case 4 -> "/acme/" + name + "/some/page";
                        case 5 -> "/assets/" + name + "-0a1b.js";
                        case 6 -> "/" + name + "/welcome/home";
                        case 7 -> "/x/y/" + name;
                        case 8 -> "/api/v2/" + name;
                        default -> "/" + name + "/overview/details/a/b";
                    });
        }
        return paths;
    }
}
