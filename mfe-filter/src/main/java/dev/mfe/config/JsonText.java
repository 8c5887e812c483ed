package dev.mfe.config;

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

    /**
     * A name in an object, with the offset of its opening quote. Names may repeat; judging that is up to the reader.
     */
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
                throw refuse(offset(parser), "there is text after the end of the JSON value", "remove it");
            }
            return root;
        } catch (StreamConstraintsException e) {
            throw refuse(
                    offset(e),
                    "the text breaks a limit of the JSON parser: " + e.getOriginalMessage(),
                    "make it simpler");
        } catch (JsonProcessingException e) {
            JsonSyntaxError error = new JsonSyntaxError(source, open.peek(), complete, e.getOriginalMessage());
            throw new InvalidConfigException(source.name(), List.of(error.at(offset(e))));
        }
    }

    private int offset(JsonProcessingException e) {
        long offset = e.getLocation() == null ? 0 : e.getLocation().getCharOffset();
        return (int) Math.max(0, Math.min(offset, source.text().length()));
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

    private InvalidConfigException refuse(int offset, String message, String remedy) {
        return new InvalidConfigException(source.name(), List.of(source.problem(offset, "", message, remedy)));
    }
}
