package lamella.tck.nn;

import static lamella.nn.Layers.concatenate;
import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.elu;
import static lamella.nn.Layers.named;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.relu6;
import static lamella.nn.Layers.residual;
import static lamella.nn.Layers.selu;
import static lamella.nn.Layers.sequential;
import static lamella.nn.Layers.sigmoid;
import static lamella.nn.Layers.softmax;
import static lamella.nn.Layers.tanh;
import static lamella.tck.nn.Nets.REFERENCE;
import static lamella.tck.nn.Nets.model;
import static lamella.tck.nn.Nets.rejects;
import static lamella.tck.nn.Nets.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Finish;
import lamella.nn.Frozen;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.nn.StepLayer;
import lamella.tensor.Autograd;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class FrozenTest {
    /// y = scale · x + shift for each channel, 2 and −1 to begin with.
    private record Affine() implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            Shape channels = Shape.of(input.dim(0));
            return new Built(
                    scope.parameter("scale", channels, Initializer.constant(2)),
                    scope.parameter("shift", channels, Initializer.constant(-1)));
        }

        private record Built(Parameter scale, Parameter shift) implements StepLayer {
            @Override
            public Tensor forward(Tensor x) {
                int[] dims = new int[x.shape().rank() - 1];
                java.util.Arrays.fill(dims, 1);
                Shape each = Shape.of(dims).with(0, scale.shape().dim(0));
                return x.multiply(scale.value().reshape(each)).add(shift.value().reshape(each));
            }

            @Override
            public Optional<List<Finish>> finishes() {
                return Optional.of(List.of(new Finish.Scaled(scale.value().toFloats(), shift.value().toFloats())));
            }
        }

        @Override
        public String toString() {
            return "affine()";
        }
    }

    /// A layer that has never heard of frozen models.
    private record Negated() implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            return x -> x.negate();
        }

        @Override
        public String toString() {
            return "negated()";
        }
    }

    private static void assertSame(Model model, Tensor x) {
        assertArrayEquals(model.forward(x).toFloats(), model.freeze().forward(x).toFloats(), 1e-6f);
    }

    @Test
    void foldsAScaleIntoTheDenseLayerBefore() {
        Model model = model(sequential(dense(2), new Affine(), relu()), 2);
        model.state().get(0).assign(tensor(Shape.of(2, 2), 1, 2, 3, 4));
        model.state().get(1).assign(tensor(Shape.of(2), 5, -60));
        Frozen frozen = model.freeze();

        // 1·10 + 2·1 + 5 = 17, times 2 minus 1; 3·10 + 4·1 − 60 is negative
        assertArrayEquals(new float[] {33, 0}, frozen.forward(tensor(Shape.of(1, 2), 10, 1)).toFloats());
        assertEquals("net.dense1 = dense(2) + net.affine1 = affine() + net.relu1 = relu()", frozen.toString());
    }

    @Test
    void makesABiasWhereThereWasNone() {
        Model model = model(sequential(dense(1).withoutBias(), new Affine(), new Affine()), 1);
        model.state().get(0).assign(tensor(Shape.of(1, 1), 3));

        // 2·(2·3·x − 1) − 1
        assertArrayEquals(new float[] {12 * 5 - 3}, model.freeze().forward(tensor(Shape.of(1, 1), 5)).toFloats());
        assertEquals(1, model.freeze().toString().lines().count());
    }

    @Test
    void keepsWhatCannotBeFolded() {
        LayerSpec net =
                sequential(
                        new Affine(), // before the weight
                        dense(3),
                        relu(),
                        new Affine(), // behind a function
                        dense(3),
                        new Negated(), // unknown
                        relu(),
                        dense(3),
                        softmax()); // on an axis
        Model model = model(net, 3);
        assertEquals(
                """
                net.affine1 = affine()
                net.dense1 = dense(3) + net.relu1 = relu()
                net.affine2 = affine()
                net.dense2 = dense(3)
                net.negated1 = negated()
                net.relu2 = relu()
                net.dense3 = dense(3)
                net.softmax1 = softmax()\
                """,
                model.freeze().toString());
        assertSame(model, tensor(Shape.of(2, 3), 1, -2, 3, 0.5f, 0, -1));
    }

    /// Axis 1 of the output is then the step: as many steps as units make no difference.
    @Test
    void keepsAScaleOfStepsApartFromUnits() {
        Model model = model(sequential(dense(3), new Affine()), 3, 3);
        assertEquals(2, model.freeze().toString().lines().count());
        assertSame(model, tensor(Shape.of(1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9));
        Model withoutBias = model(sequential(dense(3).withoutBias(), new Affine()), 3, 3);
        assertEquals(2, withoutBias.freeze().toString().lines().count());
    }

    @Test
    void foldsEveryFunctionOfSingleElements() {
        for (LayerSpec function : List.of(relu(), relu6(), elu(0.5), selu(), tanh(), sigmoid())) {
            Model model = model(sequential(dense(4), function, function), 3);
            assertEquals(1, model.freeze().toString().lines().count(), function.toString());
            assertSame(model, tensor(Shape.of(2, 3), 9, -8, 7, 0.5f, 0, -1));
        }
    }

    @Test
    void foldsAcrossTheBordersOfContainers() {
        LayerSpec net =
                sequential(
                        sequential(dense(3)),
                        named("norm", new Affine()),
                        sequential(dropout(0.5), relu(), dense(2)),
                        concatenate(sequential(dense(2), relu()), relu(), dropout(0.5)),
                        dropout(0.5));
        Model model = model(net, 3);
        assertEquals(
                """
                net.sequential1.dense1 = dense(3) + net.norm = affine() + net.sequential2.relu1 = relu()
                net.sequential2.dense1 = dense(2)
                net.concatenate1 = concatenate(sequential(dense(2), relu()), relu(), dropout(0.5))\
                """,
                model.freeze().toString());
        assertSame(model, tensor(Shape.of(2, 3), 1, -2, 3, 0.5f, 0, -1));
    }

    @Test
    void computesASumWithTheLastLayerOfAWay() {
        LayerSpec body = sequential(dense(4), relu(), dense(3), new Affine());
        LayerSpec shortcut = sequential(dense(3), new Affine());
        for (LayerSpec block :
                List.of(
                        residual(body),
                        residual(body, shortcut),
                        residual(relu(), shortcut),
                        residual(dense(3)),
                        residual(dropout(0.5)),
                        residual(sequential(dense(3), tanh()), sequential(dense(3), relu())),
                        residual(new Negated()),
                        residual(residual(body), residual(body)))) {
            Model model = model(sequential(block, relu()), 3);
            assertSame(model, tensor(Shape.of(2, 3), 1, -2, 3, 0.5f, 0, -1));
        }
        assertEquals(1, model(sequential(residual(body), relu()), 3).freeze().toString().lines().count());
        assertEquals(2, model(sequential(residual(body), new Affine()), 3).freeze().toString().lines().count());
        assertEquals(2, model(sequential(residual(relu()), relu()), 3).freeze().toString().lines().count());
    }

    @Test
    void takesSequencesOfAnyLength() {
        LayerSpec block = residual(sequential(dense(2), tanh(), dense(2)));
        Model model = model(sequential(dense(2), relu(), block, relu()), 4, 3);
        Tensor values = tensor(Shape.of(2, 2, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9, Float.NaN, 0, 0);
        Sequences y = model.freeze().forward(Sequences.of(values, 2, 1));
        assertArrayEquals(new int[] {2, 1}, y.lengths().orElseThrow());
        float[] expected = model.forward(Sequences.of(values, 2, 1)).masked().toFloats();
        assertArrayEquals(expected, y.masked().toFloats(), 1e-6f);
        Sequences whole = Sequences.of(values.slice(0, 0, 1));
        assertArrayEquals(
                model.forward(whole).values().toFloats(), model.freeze().forward(whole).values().toFloats(), 1e-6f);
    }

    @Test
    void staysAsItWasAndLeavesTheModelAsItIs() {
        Model model = model(sequential(dense(2), new Affine(), new Negated(), new Affine(), dense(2)), 2);
        Tensor x = tensor(Shape.of(1, 2), 1, 2);
        float[] before = model.forward(x).toFloats();
        Frozen frozen = model.freeze();
        assertArrayEquals(before, model.forward(x).toFloats());
        assertEquals(8, model.parameters().size());
        for (Parameter parameter : model.state()) {
            parameter.assign(Tensor.zeros(REFERENCE, parameter.shape()));
        }
        assertArrayEquals(before, frozen.forward(x).toFloats(), 1e-6f);
    }

    @Test
    void outlivesTheMemoryScopeInWhichItWasMade() {
        Model model = model(sequential(dense(2), new Affine()), 2);
        var frozen = new Frozen[1];
        Memory.scope(() -> frozen[0] = model.freeze());
        Tensor x = tensor(Shape.of(1, 2), 1, 2);
        assertArrayEquals(model.forward(x).toFloats(), frozen[0].forward(x).toFloats(), 1e-6f);
    }

    @Test
    void isInInferenceAndAConstantInsideATrainingStep() {
        LayerSpec never = new Picky();
        Frozen frozen = model(sequential(dense(1), never, relu()), 1).freeze();
        Parameter weight = Nets.parameter("w", Shape.of(1, 1), 3);
        Tensor x = tensor(Shape.of(1, 1), 1);
        Tensor loss =
                Mode.train(
                        RandomSource.of(1),
                        () -> {
                            var gradients =
                                    Autograd.differentiate(
                                            List.of(weight),
                                            () -> {
                                                assertTrue(Mode.training());
                                                frozen.forward(Sequences.of(weight.value()));
                                                Tensor constant = frozen.forward(weight.value());
                                                assertTrue(Mode.training());
                                                return constant.add(weight.value()).sum();
                                            });
                            return gradients.of(weight);
                        });
        assertArrayEquals(new float[] {1}, loss.toFloats());
        assertFalse(Mode.training());
        assertEquals(Shape.of(1, 1), frozen.forward(x).shape());
    }

    /// Fails in training.
    private record Picky() implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            return x -> {
                if (Mode.training()) {
                    throw new IllegalStateException("in training");
                }
                return x;
            };
        }
    }

    @Test
    void rejectsOtherInputsAsTheModelDoes() {
        Model model = model(dense(2), 3);
        Frozen frozen = model.freeze();
        Tensor wrong = tensor(Shape.of(1, 2), 1, 2);
        var e = assertThrows(ShapeException.class, () -> frozen.forward(wrong));
        assertEquals("model: built for inputs [3], got a batch [1, 2]\n  input    [1, 2]", e.getMessage());
        Sequences sequences = Sequences.of(wrong);
        assertEquals(
                assertThrows(ShapeException.class, () -> model.forward(sequences)).getMessage(),
                assertThrows(ShapeException.class, () -> frozen.forward(sequences)).getMessage());
        assertEquals(Shape.of(3), frozen.input());
        assertEquals(Shape.of(2), frozen.output());
        assertEquals(REFERENCE, frozen.backend());
    }

    @Test
    void rejectsScalesThatDoNotFit() {
        rejects(
                "finish: there are 2 scales but 1 shifts",
                () -> new Finish.Scaled(new float[] {1, 2}, new float[] {1}));
    }
}
