package lamella.tck.io;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.named;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.io.ModelFileException;
import lamella.io.SpecJson;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

class SpecJsonTest {
    @TempDir Path folder;
    private final LayerCatalog catalog = LayerCatalog.installed();

    private LayerSpec read(String json) throws IOException {
        return SpecJson.read(Files.writeString(folder.resolve("net.json"), json), catalog);
    }

    private void assertRejected(String message, String json) {
        var e = assertThrows(ModelFileException.class, () -> read(json));
        assertEquals("net description: " + folder.resolve("net.json") + ": " + message, e.getMessage());
    }

    @Test
    void readsALayer() throws IOException {
        assertEquals(dense(10), read("{\"layer\": \"dense\", \"units\": 10}"));
    }

    @Test
    void readsASequence() throws IOException {
        assertEquals(
                sequential(dense(10).withoutBias(), relu()),
                read(
                        """
                        {"layers": [
                            {"layer": "dense", "units": 10, "bias": false},
                            {"layer": "relu"}
                        ]}
                        """));
    }

    @Test
    void readsWhatItWrote() {
        LayerSpec net =
                sequential(named("first", dense(10)), relu(), sequential(dropout(0.1f), dense(3).withoutBias()));
        assertEquals(net, SpecJson.parse("here", SpecJson.text(net, catalog), catalog));
        Path file = folder.resolve("net.json");
        SpecJson.write(file, net, catalog);
        assertEquals(net, SpecJson.read(file, catalog));
    }

    @Test
    void writesALineForEachField() {
        assertEquals(
                """
                {
                  "layer" : "sequential",
                  "layers" : [
                    {
                      "layer" : "dense",
                      "units" : 10,
                      "bias" : true
                    }
                  ]
                }
                """,
                SpecJson.text(sequential(dense(10)), catalog));
    }

    @Test
    void namesPositionAndField() {
        assertRejected(
                "layers[1]: dense: field 'units' is missing",
                "{\"layers\": [{\"layer\": \"relu\"}, {\"layer\": \"dense\"}]}");
        assertRejected(
                "layers[0]: layers[0]: dense: units must be a whole number, got 'ten'",
                "{\"layers\": [{\"layer\": \"sequential\", \"layers\":"
                        + " [{\"layer\": \"dense\", \"units\": \"ten\"}]}]}");
        assertRejected("sequential: layers[0] must be a layer, got 3", "{\"layers\": [3]}");
        assertRejected(
                "dense: unknown field 'unit'; expected [units, bias]",
                "{\"layer\": \"dense\", \"units\": 1, \"unit\": 2}");
        assertRejected("layer: field 'layer' must name a kind of layer, got null", "{\"units\": 10}");
        assertRejected("no layer named 'swoosh'; on the module path: " + catalog.names(), "{\"layer\": \"swoosh\"}");
        assertRejected("must be an object such as {\"layers\": [...]}", "[]");
    }

    @Test
    void namesLineAndColumnOfASyntaxError() {
        assertRejected(
                "line 3, column 3: Unexpected character ('\"' (code 34)): was expecting comma to"
                        + " separate Object entries",
                "{\n  \"layer\": \"dense\"\n  \"units\": 10\n}");
        assertRejected("line 2, column 1: more text after the value", "{\"layer\": \"relu\"}\n{}");
        assertRejected(
                "line 1, column 26: Duplicate Object property \"layer\"", "{\"layer\": \"relu\", \"layer\": \"tanh\"}");
        assertRejected("the text is empty", "");
    }

    @Test
    void readsNoOtherEncodingAndNoHugeFile() throws IOException {
        Path file = folder.resolve("net.json");
        Files.write(file, new byte[] {'{', '"', (byte) 0xe4, '"', '}'});
        assertEquals(
                "net description: " + file + ": not UTF-8 at byte 2",
                assertThrows(ModelFileException.class, () -> SpecJson.read(file, catalog)).getMessage());
        Files.write(file, new byte[(16 << 20) + 1]);
        assertEquals(
                "net description: " + file + ": has 16777217 bytes, more than 16777216",
                assertThrows(ModelFileException.class, () -> SpecJson.read(file, catalog)).getMessage());
    }

    @Test
    void namesFilesThatCannotBeReadOrWritten() {
        Path missing = folder.resolve("missing.json");
        assertEquals(
                "net description: " + missing + ": no such file or folder",
                assertThrows(UncheckedIOException.class, () -> SpecJson.read(missing, catalog)).getMessage());
        assertEquals(
                "net description: " + folder + ": is a folder",
                assertThrows(UncheckedIOException.class, () -> SpecJson.write(folder, relu(), catalog)).getMessage());
    }

    @Test
    void deepNestingIsRejected() {
        String deep = "{\"layers\": [".repeat(300) + "]}".repeat(300);
        assertRejected("Document nesting depth (201) exceeds the maximum allowed (200)", deep);
    }
}
