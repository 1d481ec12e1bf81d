package lamella.tck.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.io.ModelFileException;
import lamella.io.SafeTensors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/// What a file can get wrong, and the line that says so.
class BadSafeTensorsTest {
    @TempDir Path folder;

    private void assertRejected(String message, byte[] bytes) {
        Path file = RawFile.write(folder.resolve("a"), bytes);
        var e = assertThrows(ModelFileException.class, () -> SafeTensors.open(file));
        assertEquals("checkpoint: " + file + ": " + message, e.getMessage());
    }

    private void assertRejected(String message, String header, int dataBytes) {
        assertRejected(message, RawFile.bytes(header, dataBytes));
    }

    private static String tensor(String name, String shape, String offsets) {
        return "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}".formatted(name, shape, offsets);
    }

    private static byte[] withLength(long length) {
        byte[] bytes = RawFile.bytes("{}", 0);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        return bytes;
    }

    @Test
    void headerLength() {
        assertRejected("has 0 bytes, not even the 8 of the header's length", new byte[0]);
        assertRejected("has 7 bytes, not even the 8 of the header's length", new byte[7]);
        assertRejected("header ends at byte 11 but the file has 10", withLength(3));
        assertRejected("header ends at byte 100000008 but the file has 10", withLength(100_000_000));
        assertRejected("header of 100000001 bytes is longer than 100000000", withLength(100_000_001));
        assertRejected("header of 9223372036854775807 bytes is longer than 100000000", withLength(Long.MAX_VALUE));
        assertRejected("header of 18446744073709551615 bytes is longer than 100000000", withLength(-1));
        assertRejected("header: does not begin with {", withLength(0));
    }

    @Test
    void headerText() {
        assertRejected("header: does not begin with {", "[]", 0);
        assertRejected("header: does not begin with {", " {}", 0);
        byte[] bytes = RawFile.bytes("{\"w\":1}", 0);
        bytes[8 + 2] = (byte) 0xff;
        assertRejected("header: not UTF-8 at byte 2", bytes);
        byte[] overlong = {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', '}'};
        assertRejected("header: not UTF-8 at byte 2", RawFile.bytes(overlong, 0));
        byte[] surrogate = {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', '}'};
        assertRejected("header: not UTF-8 at byte 2", RawFile.bytes(surrogate, 0));
        byte[] cut = Arrays.copyOf("{\"ü".getBytes(StandardCharsets.UTF_8), 3);
        assertRejected("header: not UTF-8 at byte 2", RawFile.bytes(cut, 0));
        assertRejected("header: more text after the closing }", "{} {}", 0);
        assertRejected(
                "header: line 1, column 7: Unexpected character ('}' (code 125)): expected a" + " value",
                "{\"w\": }",
                0);
    }

    @Test
    void keysTwice() {
        String w = tensor("w", "[1]", "[0,4]");
        assertRejected("header: line 1, column 58: Duplicate Object property \"w\"", "{" + w + "," + w + "}", 4);
        assertRejected(
                "header: line 1, column 28: Duplicate Object property \"a\"",
                "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}",
                0);
        assertRejected(
                "header: line 1, column 28: Duplicate Object property \"dtype\"",
                "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}",
                0);
    }

    @Test
    void fields() {
        assertRejected("tensor w is not an object", "{\"w\":[]}", 0);
        assertRejected("tensor w has no dtype", "{\"w\":{}}", 0);
        assertRejected("tensor w has no shape", "{\"w\":{\"dtype\":\"F32\"}}", 0);
        assertRejected("tensor w has no data_offsets", "{\"w\":{\"dtype\":\"F32\",\"shape\":[]}}", 0);
        assertRejected("tensor w: dtype is not a text", "{\"w\":{\"dtype\":1}}", 0);
        assertRejected("tensor w has dtype BF16; known: [F32, I32]", "{\"w\":{\"dtype\":\"BF16\"}}", 0);
        assertRejected("tensor w has an unknown field x", "{\"w\":{\"x\":1}}", 0);
        assertRejected("__metadata__ is not an object", "{\"__metadata__\":[]}", 0);
        assertRejected("__metadata__ entry a is not a text", "{\"__metadata__\":{\"a\":1}}", 0);
    }

    @Test
    void shapes() {
        assertRejected("tensor w: shape is not a list", "{" + tensor("w", "1", "[0,4]") + "}", 4);
        assertRejected(
                "tensor w: shape holds -1, not a whole number of 0 to 2147483647",
                "{" + tensor("w", "[-1]", "[0,4]") + "}",
                4);
        assertRejected(
                "tensor w: shape holds 2147483648, not a whole number of 0 to 2147483647",
                "{" + tensor("w", "[2147483648]", "[0,4]") + "}",
                4);
        assertRejected(
                "tensor w: shape holds 18446744073709551617, not a whole number of 0 to 2147483647",
                "{" + tensor("w", "[18446744073709551617]", "[0,4]") + "}",
                4);
        assertRejected(
                "tensor w: shape holds 1.0, not a whole number of 0 to 2147483647",
                "{" + tensor("w", "[1.0]", "[0,4]") + "}",
                4);
        assertRejected(
                "tensor w: shape holds [, not a whole number of 0 to 2147483647",
                "{" + tensor("w", "[[1]]", "[0,4]") + "}",
                4);
        assertRejected(
                "tensor w: shape: [65536, 65536, 65536] has more than 2147483647 elements",
                "{" + tensor("w", "[65536,65536,65536]", "[0,4]") + "}",
                4);
        String ones = "[" + "1,".repeat(32) + "1]";
        assertRejected("tensor w: shape has more than 32 numbers", "{" + tensor("w", ones, "[0,4]") + "}", 4);
    }

    @Test
    void places() {
        assertRejected("tensor w: data_offsets are not two numbers", "{" + tensor("w", "[1]", "[0]") + "}", 4);
        assertRejected("tensor w: data_offsets has more than 2 numbers", "{" + tensor("w", "[1]", "[0,4,8]") + "}", 4);
        assertRejected(
                "tensor w: data_offsets holds -4, not a whole number of 0 to 9223372036854775807",
                "{" + tensor("w", "[1]", "[-4,0]") + "}",
                4);
        assertRejected(
                "tensor w has data_offsets [8, 4], the end before the start",
                "{" + tensor("w", "[1]", "[8,4]") + "}",
                8);
        assertRejected(
                "tensor w of shape [6, 1] needs 24 bytes but its data_offsets [0, 20] hold 20",
                "{" + tensor("w", "[6,1]", "[0,20]") + "}",
                20);
        assertRejected(
                "tensor w ends at byte 812 but the file has 640 bytes of data",
                "{" + tensor("w", "[203]", "[0,812]") + "}",
                640);
        assertRejected(
                "tensor w ends at byte 4611686018427387908 but the file has 4 bytes of data",
                "{" + tensor("w", "[1]", "[4611686018427387904,4611686018427387908]") + "}",
                4);
        assertRejected(
                "tensor w of shape [2147483647] needs 8589934588 bytes but its data_offsets"
                        + " [9223372036854775807, 9223372036854775807] hold 0",
                "{" + tensor("w", "[2147483647]", "[9223372036854775807,9223372036854775807]") + "}",
                4);
    }

    @Test
    void overlapsAndHoles() {
        assertRejected(
                "tensor b starts at byte 4, inside tensor a, which ends at byte 8",
                "{" + tensor("a", "[2]", "[0,8]") + "," + tensor("b", "[2]", "[4,12]") + "}",
                12);
        assertRejected(
                "tensor b starts at byte 0, inside tensor a, which ends at byte 4",
                "{" + tensor("a", "[1]", "[0,4]") + "," + tensor("b", "[1]", "[0,4]") + "}",
                4);
        assertRejected(
                "tensor b starts at byte 8 but the data before it ends at byte 4",
                "{" + tensor("a", "[1]", "[0,4]") + "," + tensor("b", "[1]", "[8,12]") + "}",
                12);
        assertRejected(
                "tensor a starts at byte 4 but the data before it ends at byte 0",
                "{" + tensor("a", "[1]", "[4,8]") + "}",
                8);
        assertRejected(
                "the tensors end at byte 4 but the file has 5 bytes of data",
                "{" + tensor("a", "[1]", "[0,4]") + "}",
                5);
        assertRejected("the tensors end at byte 0 but the file has 1 bytes of data", "{}", 1);
    }

    @Test
    void counts() {
        var header = new StringBuilder("{");
        for (int i = 0; i <= 100_000; i++) {
            header.append(i == 0 ? "" : ",").append(tensor("t" + i, "[0]", "[0,0]"));
        }
        assertRejected("more than 100000 tensors", header + "}", 0);
        var metadata = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; i <= 100_000; i++) {
            metadata.append(i == 0 ? "" : ",").append("\"").append(i).append("\":\"\"");
        }
        assertRejected("more than 100000 entries in __metadata__", metadata + "}}", 0);
    }

    @Test
    void depth() {
        assertRejected("tensor w is not an object", "{\"w\":" + "[".repeat(1_000_000) + "}", 0);
    }

    @Test
    void namesAreShownOnOneLine() {
        assertRejected("tensor a\\u000ab\\u202ec has no dtype", "{\"a\\nb\u202ec\":{}}", 0);
        assertRejected("tensor " + "x".repeat(120) + "... has no dtype", "{\"" + "x".repeat(10_000) + "\":{}}", 0);
    }
}
