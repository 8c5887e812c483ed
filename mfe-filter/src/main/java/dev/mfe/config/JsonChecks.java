package dev.mfe.config;

import static dev.mfe.config.Printable.quote;

import dev.mfe.config.JsonText.ArrayNode;
import dev.mfe.config.JsonText.Member;
import dev.mfe.config.JsonText.Node;
import dev.mfe.config.JsonText.ObjectNode;
import dev.mfe.config.JsonText.StringNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes values out of a JSON text by type; what does not fit is a problem. */
final class JsonChecks {
    private final SourceText source;
    private final ProblemList problems;

    JsonChecks(SourceText source, ProblemList problems) {
        this.source = source;
        this.problems = problems;
    }

    @Nullable
    ObjectNode object(Member member, Pointer pointer, String remedy) {
        if (member.value() instanceof ObjectNode object) {
            refuseRepeatedKeys(object, pointer);
            return object;
        }
        wrongType(member, pointer, "an object", remedy);
        return null;
    }

    @Nullable
    ArrayNode array(Member member, Pointer pointer, String remedy) {
        if (member.value() instanceof ArrayNode array) {
            return array;
        }
        wrongType(member, pointer, "an array", remedy);
        return null;
    }

    @Nullable
    String string(Member member, Pointer pointer, String remedy) {
        if (member.value() instanceof StringNode string) {
            return string.value();
        }
        wrongType(member, pointer, "a string", remedy);
        return null;
    }

    void wrongType(Member member, Pointer pointer, String expected, String remedy) {
        wrongType(member.value(), pointer, quote(member.name()), expected, remedy);
    }

    void wrongType(Node node, Pointer pointer, String what, String expected, String remedy) {
        problems.add(node.offset(), pointer, what + " must be " + expected + ", but is " + node.kind(), remedy);
    }

    void refuseRepeatedKeys(ObjectNode object, Pointer pointer) {
        Map<String, Member> first = new HashMap<>();
        for (Member member : object.members()) {
            Member earlier = first.putIfAbsent(member.name(), member);
            if (earlier != null) {
                problems.add(
                        member.offset(),
                        pointer.child(member.name()),
                        "the key " + quote(member.name()) + " stands at " + source.where(earlier.offset()) + " already",
                        "merge the two, or remove one");
            }
        }
    }

    void unknownKey(Member member, Pointer pointer, List<String> known) {
        String key = member.name();
        String remedy = NearestKey.of(key, known)
                .map(nearest -> "did you mean " + quote(nearest) + "?")
                .orElseGet(() -> key.startsWith("//") || key.startsWith("#") || key.startsWith("_")
                        ? "remove it; a comment is written // outside of quotes"
                        : "remove it; the known keys are "
                                + known.stream().map(Printable::quote).collect(Collectors.joining(", ")));
        problems.add(member.offset(), pointer, "the key " + quote(key) + " is not known", remedy);
    }
}
