package lamella.tck.nn;

import static lamella.nn.Layers.dropout;
import static lamella.tck.nn.Nets.REFERENCE;
import static lamella.tck.nn.Nets.model;
import static lamella.tck.nn.Nets.rejects;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import lamella.array.Shape;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.tck.LayerTck;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class DropoutTest extends LayerTck {
    private static final Tensor ONES = Tensor.full(REFERENCE, Shape.of(100, 100), 1);

    @Override
    protected Facts facts() {
        return new Facts(dropout(0.2f), "dropout(0.2)", Shape.of(3, 4), Shape.of(3, 4), List.of());
    }

    private static Tensor train(RandomSource random) {
        Model model = model(dropout(0.2f), 100);
        return Mode.train(random, () -> model.forward(ONES));
    }

    @Test
    void dropsAtItsRateAndScalesTheRest() {
        float[] y = train(RandomSource.of(4)).toFloats();
        int dropped = 0;
        for (float value : y) {
            if (value == 0) {
                dropped++;
            } else {
                assertEquals(1.25f, value, 1e-6f);
            }
        }

        // 2000 of 10000 are expected; the deviation is √(10000 · 0.2 · 0.8) = 40
        assertEquals(2000, dropped, 4 * 40);
    }

    @Test
    void dependsOnTheStepsRandomNumbersAlone() {
        float[] y = train(RandomSource.of(4)).toFloats();
        RandomSource random = RandomSource.of(4);

        assertArrayEquals(y, train(random).toFloats());
        assertFalse(Arrays.equals(y, train(random).toFloats()));
        assertFalse(Arrays.equals(y, train(RandomSource.of(5)).toFloats()));
    }

    @Test
    void doesNothingOutsideTraining() {
        assertSame(ONES, model(dropout(0.2f), 100).forward(ONES));
    }

    @Test
    void aRateOfZeroDrawsNoNumbers() {
        RandomSource random = RandomSource.of(4);
        Model model = model(dropout(0), 100);

        assertSame(ONES, Mode.train(random, () -> model.forward(ONES)));
        assertEquals(0, random.position());
    }

    @Test
    void rejectsRatesOutsideTheirRange() {
        rejects("dropout: rate must be in [0, 1), got 1.0", () -> dropout(1));
        rejects("dropout: rate must be in [0, 1), got -0.5", () -> dropout(-0.5f));
        rejects("dropout: rate must be in [0, 1), got NaN", () -> dropout(Float.NaN));
    }
}
