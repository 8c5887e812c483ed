package dev.mfe.path;

import java.util.Random;

/** Random expressions, and random paths in their neighbourhood. */
final class RandomPaths {
    private static final String[] WORDS = {"a", "b", "ab", "abc", "docs", "en", "de", "x", "a-b", "\u00e9", "a.b"};
    private static final String[] ODD = {
        "A", "B", "-", ".", "_", "~", "1", "\u00c9", "\u017f", "s", "S", "k", "K", "\u212a", "\u00b5", "\u03bc",
        "\u00df", "\u1e9e", "\u0130", "i", "\u0131", "\ud83d", "\ude00", "%2F", "$", "^", "|", "[", "]", "@", " ", "\n",
        "\u2028", "\r", "\u0085", "#", "?", "/", "\u01c6", "\u01c5", "\u03c3", "\u03c2", "\u00e5", "\u212b"
    };
    private static final String[] SYNTAX = {
        "/", ":", "(", ")", "|", "*", "+", "?", "\\", "{", "}", ".", "(?!", ".*)", "-", "a", "b", "#", ":p", "\\\\{"
    };

    private final Random random;

    RandomPaths(Random random) {
        this.random = random;
    }

    /** An expression, most often one that is allowed. */
    String expression() {
        StringBuilder text = new StringBuilder();
        int segments = 1 + random.nextInt(4);
        for (int i = 1; i <= segments; i++) {
            text.append('/').append(segment());
        }
        if (chance(35)) {
            text.append(chance(50) ? "/" + wildcard() : "").append(chance(50) ? '*' : '+');
        }
        return chance(8) ? spoil(text.toString(), SYNTAX) : text.toString();
    }

    private String segment() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> literal();
            case 4, 5, 6 -> wildcard();
            case 7, 8 -> literal() + wildcard();
            case 9 -> wildcard() + literal();
            case 10 -> pick("x.", ".", "v", "a-", "") + wildcard() + pick(".js", "-b", "");
            default -> chance(50) ? "\\\\{" + pick("/", ".") + wildcard() + pick("", "b", ".") + "}" : "";
        };
    }

    private String literal() {
        return chance(60) ? pick(WORDS) : PathExpression.escape(chance(50) ? pick(ODD) : pick(WORDS) + pick(ODD));
    }

    private String wildcard() {
        String name = ":" + pick("p", "path", "x1", "_");
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> name;
            case 3, 4 -> name + "(" + word() + "|" + words() + ")";
            case 5, 6 -> name + "((?!" + words() + ").*)";
            default -> name + pick("(.*)", "(a)", "((?!a))", "(a|.)", "()", "((?!a|b/).*):q((?!b|a/).*)");
        };
    }

    private String words() {
        StringBuilder words = new StringBuilder(word());
        while (chance(60)) {
            words.append('|').append(word());
        }
        return words.toString();
    }

    private String word() {
        return chance(75)
                ? pick("a", "b", "ab", "abc", "docs", "en", "x-y")
                : "a" + pick("\\.", "\\/", "/", "\\|", "b/c", "\\*") + pick("", "b");
    }

    /** A path that the expression, which is allowed, matches, or that it nearly matches. */
    String near(String expression) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\\') {
                i++;
                path.append(i < expression.length() ? expression.substring(i, i + 1) : "");
            } else if (c == ':') {
                i = fill(expression, i + 1, path) - 1;
            } else if ("{}*+".indexOf(c) < 0) {
                path.append(c);
            }
        }
        if (chance(25)) {
            path.append(pick("/", "#", "?", "//", "\n"));
        }
        String result = path.toString();
        while (chance(30)) {
            result = spoil(result, chance(60) ? new String[] {"/", "a", "b", ".", "-", "/"} : ODD);
        }
        return chance(30) ? flipCase(result) : result;
    }

    /** Puts something in place of the wildcard whose name starts here; says where it ends. */
    private int fill(String expression, int name, StringBuilder path) {
        int end = name;
        while (end < expression.length()
                && (Character.isLetterOrDigit(expression.charAt(end)) || expression.charAt(end) == '_')) {
            end++;
        }
        String pattern = "";
        if (end < expression.length() && expression.charAt(end) == '(') {
            boolean exclusion = expression.startsWith("((?!", end);
            int close = expression.indexOf(exclusion ? ").*)" : ")", end);
            pattern = expression.substring(end + (exclusion ? "((?!".length() : 1), close);
            end = close + (exclusion ? ").*)".length() : 1);
        }
        boolean repeats = end < expression.length() && "*+".indexOf(expression.charAt(end)) >= 0;
        path.append(filling(pattern));
        while (repeats && chance(50)) {
            path.append('/').append(filling(pattern));
        }
        return end;
    }

    private String filling(String words) {
        if (words.isEmpty() || chance(20)) {
            return pick(WORDS) + (chance(30) ? pick(ODD) : "") + (chance(20) ? pick(WORDS) : "");
        }
        String[] all = words.split("\\|", -1);
        return all[random.nextInt(all.length)].replace("\\", "") + (chance(30) ? pick("x", "/", "/a", "") : "");
    }

    String spoil(String text, String... pieces) {
        int at = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), at + random.nextInt(3));
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + text.substring(to);
            case 1 -> text.substring(0, to) + text.substring(at);
            case 2 -> text.substring(0, at) + pick(pieces) + text.substring(to);
            default -> text.substring(0, at) + pick(pieces) + text.substring(at);
        };
    }

    private String flipCase(String text) {
        StringBuilder flipped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            flipped.append(chance(50) ? c : chance(50) ? Character.toUpperCase(c) : Character.toLowerCase(c));
        }
        return flipped.toString();
    }

    /** Text of the characters that mean something in an expression, and of any others. */
    String noise() {
        StringBuilder noise = new StringBuilder(chance(80) ? "/" : "");
        while (chance(90)) {
            noise.append(chance(80) ? pick(SYNTAX) : String.valueOf((char) random.nextInt(Character.MAX_VALUE + 1)));
        }
        return noise.toString();
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }
}
