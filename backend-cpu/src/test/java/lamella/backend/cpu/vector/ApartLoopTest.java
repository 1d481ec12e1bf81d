package lamella.backend.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ApartLoopTest {
    @Test
    void runsItsLoop() {
        var loop =
                ApartLoop.of(
                        (x, xi, out, oi, n) -> {
                            out[oi] = x[xi] * n;
                            return n - 1;
                        });
        float[] out = new float[4];
        assertEquals(6, loop.run(new float[] {0, 2}, 1, out, 3, 7));
        assertArrayEquals(new float[] {0, 0, 0, 14}, out);
    }

    @Test
    void passesOnWhatItsLoopThrows() {
        var problem = new IndexOutOfBoundsException("no element 9");
        var loop =
                ApartLoop.of(
                        (x, xi, out, oi, n) -> {
                            throw problem;
                        });
        float[] none = {};
        assertSame(problem, assertThrows(IndexOutOfBoundsException.class, () -> loop.run(none, 0, none, 0, 0)));
    }
}
