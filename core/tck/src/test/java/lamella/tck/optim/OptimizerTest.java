package lamella.tck.optim;

import static lamella.optim.Optimizers.adam;
import static lamella.optim.Optimizers.sgd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.optim.Optimizer;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Gradients;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

class OptimizerTest {
    private final ReferenceBackend backend = ReferenceBackend.create();
    private final Parameter weight = GivenGradients.parameter(backend, "net.dense1.weight", 1, 2);
    private final Parameter bias = GivenGradients.parameter(backend, "net.dense1.bias", 3);

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void stateHasPathsAndShapesOfTheParameters() {
        var optimizer = Optimizer.of(adam(0.1), List.of(weight, bias));
        assertEquals(
                List.of(
                        "optimizer.mean/net.dense1.weight [2]",
                        "optimizer.square/net.dense1.weight [2]",
                        "optimizer.mean/net.dense1.bias [1]",
                        "optimizer.square/net.dense1.bias [1]"),
                optimizer.state().stream().map(Parameter::toString).toList());
        for (Parameter slot : optimizer.state()) {
            assertFalse(slot.trainable());
            assertArrayEquals(new float[slot.shape().size()], slot.value().toFloats());
        }
        assertEquals(adam(0.1), optimizer.spec());
    }

    @Test
    void stateOutlivesTheMemoryScopeInWhichItWasMade() {
        var made = new ArrayList<Optimizer>();
        Memory.scope(() -> made.add(Optimizer.of(sgd(1).momentum(0.5), List.of(weight))));
        made.getFirst().step(GivenGradients.of(weight, 1, 1), 0.5f);
        assertArrayEquals(new float[] {1, 1}, made.getFirst().state().getFirst().value().toFloats());
    }

    @Test
    void changesEveryParameterAndCountsSteps() {
        var optimizer = Optimizer.of(sgd(1), List.of(bias, weight));
        assertEquals(0, optimizer.steps());
        optimizer.step(GivenGradients.of(List.of(weight, bias), List.of(new float[] {1, -1}, new float[] {4})), 0.5f);
        assertArrayEquals(new float[] {0.5f, 2.5f}, weight.value().toFloats());
        assertArrayEquals(new float[] {1}, bias.value().toFloats());
        assertEquals(1, optimizer.steps());
    }

    @Test
    void aStepAllocatesNothing() {
        var optimizer = Optimizer.of(adam(1), List.of(weight));
        Memory.scope(
                () -> {
                    Gradients gradients = GivenGradients.of(weight, 1, 1);
                    long live = backend.memory().live();
                    optimizer.step(gradients, 0.1f);
                    assertEquals(live, backend.memory().live());
                });
    }

    @Test
    void goesOnFromSavedStateWithTheSameBits() {
        var first = Optimizer.of(adam(0.1), List.of(weight));
        first.step(GivenGradients.of(weight, 1, -2), 0.1f);
        Parameter copy = Parameter.of(weight.path(), weight.value(), true);
        var second = Optimizer.of(adam(0.1), List.of(copy));
        second.steps(first.steps());
        for (int i = 0; i < first.state().size(); i++) {
            second.state().get(i).assign(first.state().get(i).value());
        }
        first.step(GivenGradients.of(weight, 3, 0.5f), 0.1f);
        second.step(GivenGradients.of(copy, 3, 0.5f), 0.1f);
        assertArrayEquals(backend.values(weight.value().view()), backend.values(copy.value().view()));
        assertEquals(2, second.steps());
    }

    @Test
    void missingGradientChangesNothing() {
        var optimizer = Optimizer.of(sgd(1), List.of(weight, bias));
        Gradients gradients = GivenGradients.of(weight, 1, 1);
        var e = assertThrows(NoSuchElementException.class, () -> optimizer.step(gradients, 0.5f));
        assertEquals("gradients: none for parameter net.dense1.bias", e.getMessage());
        assertArrayEquals(new float[] {1, 2}, weight.value().toFloats());
        assertEquals(0, optimizer.steps());
    }

    @Test
    void rejectsGradientsWhoseScopeClosed() {
        var optimizer = Optimizer.of(sgd(1), List.of(weight));
        var kept = new ArrayList<Gradients>();
        Memory.scope(() -> kept.add(GivenGradients.of(weight, 1, 1)));
        var e = assertThrows(IllegalStateException.class, () -> optimizer.step(kept.getFirst(), 0.5f));
        assertEquals(
                "optimizer: the gradient of net.dense1.weight is used after its memory scope" + " closed",
                e.getMessage());
    }

    @Test
    void rejectsBuffersAndRepeatedPaths() {
        var buffer = Parameter.of("net.mean", Tensor.zeros(backend, Shape.of(2)), false);
        assertEquals(
                "optimizer: net.mean is a buffer, not trainable",
                assertThrows(IllegalArgumentException.class, () -> Optimizer.of(sgd(1), List.of(buffer))).getMessage());
        assertEquals(
                "optimizer: two parameters have the path net.dense1.bias",
                assertThrows(IllegalArgumentException.class, () -> Optimizer.of(sgd(1), List.of(bias, bias)))
                        .getMessage());
    }

    @Test
    void rejectsBadRatesAndCounts() {
        var optimizer = Optimizer.of(sgd(1), List.of(weight));
        Gradients gradients = GivenGradients.of(weight, 1, 1);
        assertEquals(
                "optimizer: learningRate must be finite and at least 0, got NaN",
                assertThrows(IllegalArgumentException.class, () -> optimizer.step(gradients, Float.NaN)).getMessage());
        assertEquals(
                "optimizer: steps must be at least 0, got -1",
                assertThrows(IllegalArgumentException.class, () -> optimizer.steps(-1)).getMessage());
    }
}
