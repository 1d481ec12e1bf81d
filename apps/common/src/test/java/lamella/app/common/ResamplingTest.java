package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class ResamplingTest {
    @Test
    void takesMeansWhereItShrinks() {
        // each new value lies between two old ones; the triangle reaches to the next but one of them
        float[] small = Resampling.scale(new float[] {0, 0, 8, 8}, 4, 1, 2, 1);
        assertArrayEquals(new float[] {8 * 0.25f / 1.75f, 8 * 1.5f / 1.75f}, small, 1e-6f);
    }

    @Test
    void interpolatesWhereItGrows() {
        assertArrayEquals(new float[] {0, 1, 3, 4}, Resampling.scale(new float[] {0, 4}, 2, 1, 4, 1), 1e-6f);
        assertArrayEquals(new float[] {0, 1, 3, 4}, Resampling.scale(new float[] {0, 4}, 1, 2, 1, 4), 1e-6f);
    }

    @Test
    void scalesEachAxisByItself() {
        float[] values = {1, 2, 3, 4, 5, 6}; // 3 x 2
        float[] scaled = Resampling.scale(values, 3, 2, 3, 4);
        assertArrayEquals(new float[] {1, 2, 3, 1.75f, 2.75f, 3.75f, 3.25f, 4.25f, 5.25f, 4, 5, 6}, scaled, 1e-6f);
        assertSame(values, Resampling.scale(values, 3, 2, 3, 2));
    }

    @Test
    void leavesWhatIsEvenEven() {
        float[] even = new float[7 * 5];
        Arrays.fill(even, 0.3f);
        for (int size : new int[] {1, 2, 5, 6, 7, 64}) {
            for (float value : Resampling.scale(even, 7, 5, size, 65 - size)) {
                assertEquals(0.3f, value, 1e-6f);
            }
        }
    }

    @Test
    void refusesWhatIsNoPlane() {
        var values = assertThrows(IllegalArgumentException.class, () -> Resampling.scale(new float[5], 3, 2, 1, 1));
        assertEquals("scale: 5 values, 3 x 2 to 1 x 1", values.getMessage());
        var size = assertThrows(IllegalArgumentException.class, () -> Resampling.scale(new float[6], 3, 2, 0, 1));
        assertEquals("scale: 6 values, 3 x 2 to 0 x 1", size.getMessage());
    }
}
