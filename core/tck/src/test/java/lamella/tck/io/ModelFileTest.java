package lamella.tck.io;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;
import static lamella.optim.Optimizers.adam;
import static lamella.optim.Optimizers.sgd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.io.ModelFile;
import lamella.io.ModelFileException;
import lamella.io.SafeTensors;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.optim.Optimizer;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class ModelFileTest {
    private static final LayerSpec NET = sequential(dense(3), relu(), dense(2).withoutBias());

    @TempDir Path folder;
    private final ReferenceBackend backend = ReferenceBackend.create();
    private final LayerCatalog catalog = LayerCatalog.installed();

    @AfterEach
    void close() {
        backend.close();
    }

    private Model model(LayerSpec spec, long seed) {
        return Model.build(spec, Shape.of(4), backend, seed);
    }

    private Path saved(Model model, List<Parameter> more) {
        Path file = folder.resolve("net.safetensors");
        ModelFile.save(file, model, catalog, more, Map.of("epoch", "3"));
        return file;
    }

    private static void assertRejected(String message, Executable body) {
        assertEquals(message, assertThrows(ModelFileException.class, body).getMessage());
    }

    @Test
    void holdsRecipeInputAndMetadata() {
        ModelFile read = ModelFile.open(saved(model(NET, 1), List.of()));
        assertEquals(NET, read.spec(catalog));
        assertEquals(Shape.of(4), read.input());
        assertEquals(
                Map.of(
                        "epoch", "3",
                        "lamella.format", "1",
                        "lamella.input", "[4]",
                        "lamella.spec",
                                "{\"layer\":\"sequential\",\"layers\":["
                                        + "{\"layer\":\"dense\",\"units\":3,\"bias\":true},"
                                        + "{\"layer\":\"relu\"},"
                                        + "{\"layer\":\"dense\",\"units\":2,\"bias\":false}]}"),
                read.metadata());
        assertEquals(
                List.of("net.dense1.bias", "net.dense1.weight", "net.dense2.weight"),
                read.tensors().tensors().stream().map(SafeTensors.Entry::name).toList());
    }

    @Test
    void rebuildsTheModelWithTheSameOutput() {
        Model model = model(NET, 1);
        Model read = ModelFile.open(saved(model, List.of())).model(catalog, backend);
        Tensor x = Tensor.of(backend, Shape.of(1, 4), 1, -2, 3, 0.5f);
        assertArrayEquals(model.forward(x).toFloats(), read.forward(x).toFloats());
        assertEquals(
                model.state().stream().map(Parameter::toString).toList(),
                read.state().stream().map(Parameter::toString).toList());
    }

    @Test
    void savedTwiceGivesTheSameBytes() {
        Model model = model(NET, 1);
        byte[] first = RawFile.read(saved(model, List.of()));
        Model read = ModelFile.open(folder.resolve("net.safetensors")).model(catalog, backend);
        assertArrayEquals(first, RawFile.read(saved(read, List.of())));
    }

    @Test
    void trainingGoesOnWithTheSameBits() {
        Model straight = model(NET, 1);
        var optimizer = Optimizer.of(adam(0.1), straight.parameters());
        step(straight, optimizer);
        Path file = saved(straight, optimizer.state());

        ModelFile checkpoint = ModelFile.open(file);
        Model resumed = checkpoint.model(catalog, backend);
        var again = Optimizer.of(adam(0.1), resumed.parameters());
        checkpoint.restore(again.state());
        again.steps(optimizer.steps());
        // What was saved was rounded to float32, the reference backend keeps double.
        checkpoint.restore(straight.state());
        checkpoint.restore(optimizer.state());

        step(straight, optimizer);
        step(resumed, again);
        for (int i = 0; i < straight.state().size(); i++) {
            assertArrayEquals(
                    backend.values(straight.state().get(i).value().view()),
                    backend.values(resumed.state().get(i).value().view()));
        }
    }

    private void step(Model model, Optimizer optimizer) {
        Tensor x = Tensor.of(backend, Shape.of(2, 4), 1, 2, 3, 4, -1, 0.5f, 2, 1);
        optimizer.step(Autograd.differentiate(model.parameters(), () -> model.forward(x).square().sum()), 0.1f);
    }

    @Test
    void aModelOfItsOwnKindIsSavedByItsParameters() {
        Model model = model(NET, 1);
        Path file = folder.resolve("own");
        ModelFile.save(file, model.state(), Map.of("kind", "captioning"));
        ModelFile read = ModelFile.open(file);
        Model other = model(NET, 2);
        read.restore(other.state());
        assertArrayEquals(model.state().getFirst().value().toFloats(), other.state().getFirst().value().toFloats());
        assertRejected(
                "checkpoint: " + file + ": holds no net; its metadata has no lamella.spec", () -> read.spec(catalog));
        assertRejected("checkpoint: " + file + ": holds no net; its metadata has no lamella.input", read::input);
    }

    @Test
    void otherShapeIsNamed() {
        ModelFile read = ModelFile.open(saved(model(NET, 1), List.of()));
        Model wider = Model.build(NET, Shape.of(5), backend, 2);
        float[] before = wider.state().get(1).value().toFloats();
        assertRejected(
                "checkpoint: net.dense1.weight is [3, 4] in the file but [3, 5] in the model",
                () -> read.restore(wider.state()));
        assertArrayEquals(before, wider.state().get(1).value().toFloats());
    }

    @Test
    void missingAndSurplusTensorsAreNamed() {
        ModelFile read = ModelFile.open(saved(model(NET, 1), List.of()));
        assertRejected(
                "checkpoint: net.dense2.bias is in the model but not in the file",
                () -> read.restore(model(sequential(dense(3), relu(), dense(2)), 2).state()));
        assertRejected(
                "checkpoint: net.dense2.weight is in the file but not in the model",
                () -> read.restore(model(dense1(), 2).state()));
        assertRejected(
                "checkpoint: net.dense1.bias, net.dense2.weight are in the file but not in the" + " model",
                () -> read.restore(model(dense1WithoutBias(), 2).state()));
        var optimizer = Optimizer.of(sgd(1).momentum(0.5), model(NET, 2).parameters());
        assertRejected(
                "checkpoint: optimizer.velocity/net.dense1.weight,"
                        + " optimizer.velocity/net.dense1.bias,"
                        + " optimizer.velocity/net.dense2.weight are in the model but not in the"
                        + " file",
                () -> read.restore(optimizer.state()));
    }

    private static LayerSpec dense1() {
        return sequential(dense(3));
    }

    private static LayerSpec dense1WithoutBias() {
        return sequential(dense(3).withoutBias());
    }

    @Test
    void manyNamesAreCutShort() {
        LayerSpec[] layers = new LayerSpec[10];
        Arrays.fill(layers, dense(4).withoutBias());
        ModelFile read = ModelFile.open(saved(model(sequential(dense(4)), 1), List.of()));
        assertRejected(
                "checkpoint: net.dense2.weight, net.dense3.weight, net.dense4.weight,"
                        + " net.dense5.weight, net.dense6.weight, net.dense7.weight,"
                        + " net.dense8.weight, net.dense9.weight and 1 more are in the model but"
                        + " not in the file",
                () -> read.restore(model(sequential(layers), 1).state()));
    }

    @Test
    void optimizerStateIsLeftAloneWithoutAnOptimizer() {
        Model model = model(NET, 1);
        var optimizer = Optimizer.of(adam(1), model.parameters());
        ModelFile read = ModelFile.open(saved(model, optimizer.state()));
        assertEquals(9, read.tensors().tensors().size());
        read.model(catalog, backend);
    }

    @Test
    void integersAreNoParameters() {
        Path file = folder.resolve("ints");
        SafeTensors.write(file, Map.of("net.w", Tensor.ofInts(backend, Shape.of(1), 1)), Map.of("lamella.format", "1"));
        var w = Parameter.of("net.w", Tensor.zeros(backend, Shape.of(1)), true);
        assertRejected(
                "checkpoint: net.w is I32 in the file but F32 in the model",
                () -> ModelFile.open(file).restore(List.of(w)));
    }

    private ModelFile withMetadata(Map<String, String> metadata) {
        Path file = folder.resolve("handmade");
        SafeTensors.write(file, Map.of("net.weight", Tensor.zeros(backend, Shape.of(2, 4))), metadata);
        return ModelFile.open(file);
    }

    @Test
    void formatIsChecked() {
        Path file = folder.resolve("handmade");
        assertRejected(
                "checkpoint: " + file + ": no model file; its metadata has no lamella.format",
                () -> withMetadata(Map.of()));
        assertRejected(
                "checkpoint: " + file + ": lamella.format is '2', but only '1' can be read",
                () -> withMetadata(Map.of("lamella.format", "2")));
    }

    private void assertModelRejected(String message, String input, String spec) {
        ModelFile read =
                withMetadata(
                        Map.of(
                                "lamella.format", "1",
                                "lamella.input", input,
                                "lamella.spec", spec));
        assertRejected(
                "checkpoint: " + folder.resolve("handmade") + ": " + message, () -> read.model(catalog, backend));
    }

    @Test
    void recipeIsChecked() {
        assertModelRejected(
                "lamella.spec: no layer named 'swoosh'; on the module path: " + catalog.names(),
                "[4]",
                "{\"layer\": \"swoosh\"}");
        assertModelRejected(
                "lamella.spec: layers[1]: dense: units must be at least 1, got 0",
                "[4]",
                "{\"layers\": [{\"layer\": \"relu\"}, {\"layer\": \"dense\", \"units\": 0}]}");
        assertModelRejected(
                "lamella.spec: line 1, column 2: Unexpected end-of-input: expected close marker" + " for Object",
                "[4]",
                "{");
        assertModelRejected(
                "lamella.input must be a list of extents, got 4",
                "4",
                "{\"layer\": \"dense\", \"units\": 2, \"bias\": false}");
        assertModelRejected(
                "lamella.input must be a list of extents, got [4.5]",
                "[4.5]",
                "{\"layer\": \"dense\", \"units\": 2, \"bias\": false}");
        assertModelRejected(
                "lamella.input: shape: extent -4 at axis 0 of [-4] is negative",
                "[-4]",
                "{\"layer\": \"dense\", \"units\": 2, \"bias\": false}");
        assertModelRejected(
                "lamella.spec: dense: input must have at least one axis besides the batch",
                "[]",
                "{\"layer\": \"dense\", \"units\": 2, \"bias\": false}");
    }

    @Test
    void hugeRecipeIsRejectedBeforeMemoryIsAllocated() {
        ModelFile read =
                withMetadata(
                        Map.of(
                                "lamella.format", "1",
                                "lamella.input", "[4]",
                                "lamella.spec", "{\"layer\": \"dense\", \"units\": 500000000," + " \"bias\": false}"));
        long peak = backend.memory().peak();
        assertRejected(
                "checkpoint: net.weight is [2, 4] in the file but [500000000, 4] in the model",
                () -> read.model(catalog, backend));
        assertEquals(peak, backend.memory().peak());
    }

    @Test
    void savingChecksNamesAndKeys() {
        Model model = model(NET, 1);
        Path file = folder.resolve("never");
        assertEquals(
                "model file: metadata key 'lamella.spec' is taken by the format",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ModelFile.save(file, model, catalog, List.of(), Map.of("lamella.spec", "")))
                        .getMessage());
        assertEquals(
                "model file: two parameters have the path net.dense1.weight",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ModelFile.save(file, model, catalog, model.state(), Map.of()))
                        .getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void textsOfAnyLanguageComeBack() {
        String vocabulary = "[\"größe\", \"\u65e5\u672c\", \"\ud83d\ude00\", \"\\u0000\"]";
        Path file = folder.resolve("texts");
        ModelFile.save(file, model(NET, 1), catalog, List.of(), Map.of("words", vocabulary));
        assertEquals(vocabulary, ModelFile.open(file).metadata().get("words"));
        assertEquals(
                vocabulary.getBytes(StandardCharsets.UTF_8).length,
                ModelFile.open(file).metadata().get("words").getBytes(StandardCharsets.UTF_8).length);
    }
}
