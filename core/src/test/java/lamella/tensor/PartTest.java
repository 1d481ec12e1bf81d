package lamella.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.MetaBackend;

import org.junit.jupiter.api.Test;

class PartTest {
    private final Tensor x = Tensor.meta(MetaBackend.create(), DType.FLOAT32, Shape.of(3, 4));

    private Tensor part(int start, int... dims) {
        return Op.apply(new LayoutOps.Part(start, Shape.of(dims)), x);
    }

    @Test
    void isTheSameStorageFurtherOn() {
        Tensor middle = part(2, 5, 2);

        assertEquals(Shape.of(5, 2), middle.shape());
        assertSame(x.view().storage(), middle.view().storage());
        assertEquals(2, middle.view().offset());
        assertEquals(3 + 2, Op.apply(new LayoutOps.Part(3, Shape.of(1)), middle).view().offset());
    }

    @Test
    void mayBeAllOrNothing() {
        assertEquals(Shape.of(12), part(0, 12).shape());
        assertEquals(Shape.of(0, 7), part(12, 0, 7).shape());
    }

    @Test
    void hasTheTypeOfTheWhole() {
        Tensor ids = Tensor.meta(MetaBackend.create(), DType.INT32, Shape.of(4));

        assertEquals(DType.INT32, Op.apply(new LayoutOps.Part(1, Shape.of(2)), ids).type());
    }

    @Test
    void liesInside() {
        assertMisfit("part: [2, 3] from element 7 on is outside the input", 7, 2, 3);
        assertMisfit("part: [1] from element -1 on is outside the input", -1, 1);
    }

    private void assertMisfit(String relation, int start, int... dims) {
        assertEquals(
                relation + "\n  input    [3, 4]",
                assertThrows(ShapeException.class, () -> part(start, dims)).getMessage());
    }
}
