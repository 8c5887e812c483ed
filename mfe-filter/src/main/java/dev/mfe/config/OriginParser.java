package dev.mfe.config;

import static dev.mfe.config.Printable.quote;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * The part of the WHATWG URL Standard's parser (§4.4) that an origin with scheme {@code http} or {@code https} needs.
 */
final class OriginParser {
    private static final int MAX_PORT = 65535;
    // DNS ends at 253; behind that it is only work for whoever has to read it
    private static final int MAX_LENGTH = 2048;
    private static final String FORBIDDEN_IN_DOMAIN = " #/:<>?@[\\]^|%\u007F";

    private OriginParser() {}

    /** What is wrong with a text that should be an origin, and what to do. */
    static final class OriginException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private final String problem;
        private final String remedy;

        OriginException(String problem, String remedy) {
            super(problem + "; " + remedy);
            this.problem = problem;
            this.remedy = remedy;
        }

        String problem() {
            return problem;
        }

        String remedy() {
            return remedy;
        }
    }

    static Origin parse(String text, String defaultScheme) {
        if (text.length() > MAX_LENGTH) {
            throw new OriginException(
                    "the host is longer than " + MAX_LENGTH + " characters", "write scheme, host and port only");
        }
        String scheme = defaultScheme;
        String rest = text;
        // The schemes are told by their exact text, as the npm package does; anything else is a part of the host
        for (String known : new String[] {"http", "https"}) {
            if (text.startsWith(known + "://")) {
                scheme = known;
                rest = text.substring(known.length() + "://".length());
            }
        }
        rest = withoutLineBreaksAndTabs(withoutTrailingSpace(rest));
        int start = 0;
        while (start < rest.length() && isSlash(rest.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < rest.length() && "/\\?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        String authority = rest.substring(start, end);
        int at = authority.lastIndexOf('@');
        refuseCredentials(authority.substring(0, Math.max(at, 0)));
        Origin origin = hostAndPort(text, scheme, authority.substring(at + 1));
        refuseWhatFollows(text, origin, rest.substring(end));
        return origin;
    }

    private static Origin hostAndPort(String text, String scheme, String hostAndPort) {
        int colon = hostEnd(hostAndPort);
        String host = hostAndPort.substring(0, colon);
        if (host.isEmpty()) {
            throw new OriginException("there is no host", "write one, such as docs.example.com");
        }
        String ascii = host(host);
        String digits = colon == hostAndPort.length() ? "" : hostAndPort.substring(colon + 1);
        if (digits.isEmpty()) {
            return Origin.of(scheme, ascii);
        }
        int port = port(text, digits);
        return port == Origin.defaultPort(scheme) ? Origin.of(scheme, ascii) : Origin.of(scheme, ascii, port);
    }

    /** The index of the colon in front of the port; colons in brackets belong to an IPv6 address. */
    private static int hostEnd(String hostAndPort) {
        boolean inBrackets = false;
        for (int i = 0; i < hostAndPort.length(); i++) {
            switch (hostAndPort.charAt(i)) {
                case '[' -> inBrackets = true;
                case ']' -> inBrackets = false;
                case ':' -> {
                    if (!inBrackets) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return hostAndPort.length();
    }

    private static int port(String text, String digits) {
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new OriginException(
                        quote(text) + " has the port " + quote(digits) + ", which is no number",
                        "write host:port, such as localhost:3001");
            }
            port = Math.min(10 * port + digit, MAX_PORT + 1);
        }
        if (port > MAX_PORT) {
            throw new OriginException(
                    quote(text) + " has a port above " + MAX_PORT, "use a port from 1 to " + MAX_PORT);
        }
        return port;
    }

    /** Host parser, §3.5. */
    private static String host(String host) {
        if (host.startsWith("[")) {
            if (!host.endsWith("]")) {
                throw new OriginException(
                        quote(host) + " has a bracket that is not closed", "write [::1], or [::1]:3001");
            }
            return '[' + Ipv6Address.normalize(host.substring(1, host.length() - 1)) + ']';
        }
        String domain = DomainName.toAscii(percentDecode(host));
        for (int i = 0; i < domain.length(); i++) {
            char c = domain.charAt(i);
            if (c < 0x20 || FORBIDDEN_IN_DOMAIN.indexOf(c) >= 0) {
                throw new OriginException(
                        "the host " + quote(host) + " holds " + quote(String.valueOf(c)),
                        "write scheme, host and port only, such as https://docs.example.com:8443");
            }
        }
        return Ipv4Address.endsInNumber(domain) ? Ipv4Address.normalize(domain) : domain;
    }

    private static void refuseCredentials(String userinfo) {
        // "@host" and ":@host" name neither a user nor a password
        if (!userinfo.isEmpty() && !userinfo.equals(":")) {
            throw new OriginException(
                    "there is a user name or a password", "remove it; a host is no place for secrets");
        }
    }

    private static void refuseWhatFollows(String text, Origin origin, String rest) {
        int hash = rest.indexOf('#');
        String beforeFragment = hash < 0 ? rest : rest.substring(0, hash);
        int question = beforeFragment.indexOf('?');
        String path = question < 0 ? beforeFragment : beforeFragment.substring(0, question);
        String remedy = "write " + origin;
        if (hash >= 0 && hash < rest.length() - 1) {
            throw new OriginException(quote(text) + " has a fragment", remedy);
        }
        if (!isRoot(path)) {
            throw new OriginException(quote(text) + " has a path", remedy);
        }
        if (question >= 0 && question < beforeFragment.length() - 1) {
            throw new OriginException(quote(text) + " has a query", remedy);
        }
    }

    /** Whether a path is "/" once its dot segments are resolved (path state, §4.4). */
    private static boolean isRoot(String path) {
        if (path.length() <= 1) {
            return true;
        }
        Deque<String> segments = new ArrayDeque<>();
        String[] raw = path.substring(1).split("[/\\\\]", -1);
        for (int i = 0; i < raw.length; i++) {
            String segment = raw[i].toLowerCase(Locale.ROOT).replace("%2e", ".");
            boolean last = i == raw.length - 1;
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.equals(".")) {
                segments.add(segment);
                continue;
            }
            if (last) {
                segments.add("");
            }
        }
        return segments.size() == 1 && segments.getFirst().isEmpty();
    }

    private static String percentDecode(String host) {
        if (host.indexOf('%') < 0) {
            return host;
        }
        byte[] bytes = host.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (bytes[i] == '%' && high >= 0 && low >= 0) {
                decoded.write(16 * high + low);
                i += 2;
            } else {
                decoded.write(bytes[i]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    private static String withoutTrailingSpace(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) <= ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private static String withoutLineBreaksAndTabs(String text) {
        return text.replace("\t", "").replace("\n", "").replace("\r", "");
    }

    private static boolean isSlash(char c) {
        return c == '/' || c == '\\';
    }
}
