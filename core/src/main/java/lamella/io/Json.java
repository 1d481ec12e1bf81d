package lamella.io;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.jr.ob.JSON;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Strict JSON: UTF-8 without errors, no key twice, nothing after the value, limited depth.
///
/// `where` is what errors begin with, such as `checkpoint: lenet.safetensors: header`.
final class Json {
    private static final int DEEPEST = 200;

    private Json() {}

    /// Returns the text of UTF-8 bytes.
    static String decode(String where, byte[] utf8) {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(utf8);
        CharBuffer out = CharBuffer.allocate(utf8.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new ModelFileException(where + ": not UTF-8 at byte " + in.position());
        }
        return out.flip().toString();
    }

    /// Returns a reader of tokens; names are neither interned nor hashed into a shared table.
    static JsonParser parser(String text) {
        var limits =
                StreamReadConstraints.builder().maxNestingDepth(DEEPEST).maxStringLength(Integer.MAX_VALUE).build();
        return JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(limits)
                .build()
                .createParser(ObjectReadContext.empty(), text);
    }

    /// Returns a value as maps, lists, texts, numbers, booleans and nulls.
    static Object tree(String where, String text) {
        try (JsonParser in = parser(text)) {
            Object value = value(where, in, in.nextToken());
            if (in.nextToken() != null) {
                throw at(where, in.currentTokenLocation(), "more text after the value");
            }
            return value;
        } catch (JacksonException e) {
            throw syntax(where, e);
        }
    }

    private static Object value(String where, JsonParser in, JsonToken token) {
        return switch (token) {
            case null -> throw new ModelFileException(where + ": the text is empty");
            case START_OBJECT -> object(where, in);
            case START_ARRAY -> array(where, in);
            case VALUE_STRING -> in.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw at(where, in.currentTokenLocation(), "unexpected " + token);
        };
    }

    private static Map<String, Object> object(String where, JsonParser in) {
        var fields = new LinkedHashMap<String, Object>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            fields.put(name, value(where, in, in.nextToken()));
        }
        return fields;
    }

    private static List<Object> array(String where, JsonParser in) {
        var elements = new ArrayList<Object>();
        for (JsonToken t = in.nextToken(); t != JsonToken.END_ARRAY; t = in.nextToken()) {
            elements.add(value(where, in, t));
        }
        return elements;
    }

    /// Returns the error of one line for a syntax error, without the parser's hints for
    /// programmers.
    static ModelFileException syntax(String where, JacksonException e) {
        String message =
                e.getOriginalMessage().replaceFirst(" \\(start marker at .*", "").replaceFirst(", from `[^`]*`", "");
        var error = at(where, e.getLocation(), Shown.line(message));
        error.initCause(e);
        return error;
    }

    private static ModelFileException at(String where, TokenStreamLocation place, String message) {
        String position =
                place == null || place.getLineNr() < 1
                        ? ""
                        : "line " + place.getLineNr() + ", column " + place.getColumnNr() + ": ";
        return new ModelFileException(where + ": " + position + message);
    }

    /// Returns the shortest text of maps, lists, texts, numbers and booleans; maps keep their
    /// order.
    static String text(Object value) {
        return JSON.std.asString(value);
    }

    /// Returns the text with a line for each field, on every system the same.
    static String pretty(Object value) {
        var indenter = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        return JSON.builder().prettyPrinter(printer).build().asString(value) + "\n";
    }
}
