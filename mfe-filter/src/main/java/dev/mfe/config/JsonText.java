package dev.mfe.config;

import static dev.mfe.config.Printable.quote;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * JSON with comments and trailing commas as a tree whose nodes know where they stand in the text. The only class that
 * knows the JSON tokenizer, which is created for each text and keeps nothing.
 */
final class JsonText {
    /** The longest text that is read, in characters. Ten thousand path expressions take about half of it. */
    static final int MAX_LENGTH = 1 << 20;

    private static final int MAX_DEPTH = 64;
    // Names stand in messages and are hashed; no zone needs a longer one
    private static final int MAX_NAME_LENGTH = 1000;

    private final SourceText source;
    private final Deque<Integer> open = new ArrayDeque<>();

    private JsonText(SourceText source) {
        this.source = source;
    }

    /** A value and the offset at which it starts. */
    sealed interface Node {
        int offset();

        /** What it is, with an article: {@code a string}. */
        String kind();
    }

    record ObjectNode(int offset, List<Member> members) implements Node {
        @Override
        public String kind() {
            return "an object";
        }
    }

    /** A name in an object, with the offset of its opening quote. Names may repeat; judging that is up to the reader. */
    record Member(String name, int offset, Node value) {}

    record ArrayNode(int offset, List<Node> elements) implements Node {
        @Override
        public String kind() {
            return "an array";
        }
    }

    record StringNode(int offset, String value) implements Node {
        @Override
        public String kind() {
            return "a string";
        }
    }

    /** A number as written: what it means is up to the reader. */
    record NumberNode(int offset, String text) implements Node {
        @Override
        public String kind() {
            return "a number";
        }
    }

    record BooleanNode(int offset, boolean value) implements Node {
        @Override
        public String kind() {
            return value ? "true" : "false";
        }
    }

    record NullNode(int offset) implements Node {
        @Override
        public String kind() {
            return "null";
        }
    }

    /**
     * Reads the one value of a text.
     *
     * @throws InvalidConfigException with one problem, if the text is not JSON or breaks a limit
     */
    static Node parse(SourceText source) {
        return new JsonText(source).parse();
    }

    private Node parse() {
        if (source.text().length() > MAX_LENGTH) {
            throw refuse(
                    0,
                    "the text is longer than " + MAX_LENGTH + " characters",
                    "remove what does not belong here, or let wildcards stand for several paths");
        }
        try (JsonParser parser = factory().createParser(source.text())) {
            return parseAll(parser);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading from a string cannot fail", e);
        }
    }

    private Node parseAll(JsonParser parser) throws IOException {
        boolean complete = false;
        try {
            if (parser.nextToken() == null) {
                throw refuse(0, "the text holds no JSON", "write {\"applications\": { }} and put the zones into it");
            }
            Node root = value(parser);
            complete = true;
            if (parser.nextToken() != null) {
                throw textAfterEnd(offset(parser));
            }
            return root;
        } catch (StreamConstraintsException e) {
            throw refuse(
                    clamp(e.getLocation() == null ? 0 : e.getLocation().getCharOffset()),
                    "the text breaks a limit of the JSON parser: " + e.getOriginalMessage(),
                    "make it simpler");
        } catch (JsonProcessingException e) {
            int offset = clamp(e.getLocation() == null ? 0 : e.getLocation().getCharOffset());
            throw syntaxError(offset, e.getOriginalMessage(), complete);
        }
    }

    private static JsonFactory factory() {
        return JsonFactory.builder()
                .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                // Names are used once: a shared table of them would only be a thing to attack
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // The length of the text is limited already, the depth below with a better message
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH + 1)
                        .maxStringLength(MAX_LENGTH)
                        .maxNameLength(MAX_LENGTH)
                        .maxNumberLength(MAX_LENGTH)
                        .build())
                .build();
    }

    private Node value(JsonParser parser) throws IOException {
        int offset = offset(parser);
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(parser, offset);
            case START_ARRAY -> array(parser, offset);
            case VALUE_STRING -> new StringNode(offset, parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new NumberNode(offset, parser.getText());
            case VALUE_TRUE -> new BooleanNode(offset, true);
            case VALUE_FALSE -> new BooleanNode(offset, false);
            case VALUE_NULL -> new NullNode(offset);
            default -> throw new IllegalStateException("No value starts with " + token);
        };
    }

    private ObjectNode object(JsonParser parser, int offset) throws IOException {
        enter(offset);
        List<Member> members = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            int nameOffset = offset(parser);
            String name = parser.currentName();
            if (name.length() > MAX_NAME_LENGTH) {
                throw refuse(
                        nameOffset, "a key is longer than " + MAX_NAME_LENGTH + " characters", "use a shorter name");
            }
            parser.nextToken();
            members.add(new Member(name, nameOffset, value(parser)));
        }
        open.pop();
        return new ObjectNode(offset, List.copyOf(members));
    }

    private ArrayNode array(JsonParser parser, int offset) throws IOException {
        enter(offset);
        List<Node> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser));
        }
        open.pop();
        return new ArrayNode(offset, List.copyOf(elements));
    }

    private void enter(int offset) {
        if (open.size() == MAX_DEPTH) {
            throw refuse(
                    offset,
                    "objects and arrays are nested deeper than " + MAX_DEPTH + " levels",
                    "a routing file needs fewer than ten");
        }
        open.push(offset);
    }

    private static int offset(JsonParser parser) {
        return Math.toIntExact(parser.currentTokenLocation().getCharOffset());
    }

    private int clamp(long offset) {
        return (int) Math.max(0, Math.min(offset, source.text().length()));
    }

    /**
     * Says in our words what the tokenizer stumbled over. Its own words are for programmers, and its offset may be that of
     * the offending character or of the next one; only for what the text alone does not tell are its words looked at.
     */
    private InvalidConfigException syntaxError(int reported, String hint, boolean complete) {
        String text = source.text();
        if (reported == text.length() && !complete) {
            return endsTooEarly(hint);
        }
        if (hint.contains("in a comment")) {
            return refuse(text.length(), "a comment is not closed", "write */ at its end");
        }
        int offset = reported;
        if (offset > 0
                && isControl(text.charAt(offset - 1))
                && (offset == text.length() || !isControl(text.charAt(offset)))) {
            offset--;
        }
        if (offset == text.length()) {
            offset--;
        }
        char c = text.charAt(offset);
        if (isControl(c) || c == '\n' || c == '\r' || c == '\t') {
            return controlCharacter(offset, c);
        }
        int wordStart = wordStart(offset);
        if (wordStart > 0 && text.charAt(wordStart - 1) == '\\') {
            return badEscape(wordStart - 1);
        }
        if (complete) {
            return textAfterEnd(wordStart);
        }
        if (hint.contains("comma to separate") && wordStart == offset) {
            return refuse(offset, "a comma is missing in front of " + quoteAt(offset), "put a comma there");
        }
        if (hint.contains("colon to separate") && wordStart == offset) {
            return refuse(offset, "a colon is missing in front of " + quoteAt(offset), "write \"name\": value");
        }
        return unexpected(wordStart);
    }

    private InvalidConfigException endsTooEarly(String hint) {
        int end = source.text().length();
        if (hint.contains("in a comment")) {
            return refuse(end, "the text ends inside a comment", "write */ at the end of the comment");
        }
        if (hint.contains("quote") || hint.contains("escape sequence")) {
            return refuse(end, "the text ends inside a string", "close the string with a double quote");
        }
        Integer start = open.peek();
        if (start == null) {
            return refuse(end, "the text ends too early", "complete it");
        }
        boolean object = source.text().charAt(start) == '{';
        return refuse(
                end,
                "the text ends before the " + (object ? "object" : "array") + " that starts at " + source.where(start)
                        + " is closed",
                "close it with " + (object ? '}' : ']'));
    }

    private InvalidConfigException controlCharacter(int offset, char c) {
        return switch (c) {
            case '\n', '\r' -> refuse(offset, "a string goes on over the end of the line", "close it, or write \\n");
            case '\t' -> refuse(offset, "a string holds a tab", "write \\t");
            default ->
                refuse(offset, "there is the control character " + codePoint(c), "remove it, or write it as an escape");
        };
    }

    private InvalidConfigException badEscape(int offset) {
        int end = Math.min(offset + 2, source.text().length());
        String escape = source.text().substring(offset, end);
        if (escape.equals("\\u")) {
            return refuse(offset, "\\u is not followed by four hexadecimal digits", "write four, as in \\u00e9");
        }
        return refuse(
                offset,
                quote(escape) + " is no JSON escape",
                "write \\\\ for a backslash; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits");
    }

    private InvalidConfigException textAfterEnd(int offset) {
        return refuse(offset, "there is text after the end of the JSON value", "remove it");
    }

    private InvalidConfigException unexpected(int offset) {
        String text = source.text();
        char c = text.charAt(offset);
        return switch (c) {
            case '\'' -> refuse(offset, "there is a single quote", "JSON uses double quotes");
            case ',' ->
                refuse(
                        offset,
                        "there is a comma with nothing in front of it",
                        "remove it; one comma may follow the last entry, not two");
            case '#' -> refuse(offset, "\"#\" starts no comment", "write // or /* */");
            case '/' -> refuse(offset, "a slash alone starts no comment", "write // or /* */");
            case '}', ']' -> unexpectedClose(offset, c);
            case '{', '[', ':', '"' ->
                refuse(offset, "\"" + c + "\" cannot stand here", "check what is in front of it");
            default -> isWordCharacter(c) ? unexpectedWord(offset) : unexpectedCharacter(offset);
        };
    }

    private InvalidConfigException unexpectedClose(int offset, char c) {
        Integer start = open.peek();
        if (start == null) {
            return refuse(offset, "\"" + c + "\" closes nothing", "remove it");
        }
        char expected = source.text().charAt(start) == '{' ? '}' : ']';
        if (expected == c) {
            return refuse(offset, "there is \"" + c + "\" where a value is expected", "write the value");
        }
        return refuse(
                offset,
                "\"" + c + "\" cannot close what starts with \"" + source.text().charAt(start) + "\" at "
                        + source.where(start),
                "write \"" + expected + "\" first");
    }

    private InvalidConfigException unexpectedWord(int offset) {
        int end = offset;
        while (end < source.text().length() && isWordCharacter(source.text().charAt(end))) {
            end++;
        }
        String word = source.text().substring(offset, end);
        char first = word.charAt(0);
        boolean number = (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
        return refuse(
                offset,
                quote(word) + " is not JSON",
                number
                        ? "write numbers in decimal and without leading zeros"
                        : "put names and text in double quotes; the only words without are true, false and null");
    }

    private InvalidConfigException unexpectedCharacter(int offset) {
        int c = source.text().codePointAt(offset);
        if (Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT) {
            return refuse(offset, "there is the invisible character " + codePoint(c), "replace it by a plain space");
        }
        return refuse(
                offset, quote(Character.toString(c)) + " cannot stand here", "remove it, or put it in double quotes");
    }

    private int wordStart(int offset) {
        int start = offset;
        while (start > 0 && isWordCharacter(source.text().charAt(start - 1))) {
            start--;
        }
        // A word ends in front of the offset when the tokenizer has read it already: "NaN]"
        return start < offset || isWordCharacter(source.text().charAt(offset)) ? start : offset;
    }

    private static boolean isWordCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '.' || c == '+' || c == '-';
    }

    private static boolean isControl(char c) {
        return c < 0x20 && c != '\n' && c != '\r' && c != '\t';
    }

    private String quoteAt(int offset) {
        return quote(Character.toString(source.text().codePointAt(offset)));
    }

    private static String codePoint(int c) {
        return String.format("U+%04X", c);
    }

    private InvalidConfigException refuse(int offset, String message, String remedy) {
        return new InvalidConfigException(source.name(), List.of(source.problem(offset, "", message, remedy)));
    }
}
