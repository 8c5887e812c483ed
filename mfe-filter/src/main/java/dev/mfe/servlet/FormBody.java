package dev.mfe.servlet;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, which may be a form that an earlier filter made the container read by asking for a parameter. Then
 * it is put together again from the parameters.
 *
 * @param length to announce to the zone
 * @param start bytes that were taken out of the request already
 * @param started how many these are
 * @param complete whether there are no more
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FormBody(long length, byte[] start, int started, boolean complete) {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int FORM_START = 1024;

    /** What Tomcat 10.1 sets where later versions throw. */
    private static final String TOMCAT_HAS_CUT = "org.apache.catalina.parameter_parse_failed";

    /** Of a stand-alone Tomcat, Jetty and Undertow. */
    private static final int SMALLEST_LIMIT = 1000;

    private static final byte[] NOTHING = {};
    private static final String HEX = "0123456789ABCDEF";

    /** A body that was read and cannot be put together again. */
    static final class LostException extends IOException {

        LostException(String message) {
            super(message);
        }
    }

    /**
     * Looks whether the body is still there, for which the beginning of a form has to be read: some containers do not tell.
     *
     * @param request as the earlier filters left it
     * @param sent as the container made it
     * @param length the Content-Length, more than 0, or -1 when the body comes in chunks
     * @throws LostException when it was read and cannot be put together
     */
    static FormBody of(HttpServletRequest request, HttpServletRequest sent, long length) throws IOException {
        ServletInputStream body;
        try {
            body = request.getInputStream();
        } catch (IllegalStateException e) {
            throw readAsText();
        }
        if (!isForm(sent)) {
            if (body.isFinished()) {
                throw new LostException("An earlier filter has read the body of this request, which is not a form");
            }
            return new FormBody(length, NOTHING, 0, false);
        }
        byte[] start = new byte[FORM_START];
        int n = body.isFinished() ? -1 : body.read(start);
        if (n >= 0) {
            return new FormBody(length, start, n, false);
        }
        byte[] form = rebuild(request.getParameterMap(), sent.getQueryString(), sent.getCharacterEncoding(), length);
        if (form.length != length && mayBeCut(request, form, length)) {
            throw new LostException(
                    "An earlier filter has asked for the parameters of this request, which is a form that the"
                            + " container has not kept whole");
        }
        return new FormBody(form.length, form, form.length, true);
    }

    static LostException readAsText() {
        return new LostException("An earlier filter has read the body of this request as text");
    }

    static boolean isForm(HttpServletRequest sent) {
        String type = sent.getContentType();
        return type != null && type.regionMatches(true, 0, FORM, 0, FORM.length());
    }

    /**
     * Whether the container may have kept less than the client sent. Tomcat leaves out what is beyond its limits, or not to be decoded, and tells
     * it by an attribute; limits of other containers start at 1000.
     */
    private static boolean mayBeCut(HttpServletRequest request, byte[] form, long length) {
        if (request.getAttribute(TOMCAT_HAS_CUT) != null || (form.length == 0 && length > 0)) {
            return true;
        }
        int values = 0;
        for (String[] of : request.getParameterMap().values()) {
            values += of.length;
        }
        return values >= SMALLEST_LIMIT;
    }

    /**
     * Tries the spellings that browsers use until one has the length that the client's had. If none has, the form is spelled
     * another way than the client's, and says the same if the container has kept all of it.
     */
    static byte[] rebuild(
            Map<String, String[]> parameters, @Nullable String query, @Nullable String encoding, long length) {
        Map<String, Integer> inQuery = inQuery(query);
        Charset charset = charset(parameters, encoding);
        // WHATWG URL §5.2 leaves "*-._" as they are; encodeURIComponent "-_.!~*'()", with %20 for a space.
        for (String plain : new String[] {"*-._", "-_.!~*'()", "-_.~"}) {
            for (int spelling = 0; spelling < 4; spelling++) {
                byte[] body = write(parameters, inQuery, charset, plain, (spelling & 1) == 0, (spelling & 2) == 0);
                if (body.length == length) {
                    return body;
                }
            }
        }
        return write(parameters, inQuery, charset, "*-._", true, true);
    }

    /**
     * The charset that gives back the client's bytes. A container that was not told otherwise may have taken UTF-8 for
     * ISO-8859-1: then the characters, as bytes, are good UTF-8, which text seldom is by chance.
     */
    private static Charset charset(Map<String, String[]> parameters, @Nullable String encoding) {
        if (encoding != null) {
            try {
                return Charset.forName(encoding);
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                // Then the container has not used it either.
            }
        }
        StringBuilder all = new StringBuilder();
        parameters.forEach((name, values) -> {
            all.append(name);
            for (String value : values) {
                all.append(value);
            }
        });
        String text = all.toString();
        if (!StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
            return StandardCharsets.UTF_8;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
            return StandardCharsets.ISO_8859_1;
        } catch (CharacterCodingException e) {
            return StandardCharsets.UTF_8;
        }
    }

    private static byte[] write(
            Map<String, String[]> parameters,
            Map<String, Integer> inQuery,
            Charset charset,
            String plain,
            boolean plus,
            boolean equals) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parameters.forEach((name, values) -> {
            // The values of the query come first (Servlet 6.0 §3.1); they still stand in the query.
            for (int i = inQuery.getOrDefault(name, 0); i < values.length; i++) {
                if (out.size() > 0) {
                    out.write('&');
                }
                encode(name, charset, plain, plus, out);
                if (equals || !values[i].isEmpty()) {
                    out.write('=');
                }
                encode(values[i], charset, plain, plus, out);
            }
        });
        return out.toByteArray();
    }

    private static void encode(String text, Charset charset, String plain, boolean plus, ByteArrayOutputStream out) {
        for (byte b : text.getBytes(charset)) {
            boolean same = (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || (b >= '0' && b <= '9')
                    || (b > 0 && plain.indexOf(b) >= 0);
            if (same) {
                out.write(b);
            } else if (b == ' ' && plus) {
                out.write('+');
            } else {
                out.write('%');
                out.write(HEX.charAt(b >> 4 & 0xf));
                out.write(HEX.charAt(b & 0xf));
            }
        }
    }

    private static Map<String, Integer> inQuery(@Nullable String query) {
        Map<String, Integer> counts = new HashMap<>();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                if (!pair.isEmpty()) {
                    counts.merge(decode(name), 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
