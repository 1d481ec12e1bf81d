package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.REFERENCE;
import static lamella.tck.tensor.Ops.assertVector;
import static lamella.tck.tensor.Ops.ints;
import static lamella.tck.tensor.Ops.misfit;
import static lamella.tck.tensor.Ops.rejects;
import static lamella.tck.tensor.Ops.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

class ParameterTest {
    private final Parameter bias = Parameter.of("net.bias", vector(1, 2), true);

    @Test
    void isANamedValue() {
        assertEquals("net.bias", bias.path());
        assertEquals(Shape.of(2), bias.shape());
        assertEquals("net.bias [2]", bias.toString());
        assertEquals("net.bias", bias.value().label());
        assertTrue(bias.trainable());
        assertFalse(Parameter.of("mean", vector(0), false).trainable());
    }

    @Test
    void copiesItsInitialValue() {
        Tensor initial = vector(1, 2);

        Parameter copy = Parameter.of("copy", initial, true);

        assertNotSame(initial.view().storage(), copy.value().view().storage());
    }

    @Test
    void staysTheSameObjectWhenItChanges() {
        Tensor before = bias.value();

        bias.assign(vector(3, 4));

        assertSame(before, bias.value());
        assertVector(before, 3, 4);
    }

    @Test
    void mayBeAssignedToItself() {
        bias.assign(bias.value());

        assertVector(bias.value(), 1, 2);
    }

    @Test
    void rejectsAnotherShape() {
        misfit(
                """
                assign: the parameter and its new value differ in shape
                  value    [3]
                  param    [2]                  net.bias\
                """,
                () -> bias.assign(vector(1, 2, 3)));
    }

    @Test
    void rejectsIds() {
        rejects("assign: net.bias must be float32, got int32", () -> bias.assign(ints(Shape.of(2), 1, 2)));
    }

    @Test
    void rejectsValuesOfAnotherBackend() {
        Tensor elsewhere = Tensor.zeros(ReferenceBackend.create(), Shape.of(2));

        rejects(
                "assign: the value is on backend 'reference' but net.bias is on 'reference'",
                () -> bias.assign(elsewhere));
    }

    @Test
    void rejectsValuesWhoseScopeClosed() {
        Tensor[] leaked = new Tensor[1];
        Memory.scope(() -> leaked[0] = Tensor.zeros(REFERENCE, Shape.of(2)));

        assertEquals(
                "assign: the value of net.bias is used after its memory scope closed",
                assertThrows(IllegalStateException.class, () -> bias.assign(leaked[0])).getMessage());
        assertVector(bias.value(), 1, 2);
    }

    @Test
    void valuesWithoutElementsChangeNothing() {
        bias.assign(Tensor.meta(MetaBackend.create(), DType.FLOAT32, Shape.of(2)));

        assertVector(bias.value(), 1, 2);
    }
}
