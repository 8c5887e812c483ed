package dev.mfe.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The slow and obvious way to read a response to GET: all bytes at hand, regular expressions from the grammar of RFC 9110
 * and 9112. What the real parser says is compared with it.
 *
 * @param status the status
 * @param fields name and value of each field line, lower-case names
 * @param body the body
 * @param trailers like fields
 * @param rest what follows the message
 */
record ReferenceResponse(int status, List<String> fields, String body, List<String> trailers, String rest) {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String VALUE = "[\\t\\x20-\\x7e\\x80-\\xff]*";
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-9][0-9]{2})(?: " + VALUE + ")?");
    private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):[ \\t]*(" + VALUE + ")", Pattern.DOTALL);
    private static final String BLANK = "[ \\t]*";
    private static final String QUOTED =
            "\"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*\"";
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,15})(?:" + BLANK + ";" + BLANK + TOKEN + "(?:"
            + BLANK + "=" + BLANK + "(?:" + TOKEN + "|" + QUOTED + "))?)*");

    /** Null when the bytes are no complete and acceptable response; the end of the bytes is the end of the connection. */
    static @Nullable ReferenceResponse read(String bytes) {
        Reader reader = new Reader(bytes);
        try {
            return reader.response();
        } catch (Refused e) {
            return null;
        }
    }

    private static final class Refused extends Exception {}

    private static final class Reader {

        private String rest;

        Reader(String bytes) {
            this.rest = bytes;
        }

        private String line() throws Refused {
            int end = rest.indexOf("\r\n");
            if (end < 0) {
                throw new Refused();
            }
            String line = rest.substring(0, end);
            if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
                throw new Refused();
            }
            rest = rest.substring(end + 2);
            return line;
        }

        private List<String> fields() throws Refused {
            List<String> fields = new ArrayList<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                Matcher field = FIELD.matcher(line);
                if (!field.matches()) {
                    throw new Refused();
                }
                fields.add(field.group(1).toLowerCase(java.util.Locale.ROOT) + ": "
                        + field.group(2).replaceAll("[ \\t]+$", ""));
            }
            return fields;
        }

        ReferenceResponse response() throws Refused {
            for (int interim = 0; interim <= 32; interim++) {
                Matcher status = STATUS_LINE.matcher(line());
                if (!status.matches()) {
                    throw new Refused();
                }
                int code = Integer.parseInt(status.group(2));
                List<String> fields = fields();
                List<String> lengths = values(fields, "content-length");
                List<String> codings = values(fields, "transfer-encoding");
                for (String length : lengths) {
                    if (!length.matches("[0-9]{1,18}(" + BLANK + "," + BLANK + "[0-9]{1,18})*")) {
                        throw new Refused();
                    }
                }
                long distinct = lengths.stream()
                        .flatMap(value -> List.of(value.split(BLANK + "," + BLANK, -1)).stream())
                        .map(Long::parseLong)
                        .distinct()
                        .count();
                boolean oneCoding = codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
                if (distinct > 1
                        || (!codings.isEmpty()
                                && (!oneCoding
                                        || !lengths.isEmpty()
                                        || status.group(1).equals("0")))) {
                    throw new Refused();
                }
                if (code == 101) {
                    throw new Refused();
                }
                if (code < 200) {
                    continue;
                }
                String body = "";
                List<String> trailers = List.of();
                if (code != 204 && code != 304) {
                    if (!codings.isEmpty()) {
                        StringBuilder data = new StringBuilder();
                        long size;
                        do {
                            Matcher chunk = CHUNK.matcher(line());
                            if (!chunk.matches()) {
                                throw new Refused();
                            }
                            size = Long.parseLong(chunk.group(1), 16);
                            if (size > 0) {
                                data.append(take(size));
                                if (!line().isEmpty()) {
                                    throw new Refused();
                                }
                            }
                        } while (size > 0);
                        body = data.toString();
                        trailers = fields();
                        trailers.removeIf(field -> field.matches("(content-(length|type)|transfer-encoding): .*"));
                    } else if (!lengths.isEmpty()) {
                        body = take(Long.parseLong(lengths.get(0).split("[ \\t,]", -1)[0]));
                    } else {
                        body = take(rest.length());
                    }
                }
                fields.removeIf(field -> field.startsWith("content-length:"));
                return new ReferenceResponse(code, fields, body, trailers, rest);
            }
            throw new Refused();
        }

        private String take(long length) throws Refused {
            if (length > rest.length()) {
                throw new Refused();
            }
            String taken = rest.substring(0, (int) length);
            rest = rest.substring((int) length);
            return taken;
        }

        private static List<String> values(List<String> fields, String name) {
            return fields.stream()
                    .filter(field -> field.startsWith(name + ": "))
                    .map(field -> field.substring(name.length() + 2))
                    .toList();
        }
    }
}
