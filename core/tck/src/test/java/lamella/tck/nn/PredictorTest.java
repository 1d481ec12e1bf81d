package lamella.tck.nn;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.residual;
import static lamella.nn.Layers.sequential;
import static lamella.tck.nn.Nets.REFERENCE;
import static lamella.tck.nn.Nets.model;
import static lamella.tck.nn.Nets.rejects;
import static lamella.tck.nn.Nets.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.nn.Frozen;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.nn.Predictor;
import lamella.nn.Scope;
import lamella.tck.ReferenceBackend;
import lamella.tensor.CustomOp;
import lamella.tensor.Memory;
import lamella.tensor.Plan;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.UnaryOperator;

class PredictorTest {
    /// Any function of a batch, as a layer.
    private record Made(UnaryOperator<Tensor> function) implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            return function::apply;
        }
    }

    private static void assertSameForEveryBatch(LayerSpec net) {
        Frozen frozen = model(net, 3).freeze();
        Predictor two = frozen.predictor(2);
        float[] actual = new float[2 * frozen.output().size()];
        for (float step : new float[] {1, -2, 0, 0.5f}) {
            float[] in = {step, 2, -3, 4 * step, -5, 6};
            two.predict(in, actual);
            assertArrayEquals(frozen.forward(tensor(Shape.of(2, 3), in)).toFloats(), actual);
        }
    }

    @Test
    void answersOneBatchAfterTheOther() {
        assertSameForEveryBatch(sequential(dense(4), relu(), residual(dense(4)), relu(), dense(2)));
        assertSameForEveryBatch(sequential());
    }

    /// Shapes, constants made on the way, and what is computed from constants alone.
    @Test
    void repeatsWhatALayerMakesOfItsInput() {
        assertSameForEveryBatch(new Made(x -> x.reshape(Shape.of(x.shape().dim(0), 3, 1)).reverse(1).flatten(1)));
        assertSameForEveryBatch(
                new Made(
                        x -> {
                            Tensor zeros = Tensor.zeros(x.backend(), x.shape());
                            return x.greaterThan(zeros.add(0.25f)).select(x, x.multiply(x));
                        }));
        assertSameForEveryBatch(new Made(x -> Tensor.custom(new Doubled(), x).add(x)));
    }

    private record Doubled() implements CustomOp {
        @Override
        public String name() {
            return "doubled";
        }

        @Override
        public Tensor forward(List<Tensor> operands) {
            return operands.getFirst().multiply(2);
        }

        @Override
        public List<Tensor> gradient(Tensor outputGradient, List<Tensor> operands, Tensor result) {
            return List.of(outputGradient.multiply(2));
        }
    }

    /// What happens on the host is no operation: such a net is run as ever.
    @Test
    void runsALayerThatLooksAtElements() {
        assertSameForEveryBatch(new Made(x -> x.multiply(onHost(x))));
        Tensor x = tensor(Shape.of(2), 3, 4);
        assertTrue(Plan.of(x, t -> t.multiply(t.toFloats()[0])).isEmpty());
        assertTrue(Plan.of(x, t -> t.add(Tensor.of(REFERENCE, Shape.of(2), 5, 6).toFloats()[1])).isPresent());
        assertTrue(Plan.of(x, t -> t.add(RandomSource.of(1).uniform(REFERENCE, Shape.of(2), 0, 1))).isEmpty());
    }

    private static float onHost(Tensor x) {
        return x.backend() instanceof MetaBackend ? 1 : x.toFloats()[0];
    }

    @Test
    void takesIds() {
        LayerSpec lookup =
                new LayerSpec() {
                    @Override
                    public Layer build(Scope scope, Shape input) {
                        Tensor table = scope.constant("table", Shape.of(3, 1), () -> new float[] {7, 8, 9});
                        return new Layer() {
                            @Override
                            public Tensor forward(Tensor x) {
                                return table.gather(x);
                            }

                            @Override
                            public DType inputType() {
                                return DType.INT32;
                            }
                        };
                    }

                    @Override
                    public String kind() {
                        return "lookup";
                    }
                };
        Predictor one = model(sequential(lookup), 2).freeze().predictor(1);
        float[] out = new float[2];
        one.predict(new int[] {2, 0}, out);
        assertArrayEquals(new float[] {9, 7}, out);
        rejects("predict: the net takes ids, got numbers", () -> one.predict(new float[2], out));
    }

    @Test
    void allocatesNothingOnTheBackendAfterItWasMade() {
        try (ReferenceBackend backend = ReferenceBackend.create()) {
            Model model = Model.build(sequential(dense(4), relu(), dense(2)), Shape.of(3), backend, 1);
            var predictor = new Predictor[1];
            Memory.scope(() -> predictor[0] = model.freeze().predictor(1));
            long before = backend.memory().allocations();
            long live = backend.memory().live();
            predictor[0].predict(new float[3], new float[2]);
            assertEquals(before, backend.memory().allocations());
            assertEquals(live, backend.memory().live());
        }
    }

    @Test
    void rejectsArraysOfOtherLengths() {
        Frozen frozen = model(dense(2), 3).freeze();
        Predictor four = frozen.predictor(4);
        assertEquals(4, four.batch());
        rejects("predict: 4 inputs [3] take 12 elements, got 3", () -> four.predict(new float[3], new float[8]));
        rejects(
                "predict: 4 outputs [2] give 8 elements, but there is room for 2",
                () -> four.predict(new float[12], new float[2]));
        rejects("predict: the net takes numbers, got ids", () -> four.predict(new int[12], new float[8]));
        rejects("predictor: batch must be at least 1, got 0", () -> frozen.predictor(0));
    }
}
