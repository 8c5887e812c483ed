package dev.mfe.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Strict UTF-8, as RFC 8259 §8.1 asks of JSON that is exchanged. */
final class Utf8 {
    private Utf8() {}

    /**
     * Decodes a text.
     *
     * @throws InvalidConfigException if the bytes are not UTF-8; with the place of the first that is not
     */
    static String decode(String name, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer input = ByteBuffer.wrap(bytes);
        // UTF-8 never has more UTF-16 units than bytes
        CharBuffer output = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(input, output, true);
        String decoded = output.flip().toString();
        if (result.isError()) {
            SourceText before = new SourceText(name, decoded);
            Problem problem = before.problem(
                    before.text().length(),
                    "",
                    String.format("the byte 0x%02X is not UTF-8", bytes[input.position()]),
                    "save the file as UTF-8");
            throw new InvalidConfigException(name, List.of(problem));
        }
        return decoded;
    }
}
