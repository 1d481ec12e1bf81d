package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.REFERENCE;
import static lamella.tck.tensor.Ops.assertElements;
import static lamella.tck.tensor.Ops.counting;
import static lamella.tck.tensor.Ops.ints;
import static lamella.tck.tensor.Ops.misfit;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.rejects;
import static lamella.tck.tensor.Ops.tensor;
import static lamella.tck.tensor.Ops.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class TensorTest {
    @Test
    void isMadeFromElements() {
        assertElements(tensor(Shape.of(2, 1), 3, 4), Shape.of(2, 1), 3, 4);
        assertElements(tensor(Shape.scalar(), 5), Shape.scalar(), 5);
        assertElements(tensor(Shape.of(0, 4)), Shape.of(0, 4));
        assertArrayEquals(new int[] {3, -4}, ints(Shape.of(2), 3, -4).toInts());
    }

    @Test
    void isMadeFromAPartOfAnArray() {
        assertElements(Tensor.of(REFERENCE, Shape.of(2), new float[] {1, 2, 3, 4}, 1), Shape.of(2), 2, 3);
        assertArrayEquals(new int[] {3, 4}, Tensor.ofInts(REFERENCE, Shape.of(2), new int[] {1, 2, 3, 4}, 2).toInts());
    }

    @Test
    void changesIntsOnTheHost() {
        Tensor x = ints(Shape.of(3), 1, 2, 3);
        assertArrayEquals(new int[] {2, 4, 6}, x.mapInts(all -> IntStream.of(all).map(i -> 2 * i).toArray()).toInts());
        assertArrayEquals(new int[] {1, 2, 3}, x.toInts());
        misfit("tensor: 2 elements do not fill [3], which has 3", () -> x.mapInts(_ -> new int[2]));
        Tensor shape = Tensor.meta(MetaBackend.create(), DType.INT32, Shape.of(3));
        assertSame(shape, shape.mapInts(_ -> new int[0]));
    }

    @Test
    void isMadeFromOneNumber() {
        assertElements(Tensor.zeros(REFERENCE, Shape.of(2)), Shape.of(2), 0, 0);
        assertElements(Tensor.full(REFERENCE, Shape.of(1, 2), 7), Shape.of(1, 2), 7, 7);
    }

    @Test
    void rejectsAnotherNumberOfElements() {
        misfit("tensor: 3 elements do not fill [2, 2], which has 4", () -> tensor(Shape.of(2, 2), 1, 2, 3));
        misfit("tensor: 2 elements do not fill [], which has 1", () -> ints(Shape.scalar(), 1, 2));
    }

    @Test
    void itemReadsTheOnlyElement() {
        assertEquals(5, tensor(Shape.of(1, 1), 5).item());
        misfit(
                """
                item: the tensor has 2 elements, not 1
                  input    [2]                  net.bias\
                """,
                () -> parameter("net.bias", 2).value().item());
    }

    @Test
    void isReadAsItsOwnTypeOnly() {
        rejects("read: tensor [2] is FLOAT32, not INT32", () -> vector(1, 2).toInts());
        rejects("read: tensor [1] is INT32, not FLOAT32", () -> ints(Shape.of(1), 1).toFloats());
        rejects("read: tensor [1] is INT32, not FLOAT32", () -> ints(Shape.of(1), 1).item());
    }

    @Test
    void saysWhatItIs() {
        assertEquals("float32 [2, 3] on reference", counting(2, 3).toString());
        assertEquals("int32 [1] on reference", ints(Shape.of(1), 1).toString());
        assertEquals("net.bias float32 [2] on reference", parameter("net.bias", 2).value().toString());
        assertEquals(DType.INT32, ints(Shape.of(1), 1).type());
        assertSame(REFERENCE, counting(1).backend());
        assertEquals("", counting(1).label());
    }

    @Test
    void whatTouchesMetaIsMeta() {
        MetaBackend meta = MetaBackend.create();
        Tensor shape = Tensor.meta(meta, DType.FLOAT32, Shape.of(4, 3));
        Tensor real = counting(2, 3);

        assertEquals("float32 [4, 2] on meta", shape.linear(real).toString());
        assertEquals("float32 [2, 4] on meta", real.linear(shape).toString());
        assertEquals("float32 [6, 3] on meta", Tensor.concatenate(0, real, shape).toString());
        assertEquals("float32 [4, 3] on meta", shape.add(1).relu().toString());
    }

    @Test
    void rejectsAPartOutsideTheArray() {
        float[] five = new float[5];

        misfit(
                "tensor: [2, 2] takes 4 elements from 3 on, but the array has 5",
                () -> Tensor.of(REFERENCE, Shape.of(2, 2), five, 3));
        misfit(
                "tensor: [2, 2] takes 4 elements from -1 on, but the array has 5",
                () -> Tensor.of(REFERENCE, Shape.of(2, 2), five, -1));
        misfit(
                "tensor: [2] takes 2 elements from 0 on, but the array has 1",
                () -> Tensor.ofInts(REFERENCE, Shape.of(2), new int[1], 0));
    }
}
