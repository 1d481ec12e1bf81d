package lamella.nn;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.named;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.MetaBackend;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;

/// What a model shows without any arithmetic.
class ModelTest {
    private final MetaBackend meta = MetaBackend.create();

    private Model build(LayerSpec spec, int... input) {
        return Model.build(spec, Shape.of(input), meta, 1);
    }

    private static List<String> paths(List<Parameter> parameters) {
        return parameters.stream().map(Parameter::toString).toList();
    }

    @Test
    void namesLayersByKindAndNumber() {
        Model model = build(sequential(dense(4), relu(), dense(3)), 5);

        assertEquals(
                List.of(
                        "net.dense1.weight [4, 5]",
                        "net.dense1.bias [4]",
                        "net.dense2.weight [3, 4]",
                        "net.dense2.bias [3]"),
                paths(model.parameters()));
        assertEquals(Shape.of(3), model.output());
        assertEquals(Shape.of(5), model.input());
    }

    @Test
    void namedLayersHaveTheirNames() {
        Model model =
                build(
                        named(
                                "mlp",
                                sequential(
                                        dense(4).withoutBias(),
                                        named("head", dense(3).withoutBias()),
                                        dense(2).withoutBias())),
                        5);

        assertEquals(
                List.of("mlp.dense1.weight [4, 5]", "mlp.head.weight [3, 4]", "mlp.dense2.weight [2, 3]"),
                paths(model.parameters()));
    }

    @Test
    void nestedLayersHaveNestedPaths() {
        Model model = build(sequential(sequential(dense(2)), named("b", sequential(dense(2)))), 3);

        assertEquals(
                List.of(
                        "net.sequential1.dense1.weight [2, 3]",
                        "net.sequential1.dense1.bias [2]",
                        "net.b.dense1.weight [2, 2]",
                        "net.b.dense1.bias [2]"),
                paths(model.parameters()));
    }

    @Test
    void aSingleLayerIsAModel() {
        assertEquals(List.of("net.weight [2, 3]", "net.bias [2]"), paths(build(dense(2), 3).state()));
        assertEquals(Shape.of(7), build(sequential(), 7).output());
    }

    @Test
    void rejectsANameUsedTwice() {
        assertEquals(
                "scope: 'net.head' is made twice",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> build(sequential(named("head", dense(2)), named("head", dense(2))), 3))
                        .getMessage());
    }

    @Test
    void aLayerThatDoesNotFitIsNamedWithItsPlace() {
        LayerSpec needsTwoAxes =
                new LayerSpec() {
                    @Override
                    public Layer build(Scope scope, Shape input) {
                        return x -> x.sum(2);
                    }

                    @Override
                    public String kind() {
                        return "total";
                    }

                    @Override
                    public String toString() {
                        return "total()";
                    }
                };

        ShapeException e =
                assertThrows(ShapeException.class, () -> build(named("mlp", sequential(dense(4), needsTwoAxes)), 3));

        assertEquals(
                """
                sum: axis 2 is outside an input of rank 2
                  input    [1, 4]
                  at mlp.total1 = total()\
                """,
                e.getMessage());
    }

    @Test
    void denseNeedsAnAxis() {
        assertEquals(
                """
                dense: input must have at least one axis besides the batch
                  input    []                 (one example)
                  at net.dense1 = dense(4)\
                """,
                assertThrows(ShapeException.class, () -> build(sequential(dense(4)))).getMessage());
    }

    @Test
    void rejectsBatchesOfAnotherShape() {
        Model model = build(dense(2), 3);
        Tensor wrong = Tensor.meta(meta, DType.FLOAT32, Shape.of(8, 4));

        assertEquals(
                """
                model: built for inputs [3], got a batch [8, 4]
                  input    [8, 4]\
                """,
                assertThrows(ShapeException.class, () -> model.forward(wrong)).getMessage());
        Tensor single = Tensor.meta(meta, DType.FLOAT32, Shape.of(3));
        assertEquals(
                """
                model: built for inputs [3], got a batch [3]
                  input    [3]\
                """,
                assertThrows(ShapeException.class, () -> model.forward(single)).getMessage());
    }

    @Test
    void takesAnyBatchSize() {
        Model model = build(sequential(flatten(), dense(2)), 3, 4);

        for (int batch : new int[] {0, 1, 7}) {
            Tensor x = Tensor.meta(meta, DType.FLOAT32, Shape.of(batch, 3, 4));
            assertEquals(Shape.of(batch, 2), model.forward(x).shape());
        }
    }

    @Test
    void printsAsTheCodeThatMakesIt() {
        assertEquals(
                "sequential(flatten(), named(\"hidden\", dense(512)), relu(), dropout(0.2),"
                        + " dense(10).withoutBias())",
                sequential(flatten(), named("hidden", dense(512)), relu(), dropout(0.2f), dense(10).withoutBias())
                        .toString());
    }

    @Test
    void summaryHasARowForEachLayer() {
        Model model = build(named("mlp", sequential(flatten(), dense(8), relu(), dense(10))), 3, 4);
        Summary summary = model.summary();

        assertEquals(8 * 12 + 8 + 10 * 8 + 10, summary.parameters());
        assertEquals(8 * 12 + 10 * 8, summary.multiplyAdds());
        assertEquals(4 * (12 + 8 + 8 + 10), summary.activationBytes());
        assertEquals(
                """
                layer         spec       output             parameters  multiply-adds
                input                    [3, 4]
                mlp.flatten1  flatten()  [12]                        0              0
                mlp.dense1    dense(8)   [8]                       104             96
                mlp.relu1     relu()     [8]                         0              0
                mlp.dense2    dense(10)  [10]                       90             80
                total: 194 parameters, 176 multiply-adds and 152 bytes of activations per example\
                """,
                summary.toString().replace(System.lineSeparator(), "\n").replaceAll(" +\n", "\n"));
    }

    @Test
    void summaryGroupsDigits() {
        Summary summary = build(dense(1000), 2000).summary();

        assertEquals(
                "total: 2,001,000 parameters, 2,000,000 multiply-adds and 4,000 bytes of" + " activations per example",
                summary.toString().lines().toList().getLast());
    }
}
