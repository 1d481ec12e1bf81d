package lamella.tck.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.io.ModelFileException;
import lamella.io.SafeTensors;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

class SafeTensorsTest {
    @TempDir Path folder;
    private final ReferenceBackend backend = ReferenceBackend.create();

    @AfterEach
    void close() {
        backend.close();
    }

    private Tensor floats(Shape shape, float... elements) {
        return Tensor.of(backend, shape, elements);
    }

    @Test
    void writesTheFormatToTheByte() {
        Path file = folder.resolve("a.safetensors");
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put("w", floats(Shape.of(1, 2), 1, -2.5f));
        tensors.put("ids", Tensor.ofInts(backend, Shape.of(3), 7, -1, 1 << 30));
        SafeTensors.write(file, tensors, Map.of("b", "ü\n", "a", ""));
        String header =
                """
                {"__metadata__":{"a":"","b":"ü\\n"},\
                "ids":{"dtype":"I32","shape":[3],"data_offsets":[0,12]},\
                "w":{"dtype":"F32","shape":[1,2],"data_offsets":[12,20]}}\
                """;
        byte[] bytes = RawFile.read(file);
        assertEquals(header, RawFile.header(bytes).stripTrailing());
        assertEquals(0, RawFile.header(bytes).getBytes(StandardCharsets.UTF_8).length % 8);
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        data.position(bytes.length - 20);
        assertEquals(List.of(7, -1, 1 << 30), List.of(data.getInt(), data.getInt(), data.getInt()));
        assertEquals(List.of(1f, -2.5f), List.of(data.getFloat(), data.getFloat()));
    }

    @Test
    void readsWhatItWrote() {
        Path file = folder.resolve("a.safetensors");
        float[] special = {-0.0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, 1e-40f};
        Map<String, String> metadata = Map.of("epoch", "3", "labels", "[\"a\", \"\u00df\"]");
        SafeTensors.write(
                file,
                Map.of(
                        "special", floats(Shape.of(2, 3), special),
                        "scalar", floats(Shape.scalar(), 42),
                        "empty", floats(Shape.of(0, 5)),
                        "ids", Tensor.ofInts(backend, Shape.of(2), Integer.MIN_VALUE, 9)),
                metadata);
        SafeTensors read = SafeTensors.open(file);
        assertEquals(file, read.file());
        assertEquals(metadata, read.metadata());
        assertEquals(
                List.of(
                        new SafeTensors.Entry("empty", DType.FLOAT32, Shape.of(0, 5), 0),
                        new SafeTensors.Entry("ids", DType.INT32, Shape.of(2), 0),
                        new SafeTensors.Entry("scalar", DType.FLOAT32, Shape.scalar(), 8),
                        new SafeTensors.Entry("special", DType.FLOAT32, Shape.of(2, 3), 12)),
                read.tensors());
        assertEquals(36, read.tensors().getLast().end());
        assertEquals(Optional.of(read.tensors().get(1)), read.tensor("ids"));
        assertEquals(Optional.empty(), read.tensor("other"));
        float[] back = read.floats("special");
        for (int i = 0; i < special.length; i++) {
            assertEquals(Float.floatToRawIntBits(special[i]), Float.floatToRawIntBits(back[i]));
        }
        assertArrayEquals(new float[] {42}, read.floats("scalar"));
        assertArrayEquals(new float[0], read.floats("empty"));
        assertArrayEquals(new int[] {Integer.MIN_VALUE, 9}, read.ints("ids"));
    }

    @Test
    void readsMoreThanOneChunk() {
        Path file = folder.resolve("a.safetensors");
        float[] many = new float[100_003];
        int[] ids = new int[70_001];
        for (int i = 0; i < many.length; i++) {
            many[i] = i * 0.5f;
        }
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i * 31;
        }
        SafeTensors.write(
                file,
                Map.of(
                        "f", floats(Shape.of(many.length), many),
                        "i", Tensor.ofInts(backend, Shape.of(ids.length), ids)),
                Map.of());
        assertArrayEquals(many, SafeTensors.open(file).floats("f"));
        assertArrayEquals(ids, SafeTensors.open(file).ints("i"));
    }

    @Test
    void equalContentGivesEqualBytes() {
        Tensor a = floats(Shape.of(1), 1);
        Tensor b = floats(Shape.of(1), 2);
        var forward = new LinkedHashMap<String, Tensor>();
        forward.put("a", a);
        forward.put("b", b);
        var backward = new LinkedHashMap<>(forward.reversed());
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        SafeTensors.write(first, forward, new LinkedHashMap<>(Map.of("x", "1", "y", "2")));
        SafeTensors.write(second, backward, new LinkedHashMap<>(Map.of("y", "2", "x", "1")));
        assertArrayEquals(RawFile.read(first), RawFile.read(second));
    }

    @Test
    void readsHeadersInAnyOrderAndSpacing() {
        String header =
                """
                {
                  "b" : {"shape": [1], "data_offsets": [4, 8], "dtype": "F32"},
                  "a" : {"data_offsets": [0, 4], "dtype": "I32", "shape": []}
                }\
                """;
        SafeTensors read = SafeTensors.open(RawFile.write(folder.resolve("a"), RawFile.bytes(header, 8)));
        assertEquals(List.of("a", "b"), read.tensors().stream().map(SafeTensors.Entry::name).toList());
        assertEquals(Map.of(), read.metadata());
    }

    @Test
    void readsAFileWithoutTensors() {
        Path file = RawFile.write(folder.resolve("a"), RawFile.bytes("{}", 0));
        assertEquals(List.of(), SafeTensors.open(file).tensors());
    }

    @Test
    void asksForTheRightNameAndType() {
        Path file = folder.resolve("a");
        SafeTensors.write(file, Map.of("w", floats(Shape.of(1), 1)), Map.of());
        SafeTensors read = SafeTensors.open(file);
        assertEquals(
                "checkpoint: " + file + ": no tensor v",
                assertThrows(NoSuchElementException.class, () -> read.floats("v")).getMessage());
        assertEquals(
                "checkpoint: " + file + ": tensor w is F32, not I32",
                assertThrows(IllegalArgumentException.class, () -> read.ints("w")).getMessage());
    }

    @Test
    void noticesThatTheFileWasReplaced() {
        Path file = folder.resolve("a");
        SafeTensors.write(file, Map.of("w", floats(Shape.of(1), 1)), Map.of("epoch", "1"));
        SafeTensors read = SafeTensors.open(file);
        SafeTensors.write(file, Map.of("w", floats(Shape.of(1), 2)), Map.of("epoch", "2"));
        assertEquals(
                "checkpoint: " + file + ": the file has changed since it was opened",
                assertThrows(ModelFileException.class, () -> read.floats("w")).getMessage());
    }

    @Test
    void namesAFileThatCannotBeRead() throws Exception {
        Path missing = folder.resolve("missing");
        assertEquals(
                "checkpoint: " + missing + ": no such file or folder",
                assertThrows(UncheckedIOException.class, () -> SafeTensors.open(missing)).getMessage());
        Path inner = Files.createDirectory(folder.resolve("inner"));
        assertEquals(
                "checkpoint: " + inner + ": not a regular file",
                assertThrows(UncheckedIOException.class, () -> SafeTensors.open(inner)).getMessage());
    }

    @Test
    void rejectsNamesAndTextsThatCannotBeWritten() {
        Path file = folder.resolve("a");
        Tensor w = floats(Shape.of(1), 1);
        assertEquals(
                "model file: " + file + ": a name or text has half a surrogate pair, which UTF-8 cannot hold",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> SafeTensors.write(file, Map.of("w\ud800", w), Map.of()))
                        .getMessage());
        assertEquals(
                "model file: " + file + ": no tensor can be named __metadata__",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> SafeTensors.write(file, Map.of("__metadata__", w), Map.of()))
                        .getMessage());
        assertFalse(Files.exists(file));
    }
}
