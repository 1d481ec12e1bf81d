package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.assertVector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.List;

class MemoryTest {
    private final ReferenceBackend backend = ReferenceBackend.create();

    private Tensor vector(float... elements) {
        return Tensor.of(backend, Shape.of(elements.length), elements);
    }

    private long live() {
        return backend.memory().live();
    }

    private static void fails(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalStateException.class, body).getMessage());
    }

    @Test
    void releasesWhatAScopeComputed() {
        Tensor x = vector(1, 2, 3);

        Memory.scope(
                () -> {
                    x.exp().add(x);
                    assertEquals(3 * 3 * 4, live());
                });

        assertEquals(3 * 4, live());
        assertVector(x, 1, 2, 3);
    }

    @Test
    void releasesAfterAnError() {
        fails(
                "no",
                () ->
                        Memory.scope(
                                () -> {
                                    vector(1, 2);
                                    throw new IllegalStateException("no");
                                }));

        assertEquals(0, live());
    }

    @Test
    void keepsWhatItIsTold() {
        Tensor[] kept = new Tensor[1];

        Memory.scope(() -> kept[0] = Memory.keep(vector(1, 2).multiply(3)));

        assertVector(kept[0], 3, 6);
        assertEquals(2 * 4, live());
    }

    @Test
    void keepsTheResult() {
        Tensor y = Memory.scopeKeeping(() -> vector(1, 2).add(vector(3, 4)).sum());

        assertEquals(10, y.item());
        assertEquals(4, live());
    }

    @Test
    void keepingALookKeepsTheElements() {
        Tensor y = Memory.scopeKeeping(() -> vector(1, 2).add(1).reshape(Shape.of(2, 1)));

        assertVector(y.flatten(0), 2, 3);
        assertEquals(2 * 4, live());
    }

    @Test
    void keepingWhatWasThereBeforeChangesNothing() {
        Tensor x = vector(1, 2);

        Memory.scope(() -> Memory.keep(x));

        assertVector(Memory.keep(x), 1, 2);
    }

    @Test
    void theInnerScopeGivesToTheOuter() {
        Tensor[] kept = new Tensor[1];

        Memory.scope(
                () -> {
                    Memory.scope(() -> kept[0] = Memory.keep(vector(1, 2)));
                    assertVector(kept[0], 1, 2);
                    assertEquals(2 * 4, live());
                });

        assertEquals(0, live());
        fails("exp: operand 0 [2] is used after its memory scope closed", () -> kept[0].exp());
    }

    @Test
    void theInnerScopeLeavesTheOuterAlone() {
        Memory.scope(
                () -> {
                    Tensor outer = vector(1, 2);
                    Memory.scope(() -> outer.add(1));
                    assertVector(outer, 1, 2);
                });
    }

    @Test
    void useAfterTheScopeNamesTheOperation() {
        Tensor[] leaked = new Tensor[1];
        Memory.scope(() -> leaked[0] = vector(1, 2, 3));
        Tensor x = vector(1, 2, 3);

        fails("multiply: operand 1 [3] is used after its memory scope closed", () -> x.multiply(leaked[0]));
        fails("reshape: operand 0 [3] is used after its memory scope closed", () -> leaked[0].reshape(Shape.of(3, 1)));
        fails("read: tensor [3] is used after its memory scope closed", () -> leaked[0].toFloats());
    }

    @Test
    void parametersBelongToNoScope() {
        Parameter[] made = new Parameter[1];

        Memory.scope(() -> made[0] = Parameter.of("p", vector(1, 2), true));

        assertVector(made[0].value(), 1, 2);
        assertEquals(2 * 4, live());
    }

    @Test
    void aStepAllocatesNothingOnceItIsWarm() {
        Parameter p = Parameter.of("p", vector(1, 2, 3), true);
        Runnable step =
                () ->
                        Memory.scope(
                                () -> {
                                    Gradients gradients =
                                            Autograd.differentiate(List.of(p), () -> p.value().tanh().square().sum());
                                    p.assign(p.value().subtract(gradients.of(p).multiply(0.1f)));
                                });
        step.run();
        long allocations = backend.memory().allocations();
        long live = live();

        for (int i = 0; i < 5; i++) {
            step.run();
        }

        assertEquals(allocations, backend.memory().allocations());
        assertEquals(live, live());
    }

    @Test
    void aKeptLossKeepsNothingElse() {
        Parameter p = Parameter.of("p", vector(1, 2, 3), true);

        long before = live();
        Tensor loss =
                Memory.scopeKeeping(() -> Autograd.differentiate(List.of(p), () -> p.value().square().sum()).result());

        assertEquals(14, loss.item());
        assertEquals(before + 4, live());
    }
}
