package lamella.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.DType;
import lamella.array.Shape;

import org.junit.jupiter.api.Test;

class ViewTest {
    private final Backend meta = MetaBackend.create();
    private final Storage storage = meta.allocate(DType.INT32, 24);

    @Test
    void coversAStorage() {
        View view = View.of(storage, Shape.of(2, 3, 4));

        assertEquals(DType.INT32, view.type());
        assertEquals(24, view.size());
        assertEquals(4, view.dim(-1));
        assertEquals(0, view.offset());
    }

    @Test
    void rejectsARangeOutsideTheStorage() {
        assertEquals(
                "view: [4, 5] at offset 5 is outside a storage of 24 elements",
                assertThrows(IllegalArgumentException.class, () -> new View(storage, 5, Shape.of(4, 5))).getMessage());
        assertEquals(
                "view: [2] at offset -1 is outside a storage of 24 elements",
                assertThrows(IllegalArgumentException.class, () -> new View(storage, -1, Shape.of(2))).getMessage());
    }

    @Test
    void reshapesToTheSameSizeOnly() {
        View view = new View(storage, 4, Shape.of(2, 3));

        assertEquals(new View(storage, 4, Shape.of(6)), view.reshape(Shape.of(6)));
        assertEquals(
                "view: [2, 3] does not have the size of [7]",
                assertThrows(IllegalArgumentException.class, () -> view.reshape(Shape.of(7))).getMessage());
    }

    @Test
    void picksRowsWithoutCopying() {
        View view = new View(storage, 2, Shape.of(3, 2, 3));

        assertEquals(new View(storage, 8, Shape.of(2, 2, 3)), view.rows(1, 2));
        assertEquals(new View(storage, 20, Shape.of(0, 2, 3)), view.rows(3, 0));
    }

    @Test
    void aStorageIsReleasedOnce() {
        meta.release(storage);

        assertTrue(storage.released());
        assertEquals(
                "storage: released twice",
                assertThrows(IllegalStateException.class, () -> meta.release(storage)).getMessage());
    }
}
