package lamella.tck.nn;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.named;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;
import static lamella.nn.Layers.tanh;
import static lamella.tck.nn.Nets.REFERENCE;
import static lamella.tck.nn.Nets.model;
import static lamella.tck.nn.Nets.rejects;
import static lamella.tck.nn.Nets.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import lamella.array.Shape;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.nn.Scope;
import lamella.tck.LayerTck;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class SequentialTest extends LayerTck {
    @Override
    protected Facts facts() {
        double first = 1 / Math.sqrt(3);
        double second = 1 / Math.sqrt(4);
        return new Facts(
                sequential(dense(4), tanh(), named("head", dense(2))),
                "sequential(dense(4), tanh(), named(\"head\", dense(2)))",
                Shape.of(3),
                Shape.of(2),
                List.of(
                        State.parameter("dense1.weight", Shape.of(4, 3), -first, first),
                        State.parameter("dense1.bias", Shape.of(4), -first, first),
                        State.parameter("head.weight", Shape.of(2, 4), -second, second),
                        State.parameter("head.bias", Shape.of(2), -second, second)));
    }

    @Test
    void runsOneAfterTheOther() {
        Model model = model(sequential(dense(1).withoutBias(), relu(), dense(1)), 2);
        model.state().get(0).assign(tensor(Shape.of(1, 2), 1, -2));
        model.state().get(1).assign(tensor(Shape.of(1, 1), 10));
        model.state().get(2).assign(tensor(Shape.of(1), 0.5f));

        Tensor y = model.forward(tensor(Shape.of(2, 2), 5, 1, 1, 5));

        assertArrayEquals(new float[] {30.5f, 0.5f}, y.toFloats());
    }

    @Test
    void withoutLayersItIsTheIdentity() {
        Tensor x = tensor(Shape.of(1, 2), 3, 4);

        assertArrayEquals(new float[] {3, 4}, model(sequential(), 2).forward(x).toFloats());
    }

    /// A layer that fits when it is built but not for larger batches.
    private record OneExample() implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            return x -> x.reshape(input.prepend(1));
        }

        @Override
        public String toString() {
            return "oneExample()";
        }
    }

    @Test
    void anErrorWhileRunningNamesThePlace() {
        Model model = model(sequential(dense(4), named("only", new OneExample())), 3);

        rejects(
                """
                reshape: 8 elements do not fill [1, 4], which has 4
                  input    [2, 4]
                  at net.only = oneExample()\
                """,
                () -> model.forward(Tensor.zeros(REFERENCE, Shape.of(2, 3))));
    }

    /// Counts how often it is built and run on this backend.
    private record Counting(AtomicInteger runs) implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            return x -> {
                if (x.backend() instanceof ReferenceBackend) {
                    runs.incrementAndGet();
                }
                return x;
            };
        }
    }

    @Test
    void aWrongModelFailsBeforeAnyArithmetic() {
        var runs = new AtomicInteger();
        var backend = ReferenceBackend.create();
        LayerSpec wrong = sequential(dense(1000), new Counting(runs), new TwoAxes(), dense(3));

        rejects(
                """
                matmul: operands must both have rank 2 or both rank 3, got 2 and 1
                  left     [1, 1000]          (M, K)
                  right    [3]
                  at net.twoAxes1 = twoAxes()\
                """,
                () -> Model.build(wrong, Shape.of(100), backend, 1));

        assertEquals(0, runs.get());
        assertEquals(0, backend.memory().peak());
    }

    /// A layer that never fits.
    private record TwoAxes() implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            return x -> x.matmul(x.sum(0).slice(0, 0, 3));
        }

        @Override
        public String toString() {
            return "twoAxes()";
        }
    }

    @Test
    void initialValuesDependOnSeedAndPathAlone() {
        float[] head = weight(model(sequential(named("head", dense(4))), 5), "net.head.weight");
        Model longer = model(sequential(dense(5), relu(), named("head", dense(4))), 5);

        assertArrayEquals(head, weight(longer, "net.head.weight"));
        Model other = Model.build(sequential(named("head", dense(4))), Shape.of(5), REFERENCE, 2);
        assertFalse(Arrays.equals(head, weight(other, "net.head.weight")));
        assertFalse(Arrays.equals(head, Arrays.copyOf(weight(longer, "net.dense1.weight"), head.length)));
    }

    private static float[] weight(Model model, String path) {
        return model.state().stream().filter(p -> p.path().equals(path)).findFirst().orElseThrow().value().toFloats();
    }
}
